"""Nearest neighbours by a k-d tree: float64 throughout, best at few coordinates."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.centring import CentredMatrix, centred_matrix

_ROWS_PER_QUERY = 20_000


@dataclass(frozen=True)
class TreeIndex:
    """A cloud in a k-d tree."""

    moved: CentredMatrix
    tree: Any
    """SciPy's ``cKDTree`` over ``moved.rows``."""
    n_threads: int
    """Threads of a search; -1 for as many as there are cores."""

    @classmethod
    def of(
        cls, points: Float[NDArray[np.floating], "n_points ambient_dim"], n_threads: int = -1
    ) -> Self:
        """Build the tree.

        Args:
            points: Cloud of distinct or repeated points, shape (n_points, ambient_dim).
            n_threads: Threads of a search; -1 for as many as there are cores.

        Returns:
            The index.
        """
        from scipy.spatial import cKDTree

        moved = centred_matrix(points, dtype=np.float64)
        return cls(moved, cKDTree(moved.rows), n_threads)

    def nearest(
        self, rows: Int[NDArray[np.int64], " n_rows"], n_neighbours: int
    ) -> tuple[
        Float[NDArray[np.float64], "n_rows n_neighbours"],
        Int[NDArray[np.int64], "n_rows n_neighbours"],
    ]:
        """Find the neighbours of some points among all.

        Args:
            rows: Row numbers of the points asked about.
            n_neighbours: Neighbours per point.

        Returns:
            Distances in data units and row numbers, the point itself left out.
        """
        found, where = self.tree.query(
            self.moved.rows[rows], k=n_neighbours + 1, workers=self.n_threads
        )
        _, indices = drop_self(found, where.astype(np.int64), rows)
        # Measured again: centring has rounded points that lie far out.
        measured = self.moved.distances(np.repeat(rows, n_neighbours), indices.ravel())
        distances = measured.reshape(indices.shape)
        order = np.argsort(distances, axis=1, kind="stable")
        distances = np.take_along_axis(distances, order, axis=1)
        return distances * self.moved.scale, np.take_along_axis(indices, order, axis=1)


def search_tree(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
    n_neighbours: int,
    progress: Callable[[float], None] | None = None,
) -> tuple[
    Float[NDArray[np.float64], "n_points n_neighbours"],
    Int[NDArray[np.int64], "n_points n_neighbours"],
]:
    """Find nearest neighbours with SciPy's k-d tree.

    Args:
        points: Cloud of distinct or repeated points, shape (n_points, ambient_dim).
        n_neighbours: Neighbours per point.
        progress: Told the finished fraction.

    Returns:
        Distances in data units and row numbers, the point itself left out.
    """
    index = TreeIndex.of(points)
    n_points = points.shape[0]
    distances = np.empty((n_points, n_neighbours))
    indices = np.empty((n_points, n_neighbours), dtype=np.int64)
    for start in range(0, n_points, _ROWS_PER_QUERY):
        rows = np.arange(start, min(start + _ROWS_PER_QUERY, n_points))
        distances[rows], indices[rows] = index.nearest(rows, n_neighbours)
        if progress is not None:
            progress((rows[-1] + 1) / n_points)
    return distances, indices


def drop_self(
    distances: Float[NDArray[np.float64], "n_rows n_found"],
    indices: Int[NDArray[np.int64], "n_rows n_found"],
    own: Int[NDArray[np.int64], " n_rows"],
) -> tuple[Float[NDArray[np.float64], "n_rows n_kept"], Int[NDArray[np.int64], "n_rows n_kept"]]:
    """Remove the query point from its own list of neighbours.

    Among repeated points the query need not come first, or be listed at all; then the last entry
    goes.

    Args:
        distances: Ascending distances, shape (n_rows, n_found).
        indices: Row numbers, same shape.
        own: Row number of each query, shape (n_rows,).

    Returns:
        Both tables with one column less.
    """
    is_self = indices == own[:, None]
    is_self[~is_self.any(axis=1), -1] = True
    keep = ~is_self
    shape = (indices.shape[0], indices.shape[1] - 1)
    return distances[keep].reshape(shape), indices[keep].reshape(shape)
