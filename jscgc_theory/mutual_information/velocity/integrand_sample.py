r"""The integrands of I, d and h_d, sampled over pairs, times and noises.

Per unit of ``lambda = log(t/(1-t))`` the losses are ``(1-t)^2 |u - v|^2 = gamma |x_0 - x_hat|^2``,
bounded in the mean, with ``gamma = ((1-t)/t)^2`` and ``x_hat = x_t - t v``.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.special import expit

from jscgc_theory.mutual_information.velocity.field import SourcePairs, VelocityField, ask_field
from jscgc_theory.mutual_information.velocity.noise_design import NoiseDesign, draw_design

_NUMBERS_PER_CALL = 2**22
_ROWS_PER_CALL = 2**16
_N_INTEGRANDS = 5

Draws = Float[NDArray[np.float64], "n_pairs n_draws"]


class LawTest(NamedTuple):
    """What tells whether v_u belongs to the law of the data."""

    residual_projection: Draws
    """``gamma <x_0 - x_hat_u, x_hat_u - E x>``, of mean zero if it does."""
    denoised_power: Draws
    """``gamma |x_hat_u - E x|^2``."""


@dataclass(frozen=True)
class IntegrandSample:
    """Integrands per unit of lambda, in nats, one for each pair and draw."""

    log_odds: Draws
    weight: Draws
    """Stretch of lambda each draw stands for; a pair's weights add to the length of the range."""
    unconditional: Draws
    """``(1-t)^2 |u - v_u|^2``."""
    conditional: Draws
    """``(1-t)^2 |u - v_c|^2``."""
    squared: Draws
    """``(1-t)^2 |v_c - v_u|^2``."""
    law_test: LawTest | None
    """None where only losses are known."""
    lambda_range: tuple[float, float]

    @property
    def loss_gap(self) -> Draws:
        """``(1-t)^2 (|u - v_u|^2 - |u - v_c|^2)``."""
        return self.unconditional - self.conditional


def sample_integrands(
    field: VelocityField,
    pairs: SourcePairs,
    lambda_range: tuple[float, float],
    n_draws: int,
    rng: np.random.Generator,
) -> IntegrandSample:
    """Ask a field along the path of every pair, with common noise for both conditions.

    Args:
        field: The velocity field.
        pairs: Pairs; without y_hat the conditional field stands equal to the unconditional one.
        lambda_range: Smallest and largest lambda.
        n_draws: Draws for each pair, a power of two.
        rng: Source of randomness.

    Returns:
        The sample.

    Raises:
        InputError: If the field's answers are unusable.
    """
    centre = pairs.x.mean(axis=0)
    log_odds = np.empty((pairs.n_pairs, n_draws))
    found = np.empty((_N_INTEGRANDS, pairs.n_pairs, n_draws))
    rows_per_call = min(_ROWS_PER_CALL, _NUMBERS_PER_CALL // pairs.x_dim)
    step = max(1, rows_per_call // n_draws)
    for start in range(0, pairs.n_pairs, step):
        batch = pairs.take(slice(start, start + step))
        design = draw_design(batch.n_pairs, n_draws, pairs.x_dim, lambda_range, rng)
        rows = _ask_along_paths(field, batch, design, centre)
        log_odds[start : start + step] = design.log_odds
        found[:, start : start + step] = rows.reshape(_N_INTEGRANDS, -1, n_draws)
    weight = np.full_like(log_odds, (lambda_range[1] - lambda_range[0]) / n_draws)
    unconditional, conditional, squared, projection, power = found
    return IntegrandSample(
        log_odds,
        weight,
        unconditional,
        conditional,
        squared,
        LawTest(projection, power),
        lambda_range,
    )


def _ask_along_paths(
    field: VelocityField,
    pairs: SourcePairs,
    design: NoiseDesign,
    centre: Float[NDArray[np.float64], " x_dim"],
) -> Float[NDArray[np.float64], "5 n_rows"]:
    n_draws = design.log_odds.shape[1]
    x = np.repeat(pairs.x, n_draws, axis=0)
    noise = design.noise.reshape(x.shape)
    t, signal = expit(design.log_odds.ravel()), expit(-design.log_odds.ravel())
    x_t = signal[:, None] * x + t[:, None] * noise
    v_u = ask_field(field, x_t, t, None)
    v_c = v_u
    if pairs.y_hat is not None:
        v_c = ask_field(field, x_t, t, np.repeat(pairs.y_hat, n_draws, axis=0))
    u = noise - x
    denoised = x_t - t[:, None] * v_u - centre
    # gamma <x_0 - x_hat, h> with x_0 - x_hat = t (v - u): one factor t stays in gamma.
    projection = signal**2 / t * np.einsum("ij,ij->i", v_u - u, denoised)
    power = (signal / t) ** 2 * _squares(denoised)
    weight = signal**2
    losses = [weight * _squares(difference) for difference in (u - v_u, u - v_c, v_c - v_u)]
    return np.stack([*losses, projection, power])


def _squares(
    rows: Float[NDArray[np.float64], "n x_dim"],
) -> Float[NDArray[np.float64], " n"]:
    return np.asarray(np.einsum("ij,ij->i", rows, rows))
