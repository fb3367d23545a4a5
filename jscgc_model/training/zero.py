"""ZeRO-2 and ZeRO-3 by DeepSpeed, for clusters that run it; ``shards.py`` needs torch alone."""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import torch
from torch import Tensor, nn

from jscgc_model.training.activation_recomputation import checkpoint_gradients
from jscgc_model.training.optimisers import make_optimisers
from jscgc_model.training.run_state import learning_parameters
from jscgc_model.training.settings import TrainingSettings
from jscgc_theory.errors import InputError

ZERO_STAGES = (2, 3)


def deepspeed_config(
    stage: int, settings: TrainingSettings, *, n_processes: int
) -> dict[str, Any]:
    """Return the configuration of DeepSpeed for a training, from the file for its stage.

    Learning weights stay in single precision, as in one process; mixed precision is torch's own,
    so that frozen weights may have a precision of their own.

    Args:
        stage: 2 shares gradients and optimiser states, 3 the weights too.
        settings: How the system is trained.
        n_processes: Processes that share each batch.

    Returns:
        The configuration, for ``deepspeed.initialize``.

    Raises:
        InputError: If the stage is another, or the processes cannot share a batch evenly.
    """
    if stage not in ZERO_STAGES:
        raise InputError(f"stage = {stage} of ZeRO is not supported; give 2 or 3")
    if settings.batch_size % n_processes:
        raise InputError(
            f"batch_size = {settings.batch_size} cannot be shared by {n_processes} processes; "
            "give a multiple"
        )
    file = files("jscgc_model.training") / "deepspeed_configs" / f"zero{stage}.json"
    config: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    config["train_micro_batch_size_per_gpu"] = settings.batch_size // n_processes
    config["gradient_clipping"] = settings.largest_gradient_norm
    if settings.precision == "bf16":
        config["torch_autocast"] = {"enabled": True, "dtype": "bfloat16"}
    return config


def zero_engine(system: nn.Module, settings: TrainingSettings, *, stage: int) -> Any:
    """Return a system under DeepSpeed: call it for losses, then its ``backward`` and ``step``.

    Args:
        system: A system with an adapter; what learns is said by its parameters.
        settings: How it is trained; the optimiser must be AdamW.
        stage: 2 or 3.

    Returns:
        DeepSpeed's engine.

    Raises:
        InputError: If the settings do not fit.
    """
    if settings.optimiser != "adamw":
        raise InputError(
            f"optimiser = {settings.optimiser!r} needs whole matrices, which ZeRO cuts; give "
            "'adamw'"
        )
    # DeepSpeed takes seconds to import and builds kernels.
    import deepspeed

    n_processes = torch.distributed.get_world_size()
    config = deepspeed_config(stage, settings, n_processes=n_processes)
    learning = learning_parameters(system)
    (optimiser,) = make_optimisers(learning, settings)
    checkpoint_gradients(system, settings.gradient_checkpointing)
    system.get_submodule("adapter").register_forward_hook(_without_numbered_keys)
    engine, *_ = deepspeed.initialize(
        model=system,
        model_parameters=list(learning.values()),
        optimizer=optimiser,
        config=config,
    )
    return engine


class _ByLayer(Mapping[int, Tensor]):
    """Residuals by layer; DeepSpeed takes the keys of any dictionary for names."""

    def __init__(self, residuals: Mapping[int, Tensor]) -> None:
        self._residuals = residuals

    def __getitem__(self, layer: int) -> Tensor:
        return self._residuals[layer]

    def __iter__(self) -> Iterator[int]:
        return iter(self._residuals)

    def __len__(self) -> int:
        return len(self._residuals)


def _without_numbered_keys(module: nn.Module, inputs: Any, residuals: Any) -> _ByLayer:
    return _ByLayer(residuals)
