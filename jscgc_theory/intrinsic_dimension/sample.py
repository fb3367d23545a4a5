"""What an estimator of dimension is given: distinct points and their neighbours, prepared once."""

import os
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.neighbours import (
    Neighbours,
    coarse_resolution_notice,
    duplicates_notice,
    nearest_neighbours,
    neighbours_from_distances,
    settle_duplicates,
)
from jscgc_theory.neighbours.neighbour_table import Progress
from jscgc_theory.records import Notice
from jscgc_theory.validation import check_points

MIN_POINTS = 5
"""Fewer distinct points than this say nothing about a dimension."""


@dataclass(frozen=True)
class Sample:
    """Distinct points with a shared table of nearest neighbours."""

    points: NDArray[np.floating] | None
    """Cloud (n_points, ambient_dim), or None if only distances are known."""
    neighbours: Neighbours
    n_duplicates: int = 0
    notices: tuple[Notice, ...] = ()

    @classmethod
    def from_points(
        cls,
        points: ArrayLike,
        n_neighbours: int,
        *,
        dask: Any = None,
        resume: str | os.PathLike[str] | None = None,
        count_pairs: bool = False,
        progress: Progress | None = None,
    ) -> Self:
        """Validate a cloud, drop repeated rows and find neighbours.

        Args:
            points: Cloud, shape (n_points, ambient_dim).
            n_neighbours: Neighbours wanted; fewer are taken if there are fewer points.
            dask: A Dask client or the address of a scheduler, whose workers find the neighbours.
            resume: Folder that keeps finished blocks of the neighbour search.
            count_pairs: Whether all pairs will be asked for, so that the search may count them.
            progress: Told the finished fraction of the neighbour search.

        Returns:
            The sample.

        Raises:
            InputError: If fewer than five distinct points remain.
        """
        cloud = check_points(points, min_points=MIN_POINTS)
        distinct, n_duplicates = settle_duplicates(cloud, min_points=MIN_POINTS)
        table = nearest_neighbours(
            distinct,
            min(n_neighbours, len(distinct) - 1),
            dask=dask,
            resume=resume,
            count_pairs=count_pairs,
            progress=progress,
        )
        if not table.distances[:, 0].all():
            raise InputError(
                "points differ by less than their floating-point numbers resolve in distance; "
                "rescale the data or remove near-repetitions"
            )
        notices = []
        if n_duplicates:
            notices.append(duplicates_notice(n_duplicates, len(cloud)))
        coarse = coarse_resolution_notice(cloud, float(np.median(table.distances[:, 0])))
        if coarse is not None:
            notices.append(coarse)
        return cls(distinct, table, n_duplicates, tuple(notices))

    @classmethod
    def from_distances(cls, matrix: ArrayLike, n_neighbours: int) -> Self:
        """Take neighbours from a matrix of distances computed elsewhere.

        Args:
            matrix: Symmetric distances, shape (n_points, n_points).
            n_neighbours: Neighbours wanted; fewer are taken if there are fewer points.

        Returns:
            The sample, without coordinates.

        Raises:
            InputError: If the matrix is no distance matrix or two points coincide.
        """
        n_points = check_points(matrix, name="distances", min_points=MIN_POINTS).shape[0]
        table = neighbours_from_distances(matrix, min(n_neighbours, n_points - 1))
        if not table.distances[:, 0].all():
            row = int(np.flatnonzero(table.distances[:, 0] == 0.0)[0])
            raise InputError(f"row {row} of distances repeats another point; drop one of them")
        return cls(None, table)

    @property
    def n_points(self) -> int:
        """Number of distinct points."""
        return self.neighbours.n_points

    def require_points(self, method: str) -> NDArray[np.floating]:
        """Return the coordinates, which some methods cannot do without.

        Args:
            method: Who asks.

        Returns:
            Cloud, shape (n_points, ambient_dim).

        Raises:
            InputError: If only distances are known.
        """
        if self.points is None:
            raise InputError(
                f"{method} needs coordinates, but only distances were given; pass points"
            )
        return self.points
