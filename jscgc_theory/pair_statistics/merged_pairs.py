"""The compiled loop that gives every pair one value in each statistic, wherever it is listed."""

from typing import Any, no_type_check

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
@no_type_check
def merged_sums(
    first: Any, second: Any, column: Any, influence: Any, baseline: Any, n_nodes: int
) -> Any:
    """Merge the entries of each pair and sum the pairs' values by node, and their products.

    Entries are sorted into the lower of their nodes by counting; within a node the place of a pair
    is remembered at its other node, so that nothing is sorted by comparison.

    Args:
        first: One node of each entry.
        second: Its other node; both orders and repetitions mean the same pair.
        column: Which statistic it belongs to.
        influence: What it adds to the pair's value there.
        baseline: Value of a pair in each statistic that does not list it.
        n_nodes: Number of nodes.

    Returns:
        Values beyond the baseline summed by node, shape (n_nodes, n_statistics), products of the
        values summed over pairs, shape (n_statistics, n_statistics), and the number of pairs.
    """
    entries, starts = _by_lower_node(first, second, column, influence, n_nodes)
    others_of, columns, influences = entries
    longest, n_statistics = np.diff(starts).max(), baseline.size
    node_sums = np.zeros((n_nodes, n_statistics))
    products = np.zeros((n_statistics, n_statistics))
    values, listed = np.empty((longest, n_statistics)), np.empty((longest, n_statistics), np.bool_)
    others, place_of = np.empty(longest, np.int64), np.full(n_nodes, -1)
    n_pairs = 0
    for node in range(n_nodes):
        n_here = 0
        for entry in range(starts[node], starts[node + 1]):
            other = others_of[entry]
            if place_of[other] < 0:
                place_of[other], others[n_here] = n_here, other
                values[n_here], listed[n_here] = 0.0, False
                n_here += 1
            place = place_of[other]
            values[place, columns[entry]] += influences[entry]
            listed[place, columns[entry]] = True
        for place in range(n_here):
            other = others[place]
            place_of[other] = -1
            _add_pair(values, listed, place, baseline, node, other, node_sums, products)
        n_pairs += n_here
    return node_sums, products, n_pairs


@njit(cache=True, nogil=True)
@no_type_check
def _add_pair(
    values: Any,
    listed: Any,
    place: int,
    baseline: Any,
    node: int,
    other: int,
    node_sums: Any,
    products: Any,
) -> None:
    """Add the values of a pair to the sums of both its nodes, and their products."""
    for one in range(baseline.size):
        if not listed[place, one]:
            values[place, one] = baseline[one]
        node_sums[node, one] += values[place, one] - baseline[one]
        node_sums[other, one] += values[place, one] - baseline[one]
        for earlier in range(one + 1):
            product = values[place, one] * values[place, earlier]
            products[one, earlier] += product
            if earlier < one:
                products[earlier, one] += product


@njit(cache=True, nogil=True)
@no_type_check
def _by_lower_node(first: Any, second: Any, column: Any, influence: Any, n_nodes: int) -> Any:
    """Return what entries hold in the order of their lower nodes, and where each node's begin."""
    starts = np.zeros(n_nodes + 1, np.int64)
    for entry in range(first.size):
        starts[min(first[entry], second[entry]) + 1] += 1
    starts = np.cumsum(starts)
    ends = starts[:-1].copy()
    others, columns = np.empty_like(first), np.empty_like(column)
    influences = np.empty_like(influence)
    for entry in range(first.size):
        node = min(first[entry], second[entry])
        place = ends[node]
        others[place] = max(first[entry], second[entry])
        columns[place] = column[entry]
        influences[place] = influence[entry]
        ends[node] += 1
    return (others, columns, influences), starts
