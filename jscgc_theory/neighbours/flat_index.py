"""The flat search asked about some rows alone, as a task of a larger pass does."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.centring import CentredMatrix, centred_matrix
from jscgc_theory.neighbours.flat_search import rank_candidates, search_in_float64


@dataclass(frozen=True)
class FlatIndex:
    """A cloud in float32, whose distances from some of its points are measured in full."""

    moved: CentredMatrix
    faiss_index: Any
    """faiss's exhaustive index over ``moved.rows``."""

    @classmethod
    def of(cls, points: Float[NDArray[np.floating], "n_points ambient_dim"]) -> Self:
        """Round the cloud.

        Args:
            points: Cloud, shape (n_points, ambient_dim).

        Returns:
            The index.
        """
        import faiss

        moved = centred_matrix(points, dtype=np.float32)
        index = faiss.IndexFlatL2(moved.rows.shape[1])
        index.add(moved.rows)
        return cls(moved, index)

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
        distances, indices, sure = rank_candidates(
            self.moved, rows, n_neighbours, self._candidates
        )
        if not sure.all():
            distances[~sure], indices[~sure] = search_in_float64(
                self.moved.original, rows[~sure], n_neighbours
            )
        return distances * self.moved.scale, indices

    def _candidates(
        self, block: NDArray[np.int64], n_candidates: int
    ) -> tuple[NDArray[np.integer], NDArray[np.floating]]:
        squares, found = self.faiss_index.search(self.moved.rows[block], n_candidates)
        return found, squares[:, -1]
