r"""The scale at which d is read: where ``l(lambda) = (1-t)^2 L_u`` is flat.

Walking down in lambda, one unit (a factor e of scale) at a time, the first three blocks in a row
whose means differ by less than 1 % from one to the next, or by no more than their errors, begin
the plateau; the walk takes one block more, and the last three are read. On them
``l = d - a e^(2 lambda)`` is fitted. The 95 % intervals add to Monte-Carlo error the change that
comes from reading the lower half alone.
"""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.special import digamma, gammaln

from jscgc_theory.mutual_information.estimator import Z_95
from jscgc_theory.mutual_information.velocity.clustered_mean import (
    ClusteredMeans,
    Codes,
    clustered_means,
)
from jscgc_theory.mutual_information.velocity.integrand_sample import IntegrandSample
from jscgc_theory.mutual_information.velocity.tails import last_stretch
from jscgc_theory.records import Notice

_BLOCKS = 3
_FLAT_SHARE = 0.01
# A plateau may slope by this share of d from end to end before the reading is called doubtful.
_DOUBTFUL_SHARE = 0.05

_Three = Float[NDArray[np.float64], "3"]


class PlateauFit(NamedTuple):
    """d, h_d and ln C, in this order."""

    means: ClusteredMeans
    scale_error: tuple[float, ...]
    """What each changes by when read from the lower half of the plateau alone."""
    interval_reach: tuple[float, ...]
    """Half widths of the 95 % intervals."""
    window: tuple[float, float]
    """Range of lambda of the plateau."""
    slope_share: float
    """Change of l over the plateau that the fit calls curvature, as a share of d."""


def has_plateau(blocks: list[IntegrandSample]) -> bool:
    """Tell whether the three blocks before the last are flat.

    Args:
        blocks: Samples of adjacent blocks of lambda, from the top downwards.

    Returns:
        True if neighbours differ by less than 1 % or by no more than their Monte-Carlo error.
    """
    last = blocks[-_BLOCKS - 1 : -1]
    if len(last) < _BLOCKS:
        return False
    per_pair = np.stack([block.unconditional.mean(axis=1) for block in last])
    means = per_pair.mean(axis=1)
    if means[-1] <= 0.0:
        return False
    steps = np.diff(per_pair, axis=0)
    errors = steps.std(axis=1, ddof=1) / math.sqrt(steps.shape[1])
    return bool((np.abs(np.diff(means)) < np.maximum(_FLAT_SHARE * means[-1], errors)).all())


def fit_plateau(
    sample: IntegrandSample, codes: Codes, total_variance: float, known_dim: float | None
) -> PlateauFit:
    """Read d, h_d and ln C from the lowest three units of lambda and the integral above them.

    Args:
        sample: Unconditional integrands over the whole range.
        codes: Source point of each row.
        total_variance: ``tr Cov(x)``.
        known_dim: d to hold fixed in h_d and C; None for the estimated one.

    Returns:
        The fit.
    """
    low, high = sample.lambda_range
    top = min(low + _BLOCKS, high)
    values, influence, curvature = _read(sample, total_variance, known_dim, top)
    lower_half, _, _ = _read(sample, total_variance, known_dim, 0.5 * (low + top))
    means = ClusteredMeans(values, clustered_means(influence, codes).covariance)
    scale_error = np.abs(lower_half - values)
    reach = Z_95 * means.standard_error + scale_error
    return PlateauFit(
        means=means,
        scale_error=tuple(scale_error.tolist()),
        interval_reach=tuple(reach.tolist()),
        window=(low, top),
        slope_share=abs(curvature) * math.exp(2.0 * (top - low)) / max(values[0], 1e-300),
    )


def _read(
    sample: IntegrandSample, total_variance: float, known_dim: float | None, top: float
) -> tuple[_Three, Float[NDArray[np.float64], "n_pairs 3"], float]:
    """Return (d, h_d, ln C), the influence of each row on them, and ``a e^(2 low)``."""
    low = sample.lambda_range[0]
    (dim, curvature), fit_influence = _line(sample, top)
    above, above_influence = _integral(sample, total_variance)
    used = dim if known_dim is None else known_dim
    slope = low + 0.5 * math.log(2.0 * math.pi * math.e)
    entropy = above + used * slope - 0.5 * curvature
    log_ball = 0.5 * used * math.log(math.pi) - float(gammaln(0.5 * used + 1.0))
    dim_influence, curvature_influence = fit_influence.T
    free = dim_influence if known_dim is None else np.zeros_like(dim_influence)
    entropy_influence = above_influence + slope * free - 0.5 * curvature_influence
    ball_slope = 0.5 * math.log(math.pi) - 0.5 * float(digamma(0.5 * used + 1.0))
    influence = np.stack(
        [dim_influence, entropy_influence, entropy_influence - ball_slope * free], axis=1
    )
    return np.array([dim, entropy, entropy - log_ball]), influence, float(curvature)


def _line(
    sample: IntegrandSample, top: float
) -> tuple[Float[NDArray[np.float64], "2"], Float[NDArray[np.float64], "n_pairs 2"]]:
    """Fit ``l = d - (a e^(2 low)) e^(2 (lambda - low))`` by least squares below ``top``."""
    low = sample.lambda_range[0]
    weight = np.where(sample.log_odds <= top, sample.weight, 0.0)
    regressor = -np.exp(2.0 * np.minimum(sample.log_odds - low, top - low))
    features = np.stack([np.ones_like(regressor), regressor], axis=-1)
    moment = np.einsum("nk,nki,nkj->ij", weight, features, features) / len(weight)
    score = np.einsum("nk,nki,nk->i", weight, features, sample.unconditional) / len(weight)
    inverse = np.linalg.pinv(moment)
    found = inverse @ score
    residual = weight * (sample.unconditional - features @ found)
    influence = np.einsum("nk,nki->ni", residual, features) @ inverse
    return found, influence


def _integral(
    sample: IntegrandSample, total_variance: float
) -> tuple[float, Float[NDArray[np.float64], " n_pairs"]]:
    """Return ``int_low^inf l dlambda``, what lies above the range by its decay of rate 2."""
    stretch = last_stretch(sample, at_lower_end=False)
    length = float(stretch.sum(axis=1).mean())
    share = 1.0 / math.expm1(2.0 * length)
    beyond = share * (stretch * sample.unconditional).sum(axis=1)
    rigorous = 0.5 * math.exp(-2.0 * sample.lambda_range[1]) * total_variance
    beyond *= min(1.0, rigorous / max(float(beyond.mean()), 1e-300))
    per_pair = (sample.weight * sample.unconditional).sum(axis=1) + beyond
    return float(per_pair.mean()), np.asarray(per_pair - per_pair.mean())


def plateau_notices(fit: PlateauFit) -> tuple[Notice, ...]:
    """Say whether the plateau can be trusted.

    Args:
        fit: The fit.

    Returns:
        One notice or none.
    """
    dim, error = float(fit.means.mean[0]), float(fit.means.standard_error[0])
    doubtful = max(_DOUBTFUL_SHARE * dim, Z_95 * error)
    if dim > 0.0 and fit.scale_error[0] <= doubtful and fit.slope_share <= 2.0 * _DOUBTFUL_SHARE:
        return ()
    message = (
        "(1-t)^2 L_u does not settle at the smallest times: d depends on the scale at which it is "
        f"read (by {fit.scale_error[0]:.2g}); let t_range reach down further, or train the field "
        "better at small t"
    )
    return (Notice(code="no_plateau", message=message),)
