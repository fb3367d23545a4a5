"""Nearest neighbours by blocks of the full distance matrix: a fast filter, an exact ranking."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.centring import CentredMatrix, centred_matrix
from jscgc_theory.neighbours.tree_search import drop_self

_ROWS_PER_BLOCK = 2048
_VALUES_PER_BLOCK = 8_000_000

Filter = Callable[[NDArray[np.int64], int], tuple[NDArray[np.floating], NDArray[np.int64]]]
"""Row numbers of queries and a count to approximate squared distances (ascending) and rows."""

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
    """Find nearest neighbours with faiss's exhaustive float32 search as the filter.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        n_neighbours: Neighbours per point.
        progress: Told the finished fraction.

    Returns:
        Distances in data units and row numbers, the point itself left out.
    """
    import faiss

    moved = centred_matrix(points, dtype=np.float32)
    index = faiss.IndexFlatL2(moved.rows.shape[1])
    index.add(moved.rows)
    return refine(
        moved, n_neighbours, lambda block, count: index.search(moved.rows[block], count), progress
    )


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
    for start in range(0, n_points, _ROWS_PER_BLOCK):
        block = np.arange(start, min(start + _ROWS_PER_BLOCK, n_points))
        distances[block], indices[block], sure = _rank(moved, block, n_neighbours, candidates)
        unsure.append(block[~sure])
        if progress is not None and block[-1] + 1 < n_points:
            progress((block[-1] + 1) / n_points)
    rest = np.concatenate(unsure)
    if rest.size:
        distances[rest], indices[rest] = _search_in_float64(moved.original, rest, n_neighbours)
    if progress is not None:
        progress(1.0)
    return distances * moved.scale, indices


def _rank(
    moved: CentredMatrix, block: NDArray[np.int64], n_neighbours: int, candidates: Filter
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
    """Measure the filter's candidates exactly and tell for which rows they are sure to be all."""
    n_points, ambient_dim = moved.rows.shape
    n_candidates = min(n_points, n_neighbours + 1 + max(8, n_neighbours // 4))
    approximate, found = candidates(block, n_candidates)
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
    return distances, indices, last <= approximate[:, -1] - rounding * (3.0 * square_norm + last)


def _search_in_float64(
    points: NDArray[np.floating], rows: NDArray[np.int64], n_neighbours: int
) -> Table:
    moved = centred_matrix(points, dtype=np.float64)
    cloud = moved.rows
    square_norms = np.einsum("ij,ij->i", cloud, cloud)

    def candidates(
        block: NDArray[np.int64], n_candidates: int
    ) -> tuple[NDArray[np.floating], NDArray[np.int64]]:
        square = cloud[block] @ cloud.T
        square *= -2.0
        square += square_norms[block][:, None]
        square += square_norms[None, :]
        nearest = np.argpartition(square, n_candidates - 1, axis=1)[:, :n_candidates]
        return np.sort(np.take_along_axis(square, nearest, axis=1), axis=1), nearest

    distances = np.empty((len(rows), n_neighbours))
    indices = np.empty((len(rows), n_neighbours), dtype=np.int64)
    step = max(1, _VALUES_PER_BLOCK // len(cloud))
    for start in range(0, len(rows), step):
        part = slice(start, min(start + step, len(rows)))
        distances[part], indices[part], sure = _rank(moved, rows[part], n_neighbours, candidates)
        for place in np.flatnonzero(~sure) + start:
            distances[place], indices[place] = _search_one(moved, int(rows[place]), n_neighbours)
    return distances, indices


def _search_one(moved: CentredMatrix, row: int, n_neighbours: int) -> Table:
    others = np.delete(np.arange(len(moved.rows)), row)
    distances = moved.distances(np.full(len(others), row), others)
    nearest = np.argpartition(distances, n_neighbours - 1)[:n_neighbours]
    nearest = nearest[np.argsort(distances[nearest], kind="stable")]
    return distances[nearest], others[nearest]
