"""The optimisers of a system and their learning rate."""

import math
from collections.abc import Mapping

import torch
from torch import nn
from torch.optim import Optimizer

from jscgc_model.training.settings import TrainingSettings

_BETAS = (0.9, 0.99)
_LEAST_SIDE = 32
"""Below it a matrix reads or makes data rather than hidden states."""


def make_optimisers(
    parameters: Mapping[str, nn.Parameter], settings: TrainingSettings
) -> list[Optimizer]:
    """Return the optimisers of the parameters that learn.

    Args:
        parameters: Parameters by name.
        settings: Which optimiser, and its weight decay.

    Returns:
        AdamW, or Muon for the hidden matrices and AdamW for the rest.

    References:
        Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024; Liu et
        al., "Muon is scalable for LLM training", 2025, whose match to AdamW's step is used.
    """
    hidden: list[nn.Parameter] = []
    rest: list[nn.Parameter] = []
    for name, parameter in parameters.items():
        if not parameter.requires_grad:
            continue
        by_muon = settings.optimiser == "muon" and _is_hidden(name, parameter)
        (hidden if by_muon else rest).append(parameter)
    rate, decay = settings.learning_rate, settings.weight_decay
    made: list[Optimizer] = []
    if hidden:
        made.append(
            torch.optim.Muon(hidden, rate, weight_decay=decay, adjust_lr_fn="match_rms_adamw")
        )
    if rest:
        made.append(torch.optim.AdamW(rest, rate, betas=_BETAS, weight_decay=decay))
    return made


def learning_rate(step: int, settings: TrainingSettings) -> float:
    """Return the learning rate of a step: a linear warm-up, then half a cosine.

    Args:
        step: Number of the step, from 0.
        settings: Highest rate, length of warm-up and run, what is left at the end.

    Returns:
        The rate.
    """
    warm = min(1.0, (step + 1) / (settings.n_warmup_steps + 1))
    progress = min(1.0, step / max(1, settings.n_steps - 1))
    left = settings.final_learning_rate_share
    cosine = left + (1.0 - left) * 0.5 * (1.0 + math.cos(math.pi * progress))
    return settings.learning_rate * warm * cosine


def _is_hidden(name: str, parameter: nn.Parameter) -> bool:
    """Tell whether a parameter is a matrix between hidden states; embeddings are AdamW's."""
    is_matrix = parameter.dim() == 2 and min(parameter.shape) >= _LEAST_SIDE
    return is_matrix and "embed" not in name
