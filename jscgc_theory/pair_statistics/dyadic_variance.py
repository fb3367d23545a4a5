"""The variance of sums over pairs of points, when pairs that share a point are dependent.

For a sum of terms psi_e over pairs e, Var = sum of E[psi_e psi_e'] over (e, e') that share a node,
estimated by sum_i T_i^2 - sum_e psi_e^2 with T_i the sum of the terms that touch node i
 (Fafchamps and Gubert 2007; for U-statistics the first part is Hajek's projection).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray


@dataclass(frozen=True)
class EdgeStatistic:
    """A statistic as a sum of centred influences, one for each listed pair of points."""

    first: Int[NDArray[np.int64], " n_edges"]
    """First node of each pair; a pair may be listed more than once."""
    second: Int[NDArray[np.int64], " n_edges"]
    """Second node of each pair."""
    influence: Float[NDArray[np.float64], " n_edges"]
    """What the pair adds to the statistic's error."""
    baseline: float = 0.0
    """Influence of every pair that is not listed."""


def dyadic_covariance(
    statistics: tuple[EdgeStatistic, ...],
    pairs_per_node: Int[NDArray[np.int64], " n_nodes"],
    n_pairs: int,
) -> Float[NDArray[np.float64], "n_statistics n_statistics"]:
    """Estimate the joint covariance of statistics that are sums over pairs.

    Args:
        statistics: The statistics, over the same nodes.
        pairs_per_node: Pairs each node takes part in, shape (n_nodes,).
        n_pairs: Number of pairs in all.

    Returns:
        Covariance matrix, with negative variances (possible in tiny samples) raised to the value
        that independent pairs would have.
    """
    from jscgc_theory.pair_statistics.merged_pairs import merged_sums

    baseline = np.array([statistic.baseline for statistic in statistics])
    sizes = [len(statistic.influence) for statistic in statistics]
    above, products, n_listed = merged_sums(
        np.concatenate([statistic.first for statistic in statistics]),
        np.concatenate([statistic.second for statistic in statistics]),
        np.repeat(np.arange(len(statistics), dtype=np.int8), sizes),
        np.concatenate([statistic.influence for statistic in statistics]),
        baseline,
        len(pairs_per_node),
    )
    node_sums = pairs_per_node[:, None] * baseline[None, :] + above
    pair_part = products + (n_pairs - n_listed) * np.outer(baseline, baseline)
    covariance = node_sums.T @ node_sums - pair_part
    return _with_floor(covariance, np.diagonal(pair_part))


def _with_floor(
    covariance: NDArray[np.float64], independent: NDArray[np.float64]
) -> NDArray[np.float64]:
    variance = np.diagonal(covariance).copy()
    low = variance < 0.25 * independent
    if not low.any():
        return covariance
    covariance = covariance.copy()
    covariance[low, :] = 0.0
    covariance[:, low] = 0.0
    covariance[low, low] = independent[low]
    return covariance
