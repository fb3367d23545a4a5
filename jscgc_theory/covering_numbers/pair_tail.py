"""What q follows below the closest pairs: the power law, or the pairs' own tail."""

import math

import numpy as np

from jscgc_theory.covering_numbers.power_law import PowerLaw
from jscgc_theory.neighbours import PairScan
from jscgc_theory.pair_statistics import EdgeStatistic, dyadic_covariance, takens_dimension
from jscgc_theory.records import Notice
from jscgc_theory.units import bits_to_nats

TAIL_PAIRS = 200
"""Closest pairs that must follow the power law, and that the tail is fitted to if they do not."""


def choose_tail(
    scan: PairScan, law: PowerLaw, n_points_used: int
) -> tuple[PowerLaw, tuple[Notice, ...]]:
    """Keep the power law if the closest pairs follow it, else fit their own tail.

    Args:
        scan: Pair distances.
        law: The power law at the recommended dimension.
        n_points_used: Points behind the result.

    Returns:
        The law to extrapolate with, and a notice if it is not the power law.
    """
    n_tail = min(TAIL_PAIRS, len(scan.distance))
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
