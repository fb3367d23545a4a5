"""The coincidence probability q(r) of a data set: read off pairs, extrapolated beyond them."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from jscgc_theory.covering_numbers.power_law import Z_95, PowerLaw
from jscgc_theory.neighbours import PairScan
from jscgc_theory.pair_statistics import (
    EdgeStatistic,
    RadialLaw,
    curvature_given_dim,
    dyadic_covariance,
    takens_dimension,
)
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.units import bits_to_nats

MIN_PAIRS = 50
"""Radii within which fewer pairs lie are taken from the power law, not from the pairs."""
_TAIL_PAIRS = 200
_STRONG_CURVATURE, _NO_CURVATURE = 0.25, 0.75


@dataclass(frozen=True)
class CoincidenceLaw:
    """q(r) = P(rho(X, X') <= r) at every scale."""

    scan: PairScan
    power_law: PowerLaw
    """q = r^d / C with the recommended d, whose C is the geometric constant."""
    tail: PowerLaw
    """What q follows below the closest pairs: the power law, or the pairs' own tail."""
    scale: float
    """r_0, the radius at which C is read, in data units."""
    notices: tuple[Notice, ...]

    @property
    def resolvable_mi_bits(self) -> float:
        """log2 of the number of pairs: q is read directly down to its inverse."""
        return math.log2(self.scan.n_pairs)

    def radius(self, log2_probability: float) -> Estimate:
        """Return the radius at which q falls to a given value.

        Where at least fifty pairs lie within it, it is an order statistic of the pair distances
        with an interval from the U-statistic's error; below, the tail law extrapolates (Weissman
        1978).

        Args:
            log2_probability: log2 q, at most 0.

        Returns:
            The radius, in data units.
        """
        log2_count = log2_probability + self.resolvable_mi_bits
        if log2_count < math.log2(MIN_PAIRS):
            return self.tail.radius(log2_probability, "extrapolated by the power law of the pairs")
        q = 2.0**log2_probability
        error = self.relative_error(q)
        low, high = q * math.exp(-Z_95 * error), min(1.0, q * math.exp(Z_95 * error))
        return Estimate(
            value=self._quantile(q),
            interval=(self._quantile(low), self._quantile(high)),
            method="quantile of the pair distances",
            n_points_used=self.scan.n_nodes,
            details={"n_pairs_within": round(q * self.scan.n_pairs)},
        )

    def extrapolated_octaves(self, radius: float) -> float:
        """Return how many halvings lie between the closest pair and a smaller radius.

        Args:
            radius: The radius, in data units.

        Returns:
            Octaves, 0 if the radius lies within the range of the pairs.
        """
        if radius <= 0.0:
            return math.inf
        return max(0.0, math.log2(float(self.scan.distance[0]) / radius))

    def relative_error(self, q: float) -> float:
        """Return the relative standard error of the fraction of pairs at level q.

        Var(q_hat) = 4 Var(h(X)) / N + 2 q (1 - q) / (N (N - 1)) with h(x) the fraction within r
        of x (Hoeffding 1948), Var(h) from a sample of points, binomial noise removed.

        Args:
            q: The level.

        Returns:
            Standard error of q_hat divided by q.
        """
        column = int(np.searchsorted(self.scan.cumulative, q * self.scan.n_pairs))
        column = min(column, len(self.scan.radius) - 1)
        fractions = self.scan.row_fraction[:, column]
        level = max(float(fractions.mean()), 1.0 / self.scan.n_pairs)
        noise = level * (1.0 - level) / float(self.scan.pairs_per_node[0])
        spread = max(0.0, float(fractions.var(ddof=1)) - noise) if len(fractions) > 1 else 0.0
        # On a homogeneous space Var(h) is zero; its estimate then errs by sqrt(2/n + q) of the
        # noise (simulated), n rows read. Shrink it where it does not stand out from that.
        null_square = (2.0 / len(fractions) + q) * noise**2
        spread *= spread**2 / (spread**2 + null_square) if spread > 0.0 else 0.0
        # Sum over nodes of (share of pairs)^2: 4/N within one cloud, 1/N + 1/M between two.
        weight = float(np.square(self.scan.pairs_per_node / self.scan.n_pairs).sum())
        relative = weight * spread / level**2 + max(0.0, 1.0 - q) / (q * self.scan.n_pairs)
        return math.sqrt(relative)

    def _quantile(self, q: float) -> float:
        rank = q * self.scan.n_pairs
        if rank <= len(self.scan.distance):
            return float(self.scan.distance[max(0, math.ceil(rank) - 1)])
        counts = np.concatenate([[len(self.scan.distance)], self.scan.cumulative])
        radii = np.concatenate([[self.scan.distance[-1]], self.scan.radius])
        beyond = radii >= self.scan.distance[-1]
        return float(
            np.exp(np.interp(np.log(rank), np.log(counts[beyond]), np.log(radii[beyond])))
        )


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
    tail, notices = _choose_tail(scan, law, n_points_used)
    return CoincidenceLaw(scan, law, tail, scale, notices)


def _pairs_to_read(scan: PairScan, d: float, corrected: bool) -> int:
    """Choose the scale of C: all listed pairs, or fewer if curvature is strong over them."""
    n_close = len(scan.distance)
    if not corrected:
        return n_close
    curvature = abs(_curvature(scan, n_close, d))
    if not _STRONG_CURVATURE < curvature < _NO_CURVATURE:
        # Beyond, it is no smooth correction but a density on several scales: see _choose_tail.
        return n_close
    # beta grows as r^2 and the number of pairs as r^d.
    share = float((_STRONG_CURVATURE / curvature) ** (d / 2.0))
    return max(min(_TAIL_PAIRS, n_close), round(share * n_close))


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
    by_dim, by_square = math.log(scale), 0.0
    if corrected and math.isfinite(curvature_given_dim(d, mean_square)):
        log_constant += _log_mass_ratio(d, mean_square)
        step = 1e-5
        by_dim += _slope(lambda x: _log_mass_ratio(x, mean_square), d, step * d)
        by_square = _slope(lambda x: _log_mass_ratio(d, x), mean_square, step)
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
        float(variance_log_constant),
        float(by_dim * joint[0, 0] + joint[0, 1]),
        n_points_used,
    )


def _log_mass_ratio(d: float, mean_square: float) -> float:
    return RadialLaw(d, curvature_given_dim(d, mean_square)).log_mass_ratio


def _slope(function: Callable[[float], float], at: float, step: float) -> float:
    return (function(at + step) - function(at - step)) / (2.0 * step)


def _choose_tail(
    scan: PairScan, law: PowerLaw, n_points_used: int
) -> tuple[PowerLaw, tuple[Notice, ...]]:
    """Keep the power law if the closest pairs follow it, else fit their own tail."""
    n_tail = min(_TAIL_PAIRS, len(scan.distance))
    radius = float(scan.distance[n_tail - 1])
    read = math.log2(n_tail / scan.n_pairs)
    predicted = law.log2_probability(radius)
    error = math.hypot(
        law.log2_probability_error(radius), 1.0 / (math.sqrt(n_tail) * bits_to_nats(1.0))
    )
    if abs(read - predicted) <= 4.0 * error:
        return law, ()
    tail = takens_tail(scan, n_tail, n_points_used)
    if not math.isfinite(tail.intrinsic_dim):
        # All these pairs are equally far, as on a lattice: they have no tail to follow.
        return law, ()
    notice = Notice(
        code="pairs_leave_power_law",
        message=(
            f"The {n_tail} closest pairs are {2.0 ** (read - predicted):.3g} times as frequent as "
            f"the power law with d = {law.intrinsic_dim:.2f} predicts: density or dimension vary "
            "over the data. R3 is read off the pairs and, below the closest, off their own tail "
            f"of dimension {tail.intrinsic_dim:.2f}; (18) and R1 presume the power law and are "
            "not to be relied on where they exceed R3."
        ),
    )
    return tail, (notice,)


def takens_tail(scan: PairScan, n_close: int, n_points_used: int) -> PowerLaw:
    """Fit the tail of the closest pairs: Takens' estimator and Weissman's extrapolation.

    d by Takens' estimator over the pairs within r_0, C = r_0^d / q(r_0).

    Args:
        scan: Pair distances.
        n_close: Pairs to use, at least 3.
        n_points_used: Points behind the result.

    Returns:
        The law of the tail.
    """
    scale = float(scan.distance[n_close - 1])
    q = n_close / scan.n_pairs
    d, by_dim = takens_dimension(scan, n_close)
    level = EdgeStatistic(
        scan.first[:n_close],
        scan.second[:n_close],
        np.full(n_close, -(1.0 - q) / n_close),
        baseline=1.0 / scan.n_pairs,
    )
    joint = dyadic_covariance((by_dim, level), scan.pairs_per_node, scan.n_pairs)
    log_scale = math.log(scale)
    return PowerLaw(
        d,
        d * log_scale - math.log(q),
        float(joint[0, 0]),
        float(log_scale**2 * joint[0, 0] + 2.0 * log_scale * joint[0, 1] + joint[1, 1]),
        float(log_scale * joint[0, 0] + joint[0, 1]),
        n_points_used,
    )
