"""Flow matching with condition dropout, weighted as the information integral weighs its errors."""

import math
from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from jscgc_theory.mutual_information.fields.settings import TrainingSettings
from jscgc_theory.mutual_information.fields.velocity_network import VelocityNetwork

_WARM_UP_STEPS = 100
# Norm at which the gradient is cut, for each root of a dimension; ordinary steps stay below it.
_GRADIENT_NORM = 5.0
_BETAS = (0.9, 0.99)

Progress = Callable[[float], None]


def train_network(
    network: VelocityNetwork,
    x: Float[NDArray[np.float64], "n_pairs x_dim"],
    y_hat: Float[NDArray[np.float64], "n_pairs y_dim"],
    settings: TrainingSettings,
    generator: torch.Generator,
    progress: Progress | None = None,
) -> None:
    """Train a network by AdamW, its step a short rise and then a cosine fall to zero.

    Args:
        network: Changed in place.
        x: Points.
        y_hat: Conditions.
        settings: Length of the training.
        generator: Draws batches and noise.
        progress: Told the finished fraction.
    """
    points, outputs = torch.as_tensor(x), torch.as_tensor(y_hat)
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=settings.learning_rate, betas=_BETAS, weight_decay=0.0
    )
    largest_norm = _GRADIENT_NORM * math.sqrt(points.shape[1])
    for step in range(settings.n_steps):
        for group in optimiser.param_groups:
            group["lr"] = settings.learning_rate * _share_of_rate(step, settings.n_steps)
        rows = torch.randint(len(points), (settings.batch_size,), generator=generator)
        loss = information_loss(network, points[rows], outputs[rows], generator)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(network.parameters(), largest_norm)
        optimiser.step()
        if progress is not None:
            progress((step + 1) / settings.n_steps)
    network.requires_grad_(False)


def information_loss(
    network: VelocityNetwork, x: Tensor, y_hat: Tensor, generator: torch.Generator
) -> Tensor:
    """Return ``(1-t)^2 |u - v|^2`` averaged over lambda, ``lambda = log(t/(1-t))`` uniform.

    ``(1-t)(u - v) = noise - n``. Its two halves, with and without condition, differ by the
    information per unit of lambda. The levels of a batch are stratified.

    Args:
        network: The network.
        x: Points, shape (n, x_dim).
        y_hat: Conditions, shape (n, y_dim).
        generator: Draws noise and levels.

    Returns:
        A number.
    """
    n_rows = len(x)
    levels = network.shape.noise_range
    strata = torch.randperm(n_rows, generator=generator) + torch.rand(n_rows, generator=generator)
    place = strata[:, None] / n_rows
    sigma = torch.exp(levels.log_low + (levels.log_high - levels.log_low) * place)
    noise = torch.randn(x.shape, generator=generator)
    z = x + sigma * noise
    half = n_rows // 2 if y_hat.shape[1] else n_rows
    errors = [(network.noise(z[:half], sigma[:half], None) - noise[:half]).square()]
    if half < n_rows:
        shown = network.noise(z[half:], sigma[half:], y_hat[half:])
        errors.append((shown - noise[half:]).square())
    return torch.cat(errors).sum(dim=1).mean()


def _share_of_rate(step: int, n_steps: int) -> float:
    rise = min(1.0, (step + 1) / min(_WARM_UP_STEPS, n_steps))
    return rise * 0.5 * (1.0 + math.cos(math.pi * step / n_steps))
