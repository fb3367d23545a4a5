"""Compiled loops over pairs of rows: counting by distance, listing the close ones, measuring."""

import math
from typing import Any, no_type_check

import numpy as np
from numba import njit

from jscgc_theory.neighbours.pair_histogram import BIN_SHIFT

_TILE_COLUMNS = 640
# Pairs that are tested before the first branch.
_CHUNK = 32


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
@no_type_check
def measure_pairs(points: Any, first: Any, second: Any, scale: float, distances: Any) -> None:
    """Write the distances of pairs of rows, from differences in float64, over a scale.

    Args:
        points: Matrix (n_points, ambient_dim), float32 or float64.
        first: Row numbers, shape (n_pairs,).
        second: Row numbers, shape (n_pairs,).
        scale: Differences are divided by it before they are squared, lest they leave the range.
        distances: Overwritten, shape (n_pairs,).
    """
    for pair in range(first.size):
        one, other = points[first[pair]], points[second[pair]]
        square = 0.0
        for axis in range(one.size):
            difference = (np.float64(one[axis]) - np.float64(other[axis])) / scale
            square += difference * difference
        distances[pair] = math.sqrt(square)


@njit(cache=True, nogil=True)
@no_type_check
def scan_strip(
    cloud: Any,
    norms: Any,
    others: Any,
    other_norms: Any,
    strip: Any,
    symmetric: bool,
    skip_own: bool,
    limit: Any,
    rounding: Any,
    counts: Any,
) -> Any:
    """Count the pairs of some rows by squared distance and list those near or within a limit.

    Squared distances are |x|^2 + |y|^2 - 2 x.y, tile by tile, while they are in the cache.

    Args:
        cloud: First cloud, float32 or float64.
        norms: Its squared norms.
        others: Second cloud, of the same type; the first one again if ``symmetric``.
        other_norms: Its squared norms.
        strip: First and last row of the first cloud, the last left out.
        symmetric: Whether a pair of rows is met once, by its first row.
        skip_own: Whether rows of equal number are no pair.
        limit: Squared distance.
        rounding: Relative to the sum of both squared norms, what a listed pair may exceed it by.
        counts: Pairs in each bin, added to.

    Returns:
        Row numbers of the pairs listed, shape (n_listed, 2), and the largest squared distance, as
        the bits of a float32.
    """
    start, stop = strip
    n_others = others.shape[0]
    rows = cloud[start:stop]
    room = np.empty((stop - start) * _TILE_COLUMNS, cloud.dtype)
    rounded = np.empty(_TILE_COLUMNS, np.float32)
    limits = np.empty(_TILE_COLUMNS, cloud.dtype)
    listed, n_listed = np.empty((1024, 2), np.int64), 0
    largest = np.int32(0)
    for left in range(start if symmetric else 0, n_others, _TILE_COLUMNS):
        width = min(_TILE_COLUMNS, n_others - left)
        tile_norms = other_norms[left : left + width]
        products = room[: rows.shape[0] * width].reshape(rows.shape[0], width)
        np.dot(rows, others[left : left + width].T, products)
        for row in range(start, stop):
            first = max(0, row + 1 - left) if symmetric else 0
            if first >= width:
                continue
            line, own = products[row - start], row - left
            _to_squares(line, norms[row], tile_norms)
            skipped = skip_own and 0 <= own < width
            if skipped:
                line[own] = 0.0
            largest = max(largest, count_squares(line[first:], rounded, counts))
            if skipped:
                counts[0] -= own >= first
                line[own] = np.inf
            for j in range(width):
                limits[j] = limit + rounding * (norms[row] + tile_norms[j])
            listed, n_listed = _list_near(line, limits, first, row, left, listed, n_listed)
    return listed[:n_listed], largest


@njit(cache=True, nogil=True)
@no_type_check
def count_rows(rows: Any, norms: Any, own: Any, others: Any, other_norms: Any, counts: Any) -> Any:
    """Count the pairs of some rows and a cloud by squared distance.

    Args:
        rows: Some rows, float32 or float64.
        norms: Their squared norms.
        own: Which row of the cloud each of them may not be paired with; -1 for none.
        others: The cloud, of the same type.
        other_norms: Its squared norms.
        counts: Pairs in each bin, for each row or for all in one, added to.

    Returns:
        The largest squared distance, as the bits of a float32.
    """
    n_rows, n_others = rows.shape[0], others.shape[0]
    room = np.empty(n_rows * _TILE_COLUMNS, rows.dtype)
    rounded = np.empty(_TILE_COLUMNS, np.float32)
    largest = np.int32(0)
    for left in range(0, n_others, _TILE_COLUMNS):
        width = min(_TILE_COLUMNS, n_others - left)
        products = room[: n_rows * width].reshape(n_rows, width)
        np.dot(rows, others[left : left + width].T, products)
        for row in range(n_rows):
            line, place = products[row], own[row] - left
            histogram = counts[row % counts.shape[0]]
            _to_squares(line, norms[row], other_norms[left : left + width])
            if 0 <= place < width:
                line[place] = 0.0
                histogram[0] -= 1
            largest = max(largest, count_squares(line, rounded, histogram))
    return largest


@njit(cache=True, nogil=True)
@no_type_check
def _to_squares(line: Any, norm: Any, norms: Any) -> None:
    """Turn products into squared distances."""
    for j in range(line.size):
        line[j] = max(norm + norms[j] - (line[j] + line[j]), norm - norm)


@njit(cache=True, nogil=True)
@no_type_check
def count_squares(line: Any, rounded: Any, counts: Any) -> Any:
    """Add pairs to the bins of their squared distances.

    Args:
        line: Squared distances.
        rounded: Room for as many float32.
        counts: Pairs in each bin, added to.

    Returns:
        The largest, as the bits of a float32: of numbers that are not negative these are in the
        same order, and whole numbers are compared several at a time.
    """
    for j in range(line.size):
        rounded[j] = line[j]
    bits = rounded[: line.size].view(np.int32)
    largest = np.int32(0)
    for j in range(bits.size):
        largest = max(largest, bits[j])
    for j in range(bits.size):
        counts[bits[j] >> BIN_SHIFT] += 1
    return largest


@njit(cache=True, nogil=True)
@no_type_check
def _list_near(
    line: Any, limits: Any, first: int, row: int, left: int, listed: Any, n_listed: int
) -> Any:
    """Append the pairs of a row that lie within limits; the list is doubled when it is full."""
    for start in range(first, line.size, _CHUNK):
        stop = min(start + _CHUNK, line.size)
        if not _any_within(line[start:stop], limits[start:stop]):
            continue
        if n_listed + _CHUNK > listed.shape[0]:
            longer = np.empty((2 * listed.shape[0], 2), np.int64)
            longer[:n_listed] = listed[:n_listed]
            listed = longer
        for j in range(start, stop):
            if line[j] <= limits[j]:
                listed[n_listed, 0], listed[n_listed, 1] = row, left + j
                n_listed += 1
    return listed, n_listed


@njit(cache=True, nogil=True, fastmath={"reassoc"})
@no_type_check
def _any_within(line: Any, limits: Any) -> bool:
    count = np.float32(0.0)
    for j in range(line.size):
        count += np.float32(1.0) if line[j] <= limits[j] else np.float32(0.0)
    return count > 0.0
