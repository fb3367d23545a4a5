"""The compiled loop that lists close rows, block by block, leaving out blocks that lie apart."""

from typing import Any, no_type_check

import numpy as np
from numba import njit

from jscgc_theory.neighbours.tile_kernel import square_gap


@njit(cache=True, nogil=True)
@no_type_check
def list_close_rows(cloud: Any, one: int, limit: float, rounding: float) -> Any:
    """List the pairs within a limit of a row of one block and a row of it or a later block.

    |x - y|^2 <= limit + rounding (|x|^2 + |y|^2) where x.y exceeds half of what x and y bring.

    Args:
        cloud: A ``BlockedCloud``.
        one: Number of the block.
        limit: Squared distance.
        rounding: Relative to the sum of both squared norms, what a listed pair may exceed it by.

    Returns:
        Places in the blocks of the pairs listed, shape (n_listed, 2), the first below the second.
    """
    start, stop = cloud.starts[one], cloud.starts[one + 1]
    rows = cloud.rows[start:stop]
    width = np.diff(cloud.starts).max()
    room = np.empty(rows.shape[0] * width, np.float32)
    shrink, half_limit = np.float32(1.0 - rounding), np.float32(0.5 * limit)
    reach = np.float32(limit + 4.0 * rounding * cloud.halves.max())
    listed, n_listed = np.empty((max(256, width), 2), np.int64), 0
    for other in range(one, cloud.starts.size - 1):
        if square_gap(cloud, one, other) > reach:
            continue
        left, right = cloud.starts[other], cloud.starts[other + 1]
        levels = shrink * cloud.halves[left:right] - half_limit
        products = room[: rows.shape[0] * levels.size].reshape(rows.shape[0], levels.size)
        np.dot(rows, cloud.rows[left:right].T, products)
        for row in range(start, stop):
            line, level = products[row - start], shrink * cloud.halves[row]
            if not _any_above(line, levels, level):
                continue
            if n_listed + line.size > listed.shape[0]:
                listed = np.concatenate((listed, np.empty_like(listed)))
            # In a function of its own, where the list is not exchanged, the loop is faster.
            n_listed += _list_row(line, levels, level, row, left, listed[n_listed:])
    return listed[:n_listed]


@njit(cache=True, nogil=True)
@no_type_check
def _list_row(line: Any, levels: Any, level: Any, row: int, left: int, listed: Any) -> int:
    """Write the pairs of a row and later ones that reach the levels; return how many."""
    n_listed = 0
    for j in range(max(0, row + 1 - left), line.size):
        if line[j] >= levels[j] + level:
            listed[n_listed, 0], listed[n_listed, 1] = row, left + j
            n_listed += 1
    return n_listed


@njit(cache=True, nogil=True, fastmath={"reassoc"})
@no_type_check
def _any_above(line: Any, levels: Any, level: Any) -> bool:
    # A sum of floats is what the compiler makes into vector instructions.
    count = np.float32(0.0)
    for j in range(line.size):
        count += np.float32(1.0) if line[j] >= levels[j] + level else np.float32(0.0)
    return count > 0.0
