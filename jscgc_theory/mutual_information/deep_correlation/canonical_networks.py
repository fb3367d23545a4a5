"""Two networks whose outputs are made as correlated as they can be."""

import copy
import math
from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_

from jscgc_theory.mutual_information.critics.perceptron import perceptron
from jscgc_theory.mutual_information.deep_correlation.settings import DeepCCASettings

WEIGHT_DECAY = 0.1
AVERAGING_RATE = 0.02
"""Validation sees the exponential average of the weights over about 50 steps."""
LARGEST_GRADIENT_NORM = 1.0
STEPS_BETWEEN_LOOKS = 50
RIDGE = 1e-4
"""Added to the variances, 1 after standardisation: correlations stay below 1 by as much."""

Scores = Float[Tensor, "_ _"]
"""One row a point; the two sides have components of their own."""


class CanonicalNetworks(nn.Module):
    """f and g, of ``max_dim`` outputs each.

    Args:
        n_x: Columns of the scores of x.
        n_y: Columns of the scores of y.
        settings: Widths.
        generator: Draws the first weights.
    """

    def __init__(
        self, n_x: int, n_y: int, settings: DeepCCASettings, generator: torch.Generator
    ) -> None:
        super().__init__()
        inner = settings.hidden_sizes
        self.of_x = perceptron([n_x, *inner, settings.max_dim], generator)
        self.of_y = perceptron([n_y, *inner, settings.max_dim], generator)

    def forward(self, x: Scores, y: Scores) -> Float[Tensor, ""]:
        """Return :func:`gaussian_information_nats` of f(x) and g(y)."""
        return gaussian_information_nats(self.of_x(x), self.of_y(y))


def gaussian_information_nats(
    f: Float[Tensor, "n_pairs dim"], g: Float[Tensor, "n_pairs dim"]
) -> Float[Tensor, ""]:
    """Return the information of a Gaussian pair with the covariance of these pairs.

    -1/2 sum log(1 - rho_i^2) over the canonical correlations rho_i, as
    (log det S_f + log det S_g - log det S) / 2.

    Args:
        f: Functions of x.
        g: Functions of y.

    Returns:
        Nats, differentiable.

    References:
        Andrew, Arora, Bilmes, Livescu. Deep canonical correlation analysis. ICML 2013.
    """
    joint = torch.cat([f, g], dim=1)
    joint = joint - joint.mean(dim=0)
    joint = joint / (joint.std(dim=0) + RIDGE)
    covariance = joint.T @ joint / (len(joint) - 1)
    covariance = covariance + RIDGE * torch.eye(len(covariance), device=joint.device)
    dim = f.shape[1]
    parts = torch.logdet(covariance[:dim, :dim]) + torch.logdet(covariance[dim:, dim:])
    return 0.5 * (parts - torch.logdet(covariance))


def train_networks(
    networks: CanonicalNetworks,
    train: tuple[Scores, Scores],
    validation: tuple[Scores, Scores],
    settings: DeepCCASettings,
    generator: torch.Generator,
    progress: Callable[[float], None],
) -> tuple[CanonicalNetworks, int]:
    """Train two networks and keep those that do best on validation pairs.

    Args:
        networks: The networks, changed in place.
        train: Scores of training pairs.
        validation: Scores of the pairs that choose.
        settings: How long and in what steps.
        generator: Draws the batches.
        progress: Told the finished share of the steps.

    Returns:
        The best average seen, and the step at which it stood.
    """
    average, best, best_value, best_step = copy.deepcopy(networks), networks, -math.inf, 0
    parameters = list(networks.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=settings.learning_rate, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings.n_steps)
    size = min(settings.batch_size, len(train[0]))
    for step in range(1, settings.n_steps + 1):
        rows = torch.randint(len(train[0]), (size,), generator=generator).to(train[0].device)
        loss = -networks(train[0][rows], train[1][rows])
        optimizer.zero_grad()
        loss.backward()
        clip_grad_norm_(parameters, LARGEST_GRADIENT_NORM)
        optimizer.step()
        schedule.step()
        _move_towards(average, networks)
        if step % STEPS_BETWEEN_LOOKS == 0 or step == settings.n_steps:
            progress(step / settings.n_steps)
            value = _value(average, validation)
            if value > best_value:
                best, best_value, best_step = copy.deepcopy(average), value, step
    return best.eval(), best_step


@torch.no_grad()
def _value(networks: CanonicalNetworks, pairs: tuple[Scores, Scores]) -> float:
    return float(networks(*pairs))


@torch.no_grad()
def _move_towards(average: nn.Module, current: nn.Module) -> None:
    for kept, new in zip(average.parameters(), current.parameters(), strict=True):
        kept.lerp_(new, AVERAGING_RATE)
