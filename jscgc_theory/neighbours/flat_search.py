"""Nearest neighbours by blocks of the full distance matrix: float32 filter, float64 ranking."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.tree_search import drop_self

_ROWS_PER_BLOCK = 2048
_GATHERED_VALUES = 8_000_000

Filter = Callable[[NDArray[np.float32], int], tuple[NDArray[np.float32], NDArray[np.int64]]]
"""Rows and a count to approximate squared distances (ascending) and row numbers."""


def search_flat(
    rows: Float[NDArray[np.floating], "n_points ambient_dim"],
    n_neighbours: int,
    progress: Callable[[float], None] | None = None,
) -> tuple[
    Float[NDArray[np.float64], "n_points n_neighbours"],
    Int[NDArray[np.int64], "n_points n_neighbours"],
]:
    """Find nearest neighbours with faiss's exhaustive float32 search as the filter.

    Args:
        rows: Centred cloud of unit radius, shape (n_points, ambient_dim).
        n_neighbours: Neighbours per point.
        progress: Told the finished fraction.

    Returns:
        Distances and row numbers, the point itself left out.
    """
    import faiss

    cloud = np.ascontiguousarray(rows, dtype=np.float32)
    index = faiss.IndexFlatL2(cloud.shape[1])
    index.add(cloud)
    return refine(rows, cloud, n_neighbours, index.search, progress)


def refine(
    rows: Float[NDArray[np.floating], "n_points ambient_dim"],
    cloud: Float[NDArray[np.float32], "n_points ambient_dim"],
    n_neighbours: int,
    candidates: Filter,
    progress: Callable[[float], None] | None,
) -> tuple[
    Float[NDArray[np.float64], "n_points n_neighbours"],
    Int[NDArray[np.int64], "n_points n_neighbours"],
]:
    """Turn a float32 filter into exact neighbours.

    A row is certified if its last exact distance lies below every candidate the filter may have
    missed, rounding of the filter included; other rows are searched again in float64.

    Args:
        rows: Centred cloud in its own precision, shape (n_points, ambient_dim).
        cloud: The same in float32.
        n_neighbours: Neighbours per point.
        candidates: The filter.
        progress: Told the finished fraction.

    Returns:
        Distances and row numbers, the point itself left out.
    """
    n_points, ambient_dim = rows.shape
    n_candidates = min(n_points, n_neighbours + 1 + max(8, n_neighbours // 4))
    square_norms = np.einsum("ij,ij->i", cloud, cloud, dtype=np.float64)
    # Rounding of |x|^2 + |y|^2 - 2 x.y: each term is a sum of ambient_dim rounded products.
    rounding = 4.0 * np.finfo(np.float32).eps * (2.0 + np.sqrt(ambient_dim))
    distances = np.empty((n_points, n_neighbours))
    indices = np.empty((n_points, n_neighbours), dtype=np.int64)
    for start in range(0, n_points, _ROWS_PER_BLOCK):
        block = np.arange(start, min(start + _ROWS_PER_BLOCK, n_points))
        approximate, found = candidates(cloud[block], n_candidates)
        exact = _exact_distances(rows, block, found)
        order = np.argsort(exact, axis=1, kind="stable")
        exact = np.take_along_axis(exact, order, axis=1)
        found = np.take_along_axis(found, order, axis=1)
        distances[block], indices[block] = (
            table[:, :n_neighbours] for table in drop_self(exact, found, block)
        )
        if n_candidates < n_points:
            error = rounding * (square_norms[block] + square_norms[found].max(axis=1))
            unsure = distances[block][:, -1] ** 2 > approximate[:, -1] - error
            for row in block[unsure]:
                distances[row], indices[row] = _search_one(rows, int(row), n_neighbours)
        if progress is not None:
            progress((block[-1] + 1) / n_points)
    return distances, indices


def _exact_distances(
    rows: NDArray[np.floating], block: NDArray[np.int64], found: NDArray[np.int64]
) -> NDArray[np.float64]:
    exact = np.empty(found.shape)
    step = max(1, _GATHERED_VALUES // (found.shape[1] * rows.shape[1]))
    for start in range(0, len(block), step):
        part = slice(start, start + step)
        difference = rows[found[part]] - rows[block[part]][:, None, :]
        exact[part] = np.sqrt(np.einsum("ijk,ijk->ij", difference, difference, dtype=np.float64))
    return exact


def _search_one(
    rows: NDArray[np.floating], row: int, n_neighbours: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    difference = rows - rows[row]
    square = np.einsum("ij,ij->i", difference, difference, dtype=np.float64)
    square[row] = np.inf
    nearest = np.argpartition(square, n_neighbours - 1)[:n_neighbours]
    nearest = nearest[np.argsort(square[nearest], kind="stable")]
    return np.sqrt(square[nearest]), nearest
