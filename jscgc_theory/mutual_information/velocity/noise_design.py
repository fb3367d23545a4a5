r"""Where a field is asked: times and noises of low variance, unbiased for every pair by itself.

lambda and the length of the noise come from a scrambled Sobol' set, shifted at random for each
pair; the directions of the noise are the columns of random orthogonal matrices, each followed by
its opposite at the next lambda. Where the posterior is nearly Gaussian, the integrands are
quadratic in the noise: opposite directions cancel their odd part and a whole frame gives their
trace without error.
"""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.special import gammaincinv

_SMALLEST_LEVEL = 2.0**-53


class NoiseDesign(NamedTuple):
    """Times and noises for each pair."""

    log_odds: Float[NDArray[np.float64], "n_pairs n_draws"]
    noise: Float[NDArray[np.float64], "n_pairs n_draws x_dim"]


def draw_design(
    n_pairs: int,
    n_draws: int,
    x_dim: int,
    lambda_range: tuple[float, float],
    rng: np.random.Generator,
) -> NoiseDesign:
    """Draw times, uniform in lambda, and standard normal noises.

    Args:
        n_pairs: Number of pairs.
        n_draws: Draws for each pair, a power of two.
        x_dim: Dimension D of the noise.
        lambda_range: Smallest and largest lambda.
        rng: Source of randomness.

    Returns:
        The design; each single draw has exactly the law of (lambda, n).

    References:
        Genz and Monahan, "Stochastic integration rules for infinite regions", SIAM Journal on
        Scientific Computing 19, 1998; Cranley and Patterson, SIAM Journal on Numerical
        Analysis 13, 1976.
    """
    # scipy.stats takes half a second, which users of the arrays alone should not pay.
    from scipy.stats import qmc

    low, high = lambda_range
    base = qmc.Sobol(2, seed=rng).random(n_draws)
    base = base[np.argsort(base[:, 0])]
    level = (base + rng.random((n_pairs, 1, 2))) % 1.0
    radius = _chi_quantile(level[..., 1], x_dim)
    directions = _opposite_directions(n_pairs, n_draws, x_dim, rng)
    return NoiseDesign(low + (high - low) * level[..., 0], radius[..., None] * directions)


def _chi_quantile(
    level: Float[NDArray[np.float64], "n_pairs n_draws"], dim: int
) -> Float[NDArray[np.float64], "n_pairs n_draws"]:
    inside = np.clip(level, _SMALLEST_LEVEL, 1.0 - _SMALLEST_LEVEL)
    return np.asarray(np.sqrt(2.0 * gammaincinv(0.5 * dim, inside)))


def _opposite_directions(
    n_pairs: int, n_draws: int, dim: int, rng: np.random.Generator
) -> Float[NDArray[np.float64], "n_pairs n_draws dim"]:
    """Return unit vectors q1, -q1, q2, -q2, ... from as many random frames as are needed."""
    n_directions = math.ceil(n_draws / 2)
    per_frame = min(dim, n_directions)
    n_frames = math.ceil(n_directions / per_frame)
    normal = rng.standard_normal((n_pairs, n_frames, dim, per_frame))
    frames = np.swapaxes(np.linalg.qr(normal)[0], 2, 3).reshape(n_pairs, -1, dim)
    # The factorisation fixes the signs of its columns; the law must not know them.
    frames *= rng.choice([-1.0, 1.0], size=(n_pairs, frames.shape[1], 1))
    both = np.stack([frames, -frames], axis=2).reshape(n_pairs, -1, dim)
    return both[:, :n_draws]
