"""The compiled loop that measures a cloud from one place."""

from typing import Any, no_type_check

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
