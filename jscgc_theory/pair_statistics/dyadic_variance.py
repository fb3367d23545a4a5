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
    n_nodes = len(pairs_per_node)
    baseline = np.array([statistic.baseline for statistic in statistics])
    keys, values = _merge_pairs(statistics, n_nodes)
    node_sums = pairs_per_node[:, None] * baseline[None, :]
    for column in range(len(statistics)):
        above = values[:, column] - baseline[column]
        node_sums[:, column] += np.bincount(keys // n_nodes, above, n_nodes)
        node_sums[:, column] += np.bincount(keys % n_nodes, above, n_nodes)
    pair_part = values.T @ values + (n_pairs - len(keys)) * np.outer(baseline, baseline)
    covariance = node_sums.T @ node_sums - pair_part
    return _with_floor(covariance, np.diagonal(pair_part))


def _merge_pairs(
    statistics: tuple[EdgeStatistic, ...], n_nodes: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give every pair listed anywhere one row with its value in each statistic."""
    pair_keys = [
        np.minimum(statistic.first, statistic.second) * n_nodes
        + np.maximum(statistic.first, statistic.second)
        for statistic in statistics
    ]
    keys = _distinct(np.concatenate(pair_keys))
    values = np.empty((len(keys), len(statistics)))
    for column, (statistic, own) in enumerate(zip(statistics, pair_keys, strict=True)):
        where = _places(keys, own)
        listed = np.bincount(where, minlength=len(keys)) > 0
        sums = np.bincount(where, statistic.influence, len(keys))
        values[:, column] = np.where(listed, sums, statistic.baseline)
    return keys, values


def _distinct(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what ``numpy.unique`` does, whose hashing takes minutes for tens of millions."""
    ascending = np.sort(keys)
    return ascending[np.diff(ascending, prepend=-1) > 0]


def _places(keys: NDArray[np.int64], own: NDArray[np.int64]) -> NDArray[np.int64]:
    """Find each of some numbers in an ascending list, in ascending order for the cache's sake."""
    order = np.argsort(own)
    places = np.empty_like(order)
    places[order] = np.searchsorted(keys, own[order])
    return places


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
