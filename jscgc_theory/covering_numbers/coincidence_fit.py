"""The constant C from the closest pairs, at a given dimension, with the joint error of both."""

import math
from collections.abc import Callable

import numpy as np

from jscgc_theory.covering_numbers.coincidence import CoincidenceLaw
from jscgc_theory.covering_numbers.pair_tail import TAIL_PAIRS, choose_tail
from jscgc_theory.covering_numbers.power_law import PowerLaw
from jscgc_theory.neighbours import PairScan
from jscgc_theory.pair_statistics import (
    EdgeStatistic,
    RadialLaw,
    curvature_given_dim,
    dyadic_covariance,
)

_STRONG_CURVATURE, _NO_CURVATURE = 0.25, 0.75


def fit_coincidence(
    scan: PairScan,
    intrinsic_dim: float,
    influence: EdgeStatistic,
    *,
    corrected: bool,
    n_points_used: int,
    extra_variance_dim: float = 0.0,
) -> CoincidenceLaw:
    """Fit C to the closest pairs at a given dimension, and check that pairs follow the law.

    ln C = d ln r_0 - ln q(r_0) + ln(1 + beta d / (d + 2)), with r_0 the largest distance listed
    in the scan, or a smaller one if |beta| exceeds 0.25 there, and beta from the mean of
    (r / r_0)^2. The error of d is carried over pair by pair, so that the interval of C and of
    every radius is joint.

    Args:
        scan: Pair distances.
        intrinsic_dim: d.
        influence: Each pair's influence on d, over the first nodes of the scan.
        corrected: Whether to correct q(r_0) for curvature, as d was.
        n_points_used: Points behind the result.
        extra_variance_dim: Variance of d beyond that of its influences, such as unresolved bias.

    Returns:
        The law.
    """
    n_close = _pairs_to_read(scan, intrinsic_dim, corrected)
    scale = float(scan.distance[n_close - 1])
    law = _fit_constant(scan, n_close, intrinsic_dim, influence, corrected, n_points_used)
    law = law.with_extra_variance(extra_variance_dim, math.log(scale))
    tail, notices = choose_tail(scan, law, n_points_used)
    return CoincidenceLaw(scan, law, tail, scale, notices)


def _pairs_to_read(scan: PairScan, d: float, corrected: bool) -> int:
    """Choose the scale of C: all listed pairs, or fewer if curvature is strong over them."""
    n_close = len(scan.distance)
    if not corrected:
        return n_close
    curvature = abs(_curvature(scan, n_close, d))
    if not _STRONG_CURVATURE < curvature < _NO_CURVATURE:
        # Beyond, it is no smooth correction but a density on several scales: see pair_tail.
        return n_close
    # beta grows as r^2 and the number of pairs as r^d.
    share = float((_STRONG_CURVATURE / curvature) ** (d / 2.0))
    return max(min(TAIL_PAIRS, n_close), round(share * n_close))


def _curvature(scan: PairScan, n_close: int, d: float) -> float:
    ratios = scan.distance[:n_close] / scan.distance[n_close - 1]
    return curvature_given_dim(d, float(np.square(ratios).mean()))


def _fit_constant(
    scan: PairScan,
    n_close: int,
    d: float,
    influence: EdgeStatistic,
    corrected: bool,
    n_points_used: int,
) -> PowerLaw:
    scale = float(scan.distance[n_close - 1])
    q = n_close / scan.n_pairs
    squares = np.square(scan.distance[:n_close] / scale)
    mean_square = float(squares.mean())
    log_constant = d * math.log(scale) - math.log(q)
    by_dim, by_square, neglected = math.log(scale), 0.0, 0.0
    if corrected and math.isfinite(curvature_given_dim(d, mean_square)):
        log_constant += _log_mass_ratio(d, mean_square)
        step = 1e-5
        by_dim += _slope(lambda x: _log_mass_ratio(x, mean_square), d, step * d)
        by_square = _slope(lambda x: _log_mass_ratio(d, x), mean_square, step)
        neglected = _neglected(d, curvature_given_dim(d, mean_square))
    pair_influence = by_square * (squares - mean_square) / n_close - (1.0 - q) / n_close
    pairs = EdgeStatistic(
        scan.first[:n_close], scan.second[:n_close], pair_influence, baseline=1.0 / scan.n_pairs
    )
    joint = dyadic_covariance((influence, pairs), scan.pairs_per_node, scan.n_pairs)
    variance_log_constant = by_dim**2 * joint[0, 0] + 2.0 * by_dim * joint[0, 1] + joint[1, 1]
    return PowerLaw(
        d,
        log_constant,
        float(joint[0, 0]),
        float(variance_log_constant + neglected**2),
        float(by_dim * joint[0, 0] + joint[0, 1]),
        n_points_used,
    )


def _log_mass_ratio(d: float, mean_square: float) -> float:
    return RadialLaw(d, curvature_given_dim(d, mean_square)).log_mass_ratio


def _neglected(d: float, curvature: float) -> float:
    """Size of the term (r / r_0)^4 that the law leaves out, in ln q(r_0); taken as beta^2."""
    return d / (d + 4.0) * min(abs(curvature), _STRONG_CURVATURE) ** 2


def _slope(function: Callable[[float], float], at: float, step: float) -> float:
    return (function(at + step) - function(at - step)) / (2.0 * step)
