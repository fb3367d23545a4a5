"""Takens' estimator: the dimension from the closest pairs of points."""

import numpy as np

from jscgc_theory.neighbours import PairScan
from jscgc_theory.pair_statistics.dyadic_variance import EdgeStatistic


def takens_dimension(scan: PairScan, n_close: int) -> tuple[float, EdgeStatistic]:
    """Return d = -1 / mean ln(r / r_0) over the pairs closer than r_0, and each pair's influence.

    It is Hill's estimator of the lower tail of pair distances, with r_0 the distance of the last
    pair used.

    Args:
        scan: Pair distances.
        n_close: Number of closest pairs, at least 3; the last one sets r_0.

    Returns:
        d, infinite if all those pairs are equally far, and the influence of each pair on it.

    References:
        Takens. On the numerical determination of the dimension of an attractor. 1985.
        Hill. A simple general approach to inference about the tail of a distribution. 1975.
    """
    logs = np.log(scan.distance[: n_close - 1] / scan.distance[n_close - 1])
    mean = -float(logs.mean())
    if mean <= 0.0:
        nothing = np.zeros(0, dtype=np.int64)
        return float("inf"), EdgeStatistic(nothing, nothing, np.zeros(0))
    influence = (logs + mean) / mean**2 / len(logs)
    return 1.0 / mean, EdgeStatistic(
        scan.first[: n_close - 1], scan.second[: n_close - 1], influence
    )
