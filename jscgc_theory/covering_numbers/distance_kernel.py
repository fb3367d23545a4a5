"""Compiled loops over the rows of a cloud: their distances from a place, and their mean."""

from typing import Any, no_type_check

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
@no_type_check
def write_square_distances(cloud: Any, place: Any, square: Any) -> None:
    """Write the squared distances of all points from a place, in the precision of the cloud.

    Args:
        cloud: Points, shape (n_points, ambient_dim).
        place: Of the same type, shape (ambient_dim,).
        square: Overwritten, shape (n_points,).
    """
    for row in range(cloud.shape[0]):
        total = place[0] - place[0]
        for axis in range(cloud.shape[1]):
            difference = cloud[row, axis] - place[axis]
            total += difference * difference
        square[row] = total


@njit(cache=True, nogil=True)
@no_type_check
def mean_of_rows(cloud: Any, rows: Any) -> Any:
    """Return the mean of some points, summed in float64 without a copy of them.

    Args:
        cloud: Points, shape (n_points, ambient_dim).
        rows: Row numbers, at least one.

    Returns:
        Shape (ambient_dim,).
    """
    total = np.zeros(cloud.shape[1])
    for place in range(rows.size):
        row = cloud[rows[place]]
        for axis in range(row.size):
            total[axis] += row[axis]
    return total / rows.size
