"""The compiled loop that selects nearest rows from tiles of scores that are still in the cache."""

from typing import Any, no_type_check

import numpy as np
from numba import njit

from jscgc_theory.neighbours.pair_kernel import count_squares

# Pairs that are tested before the first branch.
_CHUNK = 32


@njit(cache=True, nogil=True)
@no_type_check
def scan_tiles(cloud: Any, kept: Any, tiles: Any, counts: Any) -> Any:
    """Compute tiles of the matrix of scores and keep the best of each row and of each column.

    The score of two rows is x.y - |x|^2 / 2 - |y|^2 / 2, minus half their squared distance.
    Rows of a tile that lie farther from the box of the other block than any neighbour still
    sought by themselves or there are left out, unless all pairs are to be counted.

    Args:
        cloud: A ``BlockedCloud``.
        kept: A ``Kept``, changed for the rows of the tiles' blocks.
        tiles: Two block numbers a tile, shape (n_tiles, 2).
        counts: Pairs in each bin of a ``PairHistogram``, added to; empty to count none.

    Returns:
        The largest squared distance of the pairs counted, as the bits of a float32.
    """
    counting, largest = counts.size > 0, np.int32(0)
    height, ambient_dim = np.diff(cloud.starts).max(), cloud.rows.shape[1]
    gaps = np.empty(height, np.float32)
    places = np.empty((2, height), np.int64)
    sides = np.empty((2, height, ambient_dim), np.float32)
    halves = np.empty((2, height), np.float32)
    levels = np.empty((2, height), np.float32)
    products = np.empty(height * height, np.float32)
    for tile in range(tiles.shape[0]):
        one, other = tiles[tile]
        reach, other_reach = kept.reach[one], kept.reach[other]
        if counting:
            reach = other_reach = np.float32(np.inf)
        if square_gap(cloud, one, other) > max(reach, other_reach):
            continue
        n = _choose(cloud, kept, one, other, other_reach, gaps, places[0], halves[0], levels[0])
        if n == 0:
            continue
        m = _choose(cloud, kept, other, one, reach, gaps, places[1], halves[1], levels[1])
        if m == 0:
            continue
        left = _chosen_rows(cloud, one, places[0, :n], sides[0])
        right = _chosen_rows(cloud, other, places[1, :m], sides[1])
        scores = products[: n * m].reshape(n, m)
        np.dot(left, right.T, scores)
        if counting:
            largest = max(largest, _count_tile(scores, halves, one == other, gaps, counts))
        # Within one block every pair is met twice, and rows alone see all.
        _select(scores, places, halves, levels, kept, one != other)
        for block in (one, other):
            worst = kept.worst[cloud.starts[block] : cloud.starts[block + 1]]
            kept.reach[block] = -2.0 * worst.min()
    return largest


@njit(cache=True, nogil=True)
@no_type_check
def square_gap(cloud: Any, one: int, other: int) -> Any:
    """Bound the squared distances between the rows of two blocks from below by their boxes."""
    square = np.float32(0.0)
    for axis in range(cloud.low.shape[1]):
        below = cloud.low[other, axis] - cloud.high[one, axis]
        above = cloud.low[one, axis] - cloud.high[other, axis]
        gap = max(below, above, np.float32(0.0))
        square += gap * gap
    return square


@njit(cache=True, nogil=True)
@no_type_check
def _choose(
    cloud: Any,
    kept: Any,
    block: int,
    other: int,
    reach: Any,
    gaps: Any,
    places: Any,
    halves: Any,
    levels: Any,
) -> int:
    """List the rows of a block that may have or be neighbours in the other; return how many."""
    first, last = cloud.starts[block], cloud.starts[block + 1]
    gaps[: last - first] = 0.0
    for axis in range(cloud.projections.shape[0]):
        line = cloud.projections[axis, first:last]
        _add_square_gaps(line, cloud.low[other, axis], cloud.high[other, axis], gaps)
    n = 0
    for row in range(first, last):
        gap = gaps[row - first]
        if gap <= reach or gap <= -2.0 * kept.worst[row]:
            places[n] = row
            halves[n] = cloud.halves[row]
            levels[n] = cloud.halves[row] + kept.worst[row]
            n += 1
    return n


@njit(cache=True, nogil=True)
@no_type_check
def _chosen_rows(cloud: Any, block: int, places: Any, room: Any) -> Any:
    """Return the rows of a block at some places, without a copy if these are all."""
    first, last = cloud.starts[block], cloud.starts[block + 1]
    if places.size == last - first:
        return cloud.rows[first:last]
    for i in range(places.size):
        _copy(cloud.rows[places[i]], room[i])
    return room[: places.size]


@njit(cache=True, nogil=True)
@no_type_check
def _copy(source: Any, target: Any) -> None:
    for axis in range(source.size):
        target[axis] = source[axis]


@njit(cache=True, nogil=True)
@no_type_check
def _add_square_gaps(line: Any, low: Any, high: Any, gaps: Any) -> None:
    for i in range(line.size):
        below, above = low - line[i], line[i] - high
        gap = below if below > above else above
        gap = gap if gap > 0.0 else np.float32(0.0)
        gaps[i] += gap * gap


@njit(cache=True, nogil=True)
@no_type_check
def _count_tile(products: Any, halves: Any, same: bool, squares: Any, counts: Any) -> Any:
    """Count the pairs of a tile, of a block with itself each once; return the largest square."""
    n, m = products.shape
    largest = np.int32(0)
    for i in range(n):
        first = i + 1 if same else 0
        line = squares[: m - first]
        _write_squares(products[i, first:], halves[0, i], halves[1, first:m], line)
        largest = max(largest, count_squares(line, line, counts))
    return largest


@njit(cache=True, nogil=True)
@no_type_check
def _write_squares(products: Any, half: Any, halves: Any, squares: Any) -> None:
    for j in range(products.size):
        score = half + halves[j] - products[j]
        squares[j] = max(score + score, np.float32(0.0))


@njit(cache=True, nogil=True)
@no_type_check
def _select(products: Any, places: Any, halves: Any, levels: Any, kept: Any, both: bool) -> None:
    n, m = products.shape
    column_halves, column_levels = halves[1, :m], levels[1, :m]
    for i in range(n):
        row, half = places[0, i], halves[0, i]
        line = products[i]
        start = _next_near(line, column_halves, column_levels, half, levels[0, i], 0)
        while start < m:
            for j in range(start, min(start + _CHUNK, m)):
                if line[j] - column_halves[j] > levels[0, i]:
                    _keep(kept, row, places[1, j], line[j] - column_halves[j] - half)
                    levels[0, i] = half + kept.worst[row]
                if both and line[j] - column_levels[j] > half:
                    _keep(kept, places[1, j], row, line[j] - column_halves[j] - half)
                    column_levels[j] = column_halves[j] + kept.worst[places[1, j]]
            start = _next_near(
                line, column_halves, column_levels, half, levels[0, i], start + _CHUNK
            )


@njit(cache=True, nogil=True, fastmath={"reassoc"})
@no_type_check
def _next_near(products: Any, halves: Any, levels: Any, half: Any, level: Any, start: int) -> int:
    """Find the next chunk in which a score beats the worst kept by its row or its column."""
    while start < products.size:
        stop = start + _CHUNK
        # Views from zero: indices that may be negative would keep this from being vectorised.
        line, half_line, level_line = products[start:stop], halves[start:stop], levels[start:stop]
        count = np.float32(0.0)
        for j in range(line.size):
            near = (line[j] - half_line[j] > level) | (line[j] - level_line[j] > half)
            count += np.float32(1.0) if near else np.float32(0.0)
        if count > 0.0:
            return start
        start = stop
    return start


@njit(cache=True, nogil=True)
@no_type_check
def _keep(kept: Any, row: int, other: int, score: Any) -> None:
    """Let a better score take the place of a row's worst, and sink to where it belongs."""
    # The test that led here rounds otherwise; the worst must never become worse.
    if score <= kept.worst[row]:
        return
    scores, found = kept.scores, kept.found
    size = scores.shape[1]
    place, child = 0, 1
    while child < size:
        if child + 1 < size and scores[row, child + 1] < scores[row, child]:
            child += 1
        if scores[row, child] >= score:
            break
        scores[row, place] = scores[row, child]
        found[row, place] = found[row, child]
        place, child = child, 2 * child + 1
    scores[row, place] = score
    found[row, place] = other
    kept.worst[row] = scores[row, 0]
