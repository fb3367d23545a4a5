"""Compiled searches of a box tree under the maximum norm, exact in float64.

Inner node i has children 2i + 1 and 2i + 2; the second half of the nodes are leaves, whose points
are adjacent columns of ``coordinates``. Differences to the corners of a box round monotonically,
so no box is dropped or taken whole that a comparison of every point would treat differently.
"""

from typing import Any, no_type_check

import numpy as np
from numba import njit

_STACK = 64
"""Deepest stack: one entry for each level of the tree and one for the leaf, far below 64."""


@njit(cache=True, nogil=True)
@no_type_check
def _distance_to_box(low: Any, high: Any, query: Any) -> float:
    distance = 0.0
    for axis in range(query.size):
        distance = max(distance, low[axis] - query[axis], query[axis] - high[axis])
    return distance


@njit(cache=True, nogil=True)
@no_type_check
def _distance_to_far_side(low: Any, high: Any, query: Any) -> float:
    distance = 0.0
    for axis in range(query.size):
        distance = max(distance, high[axis] - query[axis], query[axis] - low[axis])
    return distance


@njit(cache=True, nogil=True)
@no_type_check
def _distances_in_leaf(coordinates: Any, first: int, last: int, query: Any, buffer: Any) -> Any:
    # Slices, not offsets into the whole array: only then does the compiler use SIMD (10x).
    distances = buffer[: last - first]
    distances[:] = 0.0
    for axis in range(query.size):
        column = coordinates[axis, first:last]
        centre = query[axis]
        for point in range(distances.size):
            difference = abs(column[point] - centre)
            distances[point] = max(distances[point], difference)
    return distances


@njit(cache=True, nogil=True)
@no_type_check
def _insert(distance: float, position: int, distances: Any, positions: Any) -> None:
    slot = distances.size - 1
    while slot > 0 and distances[slot - 1] > distance:
        distances[slot] = distances[slot - 1]
        positions[slot] = positions[slot - 1]
        slot -= 1
    distances[slot] = distance
    positions[slot] = position


@njit(cache=True, nogil=True)
@no_type_check
def nearest_of_position(
    coordinates: Any, low: Any, high: Any, start: Any, stop: Any, position: int, leaf: int,
    buffer: Any, distances: Any, positions: Any,
) -> None:  # fmt: skip
    """Write the nearest neighbours of one point of the tree into ``distances``, ``positions``."""
    first_leaf = start.size // 2
    query = coordinates[:, position].copy()
    distances[:] = np.inf
    stack = np.empty(_STACK, np.int64)
    gap = np.zeros(_STACK)
    # The point's own leaf comes first: it leaves a short radius for everything else.
    stack[0], stack[1] = 0, leaf
    depth = 2
    own_leaf_seen = False
    while depth > 0:
        depth -= 1
        node = stack[depth]
        if gap[depth] >= distances[-1] or (node == leaf and own_leaf_seen):
            continue
        if node >= first_leaf:
            own_leaf_seen = own_leaf_seen or node == leaf
            found = _distances_in_leaf(coordinates, start[node], stop[node], query, buffer)
            for point in range(found.size):
                if found[point] < distances[-1] and start[node] + point != position:
                    _insert(found[point], start[node] + point, distances, positions)
            continue
        near, far = 2 * node + 1, 2 * node + 2
        near_gap = _distance_to_box(low[near], high[near], query)
        far_gap = _distance_to_box(low[far], high[far], query)
        if far_gap < near_gap:
            near, far, near_gap, far_gap = far, near, far_gap, near_gap
        stack[depth], gap[depth] = far, far_gap
        stack[depth + 1], gap[depth + 1] = near, near_gap
        depth += 2


@njit(cache=True, nogil=True)
@no_type_check
def search_neighbours(
    coordinates: Any, low: Any, high: Any, start: Any, stop: Any, first: int, leaf_size: int,
    distances: Any, positions: Any,
) -> None:  # fmt: skip
    """Find the neighbours of as many adjacent positions as ``distances`` has rows."""
    buffer = np.empty(leaf_size)
    leaf = start.size // 2
    for row in range(distances.shape[0]):
        while stop[leaf] <= first + row:
            leaf += 1
        nearest_of_position(
            coordinates, low, high, start, stop, first + row, leaf,
            buffer, distances[row], positions[row],
        )  # fmt: skip


@njit(cache=True, nogil=True)
@no_type_check
def _count_in_leaf(distances: Any, radius: float, closed: bool) -> int:
    count = 0
    if closed:
        for point in range(distances.size):
            count += distances[point] <= radius
    else:
        for point in range(distances.size):
            count += distances[point] < radius
    return count


@njit(cache=True, nogil=True)
@no_type_check
def count_around(
    coordinates: Any, low: Any, high: Any, start: Any, stop: Any, leaf_size: int,
    queries: Any, radii: Any, closed: bool, counts: Any,
) -> None:  # fmt: skip
    """Write into ``counts`` how many points lie about each query, itself included."""
    first_leaf = start.size // 2
    buffer = np.empty(leaf_size)
    stack = np.empty(_STACK, np.int64)
    for row in range(radii.size):
        query, radius, count = queries[row], radii[row], 0
        stack[0] = 0
        depth = 1
        while depth > 0:
            depth -= 1
            node = stack[depth]
            gap = _distance_to_box(low[node], high[node], query)
            if gap > radius or (gap == radius and not closed):
                continue
            reach = _distance_to_far_side(low[node], high[node], query)
            if reach < radius or (reach == radius and closed):
                count += stop[node] - start[node]
            elif node < first_leaf:
                stack[depth], stack[depth + 1] = 2 * node + 1, 2 * node + 2
                depth += 2
            else:
                found = _distances_in_leaf(coordinates, start[node], stop[node], query, buffer)
                count += _count_in_leaf(found, radius, closed)
        counts[row] = count
