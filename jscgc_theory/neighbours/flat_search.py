"""Nearest neighbours by the matrix of distances: a fast filter, an exact ranking."""

from collections.abc import Callable
from contextlib import closing

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.centring import CentredMatrix, centred_matrix
from jscgc_theory.neighbours.pair_histogram import PairHistogram
from jscgc_theory.neighbours.threads import finished_in_threads
from jscgc_theory.neighbours.tree_search import drop_self

_ROWS_PER_BLOCK = 2048
_VALUES_PER_BLOCK = 8_000_000
_FILTER_SHARE = 0.9
"""Share of the time that the filter takes, as progress tells it."""

Filter = Callable[[NDArray[np.int64], int], tuple[NDArray[np.integer], NDArray[np.floating]]]
"""Row numbers of queries and a count to the rows listed for each, and the largest approximate
squared distance among them: no row left out has a smaller one."""

Table = tuple[NDArray[np.float64], NDArray[np.int64]]
"""Distances and row numbers, shape (n_rows, n_neighbours) each."""


def search_flat(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
    n_neighbours: int,
    progress: Callable[[float], None] | None = None,
) -> tuple[
    Float[NDArray[np.float64], "n_points n_neighbours"],
    Int[NDArray[np.int64], "n_points n_neighbours"],
]:
    """Find nearest neighbours with a float32 filter that computes each distance once.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        n_neighbours: Neighbours per point.
        progress: Told the finished fraction.

    Returns:
        Distances in data units and row numbers, the point itself left out.
    """
    distances, indices, _ = _search(points, n_neighbours, False, progress)
    return distances, indices


def search_and_count(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
    n_neighbours: int,
    progress: Callable[[float], None] | None = None,
) -> tuple[
    Float[NDArray[np.float64], "n_points n_neighbours"],
    Int[NDArray[np.int64], "n_points n_neighbours"],
    PairHistogram,
]:
    """Find nearest neighbours and count all pairs by distance.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        n_neighbours: Neighbours per point.
        progress: Told the finished fraction.

    Returns:
        Distances in data units and row numbers, the point itself left out, and the histogram.
    """
    return _search(points, n_neighbours, True, progress)


def _search(
    points: NDArray[np.floating],
    n_neighbours: int,
    count_pairs: bool,
    progress: Callable[[float], None] | None,
) -> tuple[NDArray[np.float64], NDArray[np.int64], PairHistogram]:
    from jscgc_theory.neighbours.tile_search import tile_search

    moved = centred_matrix(points, dtype=np.float32)
    found, farthest, histogram = tile_search(
        moved.rows,
        _n_candidates(len(moved.rows), n_neighbours),
        _share(progress, 0.0, _FILTER_SHARE),
        count_pairs=count_pairs,
    )
    table = refine(
        moved,
        n_neighbours,
        lambda block, _: (found[block], farthest[block]),
        _share(progress, _FILTER_SHARE, 1.0),
    )
    return *table, histogram


def _share(
    progress: Callable[[float], None] | None, low: float, high: float
) -> Callable[[float], None] | None:
    if progress is None:
        return None
    return lambda fraction: progress(low + (high - low) * fraction)


def refine(
    moved: CentredMatrix,
    n_neighbours: int,
    candidates: Filter,
    progress: Callable[[float], None] | None,
) -> tuple[
    Float[NDArray[np.float64], "n_points n_neighbours"],
    Int[NDArray[np.int64], "n_points n_neighbours"],
]:
    """Turn a float32 filter into exact neighbours.

    A row is certified if its last exact distance lies below every candidate the filter may have
    missed, rounding of the filter included; other rows are filtered again in float64, and those
    that float64 cannot certify either are compared with every point.

    Args:
        moved: The cloud.
        n_neighbours: Neighbours per point.
        candidates: The filter, over ``moved.rows``.
        progress: Told the finished fraction.

    Returns:
        Distances in data units and row numbers, the point itself left out.
    """
    n_points = len(moved.rows)
    distances = np.empty((n_points, n_neighbours))
    indices = np.empty((n_points, n_neighbours), dtype=np.int64)
    unsure = [np.zeros(0, dtype=np.int64)]

    def rank(start: int) -> NDArray[np.int64]:
        block = np.arange(start, min(start + _ROWS_PER_BLOCK, n_points))
        distances[block], indices[block], sure = rank_candidates(
            moved, block, n_neighbours, candidates
        )
        return block[~sure]

    starts = range(0, n_points, _ROWS_PER_BLOCK)
    with closing(finished_in_threads(rank, starts)) as ranked:
        for start, missing in zip(starts, ranked, strict=True):
            unsure.append(missing)
            if progress is not None and start + _ROWS_PER_BLOCK < n_points:
                progress((start + _ROWS_PER_BLOCK) / n_points)
    rest = np.concatenate(unsure)
    if rest.size:
        distances[rest], indices[rest] = search_in_float64(moved.original, rest, n_neighbours)
    if progress is not None:
        progress(1.0)
    return distances * moved.scale, indices


def _n_candidates(n_points: int, n_neighbours: int) -> int:
    """Return how many rows to list: the row itself, its neighbours, and some to certify them."""
    return min(n_points, n_neighbours + 1 + max(8, n_neighbours // 4))


def rank_candidates(
    moved: CentredMatrix, block: NDArray[np.int64], n_neighbours: int, candidates: Filter
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
    """Measure the filter's candidates exactly and tell for which rows they are sure to be all.

    Args:
        moved: The cloud.
        block: Row numbers of the queries.
        n_neighbours: Neighbours per point.
        candidates: The filter, over ``moved.rows``.

    Returns:
        Distances in units of the scale, row numbers, and for which rows no neighbour can be
        missing.
    """
    n_points, ambient_dim = moved.rows.shape
    n_candidates = _n_candidates(n_points, n_neighbours)
    listed, farthest = candidates(block, n_candidates)
    # Ascending, so that of rows equally far the first come first.
    found = np.sort(listed.astype(np.int64), axis=1)
    exact = moved.distances(np.repeat(block, n_candidates), found.ravel()).reshape(found.shape)
    order = np.argsort(exact, axis=1, kind="stable")
    exact = np.take_along_axis(exact, order, axis=1)
    found = np.take_along_axis(found, order, axis=1)
    exact, found = drop_self(exact, found, block)
    distances, indices = exact[:, :n_neighbours], found[:, :n_neighbours]
    if n_candidates == n_points:
        return distances, indices, np.ones(len(block), dtype=np.bool_)
    # Rounding of |x|^2 + |y|^2 - 2 x.y: each term is a sum of ambient_dim rounded products. A
    # missed neighbour y lies within the last distance r of x, hence |y|^2 <= 2 |x|^2 + 2 r^2.
    last = np.square(distances[:, -1])
    square_norm = np.einsum("ij,ij->i", moved.rows[block], moved.rows[block], dtype=np.float64)
    rounding = 4.0 * np.finfo(moved.rows.dtype).eps * (2.0 + np.sqrt(ambient_dim))
    return distances, indices, last <= farthest - rounding * (3.0 * square_norm + last)


def search_in_float64(
    points: NDArray[np.floating], rows: NDArray[np.int64], n_neighbours: int
) -> Table:
    """Search for some rows with a filter in float64, or without one where even that is not sure.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        rows: Row numbers of the queries.
        n_neighbours: Neighbours per point.

    Returns:
        Distances in units of the scale, and row numbers.
    """
    moved = centred_matrix(points, dtype=np.float64)
    cloud = moved.rows
    square_norms = np.einsum("ij,ij->i", cloud, cloud)

    def candidates(
        block: NDArray[np.int64], n_candidates: int
    ) -> tuple[NDArray[np.integer], NDArray[np.floating]]:
        square = cloud[block] @ cloud.T
        square *= -2.0
        square += square_norms[block][:, None]
        square += square_norms[None, :]
        nearest = np.argpartition(square, n_candidates - 1, axis=1)[:, :n_candidates]
        return nearest, np.take_along_axis(square, nearest, axis=1).max(axis=1)

    distances = np.empty((len(rows), n_neighbours))
    indices = np.empty((len(rows), n_neighbours), dtype=np.int64)
    step = max(1, _VALUES_PER_BLOCK // len(cloud))
    for start in range(0, len(rows), step):
        part = slice(start, min(start + step, len(rows)))
        distances[part], indices[part], sure = rank_candidates(
            moved, rows[part], n_neighbours, candidates
        )
        for place in np.flatnonzero(~sure) + start:
            distances[place], indices[place] = _search_one(moved, int(rows[place]), n_neighbours)
    return distances, indices


def _search_one(moved: CentredMatrix, row: int, n_neighbours: int) -> Table:
    others = np.delete(np.arange(len(moved.rows)), row)
    distances = moved.distances(np.full(len(others), row), others)
    nearest = np.argsort(distances, kind="stable")[:n_neighbours]
    return distances[nearest], others[nearest]
