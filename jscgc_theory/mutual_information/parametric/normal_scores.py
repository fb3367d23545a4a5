"""Coordinates replaced by normal or other scores of their ranks."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

Cloud = Float[NDArray[np.float64], "n_points dim"]


@dataclass(frozen=True)
class RankTransform:
    """The empirical distribution function of each column, continued between the points."""

    sorted_columns: Float[NDArray[np.float64], "n_reference dim"]

    @classmethod
    def of(cls, cloud: Cloud) -> Self:
        """Learn the columns' distribution functions.

        Args:
            cloud: Shape (n_points, dim).

        Returns:
            The transform.
        """
        return cls(np.sort(cloud, axis=0))

    def levels(self, cloud: Cloud) -> Cloud:
        """Return (rank - 1/2)/n of every entry among the learnt ones, equal for ties.

        New entries between two learnt ones get the level between theirs, so that distinct
        entries stay distinct; beyond the range, that of half the outermost step.
        """
        n_reference = len(self.sorted_columns)
        levels = np.empty_like(cloud)
        for column, reference in enumerate(self.sorted_columns.T):
            values, first, counts = np.unique(reference, return_index=True, return_counts=True)
            centres = (first + 0.5 * counts) / n_reference
            ends = 0.25 / n_reference, 1.0 - 0.25 / n_reference
            levels[:, column] = np.interp(cloud[:, column], values, centres, *ends)
        return levels
