"""The meta-converse R4: the Neyman-Pearson test between joint law and product law."""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.bounds.radius_inverse import RadiusAtLog2Probability, radius_at
from jscgc_theory.errors import InputError
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import check_probability

# Cumulated weights that miss P_e by less than this have hit it and were moved by rounding.
_MASS_ROUNDING = 1e-12
# Beyond a quantile known to this many bits, the linearised error of log2 beta is too small.
_COARSE_QUANTILE_BITS = 1.0

_Values = Float[NDArray[np.float64], " n_values"]


class _NeymanPearson(NamedTuple):
    log2_beta: float
    threshold: float
    """g, the P_e-quantile of the information density."""
    boundary_index: int
    """Position of g among the ascending values."""


def neyman_pearson_log2_beta(
    information_density_bits: ArrayLike, weights: ArrayLike, outage_probability: float
) -> float:
    """Return log2 beta_a of a finite law, ``beta_a = sum_{i > g} w 2^-i + (a - P(i > g)) 2^-g``.

    beta_a(P_XY, P_X x P_Y) is the least probability under the product law of a test that keeps
    a = 1 - P_e of the joint law; the best test accepts large densities and accepts part of the
    boundary i = g. Exact if the values and weights are.

    Args:
        information_density_bits: i(x; y_hat) = log2 p(x, y_hat)/(p(x) p(y_hat)), one per outcome.
        weights: Probability of each outcome under the joint law, adding to 1.
        outage_probability: P_e in (0, 1).

    Returns:
        log2 beta_a, at most 0 for a true information density.

    Raises:
        InputError: If values and weights do not pair up, are not finite, or do not add to 1.

    References:
        Polyanskiy, Poor and Verdu, IEEE Trans. Inf. Theory 56(5), 2010.

    >>> neyman_pearson_log2_beta([3.0, 0.0], [0.5, 0.5], 0.5)
    -4.0
    """
    density = _check_density(information_density_bits)
    mass = _check_weights(weights, density.size)
    order = np.argsort(density)
    cumulated = np.cumsum(mass[order])
    cumulated[-1] = 1.0  # rounding must not leave the last outcome outside the law
    return _best_test(density[order], cumulated, check_probability(outage_probability)).log2_beta


def meta_converse_log2_beta(
    information_density_bits: ArrayLike, outage_probability: float
) -> tuple[float, float]:
    """Estimate log2 beta_a from draws of the information density under the joint law.

    The plug-in of ``beta_a = max_g {a 2^-g - E[(2^-g - 2^-i)^+]}``: the envelope theorem gives
    its standard error without the error of g, to first order. Where the draws lie bits apart
    the quantile's own error takes over. Scaled by 2^-g, densities of thousands of bits are safe.

    Args:
        information_density_bits: Independent draws of i(x; y_hat), shape (n_draws,).
        outage_probability: P_e in (0, 1).

    Returns:
        log2 beta_a and its standard error, both in bits; the error is infinite where P_e is so
        small that the draws may not reach its quantile.

    Raises:
        InputError: If there are fewer than two draws or one is not finite.

    References:
        Polyanskiy, Poor and Verdu, IEEE Trans. Inf. Theory 56(5), 2010.

    >>> meta_converse_log2_beta([5.0] * 100, 0.5)
    (-6.0, 0.0)
    """
    outage = check_probability(outage_probability)
    ascending = np.sort(_check_density(information_density_bits))
    n_draws = ascending.size
    if n_draws < 2:
        raise InputError("information_density_bits has 1 draw; give at least 2 for an error")
    test = _best_test(ascending, np.arange(1, n_draws + 1) / n_draws, outage)
    return test.log2_beta, _standard_error_bits(ascending, test, outage)


def meta_converse_bound(
    information_density_bits: ArrayLike,
    outage_probability: float,
    radius_at_log2_probability: RadiusAtLog2Probability,
) -> float:
    """Return R4, the radius up to which ``q(r) < beta_a(P_{X Y_hat}, P_X x P_Y_hat)``.

    Holds with q and, as S >= q, with S. It uses the whole law of the information density and is
    at least as strong as R3 and R2. From draws, or with an estimated density, it is an estimate
    of the bound, not a bound.

    Args:
        information_density_bits: Draws of i(x; y_hat), shape (n_draws,).
        outage_probability: P_e in (0, 1).
        radius_at_log2_probability: Maps log2 p to ``inf {r : q(r) >= p}`` (or S), in data units.

    Returns:
        Least radius of any system with that outage, in data units.

    Raises:
        InputError: If the draws or the inverse are unusable.
    """
    log2_beta, _ = meta_converse_log2_beta(information_density_bits, outage_probability)
    # A sampled density can put beta above 1, which no probability is.
    return radius_at(radius_at_log2_probability, min(0.0, log2_beta))


def _best_test(ascending: _Values, cumulated: _Values, outage: float) -> _NeymanPearson:
    # g: the first value at which the mass left strictly above falls below a.
    boundary = int(np.searchsorted(cumulated, outage + _MASS_ROUNDING, side="right"))
    boundary = min(boundary, ascending.size - 1)
    threshold = float(ascending[boundary])
    accepted = np.diff(cumulated[boundary:], prepend=outage)
    # Every exponent is at most 0 and the first is 0 with positive weight: nothing is lost.
    scaled = float(np.sum(accepted * np.exp2(threshold - ascending[boundary:])))
    return _NeymanPearson(math.log2(scaled) - threshold, threshold, boundary)


def _standard_error_bits(ascending: _Values, test: _NeymanPearson, outage: float) -> float:
    n_draws = ascending.size
    rank_error = math.sqrt(n_draws * outage * (1.0 - outage))
    lower_rank = math.floor(test.boundary_index - rank_error)
    upper_rank = math.ceil(test.boundary_index + rank_error)
    if lower_rank < 0 or upper_rank >= n_draws:
        return math.inf
    quantile_error = 0.5 * float(ascending[upper_rank] - ascending[lower_rank])
    # (2^-g - 2^-i)^+ over 2^-g, whose mean is what beta_a loses against a 2^-g.
    lost = 1.0 - np.exp2(-np.maximum(ascending - test.threshold, 0.0))
    spread = float(np.std(lost, ddof=1)) / math.sqrt(n_draws)
    linearised = nats_to_bits(spread / 2.0 ** (test.log2_beta + test.threshold))
    if quantile_error > _COARSE_QUANTILE_BITS:
        return max(linearised, quantile_error)
    return linearised


def _check_density(information_density_bits: ArrayLike) -> _Values:
    density = np.asarray(information_density_bits, dtype=np.float64)
    if density.ndim != 1 or density.size == 0:
        raise InputError(
            f"information_density_bits has shape {density.shape}; give a non-empty list of values"
        )
    if not np.isfinite(density).all():
        raise InputError(
            "information_density_bits holds NaN or infinite values; "
            "draw from the joint law, under which the density is finite"
        )
    return density


def _check_weights(weights: ArrayLike, n_values: int) -> _Values:
    mass = np.asarray(weights, dtype=np.float64)
    if mass.shape != (n_values,):
        raise InputError(
            f"weights has shape {mass.shape} for {n_values} densities; give one per density"
        )
    total = float(mass.sum())
    if not bool((mass >= 0.0).all()) or not math.isclose(total, 1.0, rel_tol=1e-9):
        raise InputError(f"weights add to {total:g}; give probabilities that add to 1")
    return mass / total
