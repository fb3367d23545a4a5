"""The points around a place, found anew for a place close by without measuring all of them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_ROUNDING = 1e-3
"""Far more than float32 distances are rounded by; it only lengthens the list that is measured."""


class Surroundings(NamedTuple):
    """A cloud with its squared distances from one place."""

    cloud: NDArray[np.floating]
    """Points, shape (n_points, ambient_dim)."""
    place: NDArray[np.float64]
    """Shape (ambient_dim,)."""
    square_distances: NDArray[np.float64]
    """Shape (n_points,)."""

    @classmethod
    def of(cls, place: NDArray[np.float64], cloud: NDArray[np.floating]) -> "Surroundings":
        """Measure a cloud from a place.

        Args:
            place: Shape (ambient_dim,).
            cloud: Points, shape (n_points, ambient_dim).

        Returns:
            The cloud with its distances.
        """
        return cls(cloud, place, square_distances(cloud, place))

    def nearest(
        self, place: NDArray[np.float64], count: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the points nearest to a place, the measured one or another.

        If r is the distance within which ``count`` points lie about the measured place and s the
        step to the other, as many lie within r + s of that one; by the triangle inequality they
        are among those within r + 2 s of the measured place, and only these are looked at.

        Args:
            place: Shape (ambient_dim,).
            count: How many, at most n_points.

        Returns:
            Their row numbers in no order and their squared distances, shape (count,) each.
        """
        if place is self.place:
            rows, square = np.arange(len(self.cloud)), self.square_distances
        else:
            inner = np.sqrt(np.partition(self.square_distances, count - 1)[count - 1])
            reach = (inner + 2.0 * np.linalg.norm(place - self.place)) * (1.0 + _ROUNDING)
            rows = np.flatnonzero(self.square_distances <= reach**2)
            # Copying rows costs as much as measuring them.
            whole = 2 * len(rows) > len(self.cloud)
            rows = np.arange(len(self.cloud)) if whole else rows
            square = square_distances(self.cloud if whole else self.cloud[rows], place)
        nearest = np.argpartition(square, count - 1)[:count]
        return rows[nearest], square[nearest]

    def nearest_points(self, place: NDArray[np.float64], count: int) -> NDArray[np.float64]:
        """Return the points nearest to a place.

        Args:
            place: Shape (ambient_dim,).
            count: How many, at most n_points.

        Returns:
            The points in no order, shape (count, ambient_dim).
        """
        return self.cloud[self.nearest(place, count)[0]].astype(np.float64)


def square_distances(
    cloud: NDArray[np.floating], place: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return squared distances of all points from a place, by differences, so that none cancels.

    Args:
        cloud: Points, shape (n_points, ambient_dim).
        place: Shape (ambient_dim,).

    Returns:
        Squared distances, shape (n_points,).
    """
    from jscgc_theory.covering_numbers.distance_kernel import write_square_distances

    square = np.empty(len(cloud))
    write_square_distances(cloud, place.astype(cloud.dtype), square)
    return square
