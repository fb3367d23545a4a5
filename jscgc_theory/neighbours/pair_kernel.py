"""The compiled loop that measures pairs of rows, without a copy of the rows."""

import math
from typing import Any, no_type_check

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
@no_type_check
def measure_pairs(points: Any, first: Any, second: Any, scale: float, distances: Any) -> None:
    """Write the distances of pairs of rows, from differences in float64, over a scale.

    Args:
        points: Matrix (n_points, ambient_dim), float32 or float64.
        first: Row numbers, shape (n_pairs,).
        second: Row numbers, shape (n_pairs,).
        scale: Differences are divided by it before they are squared, lest they leave the range.
        distances: Overwritten, shape (n_pairs,).
    """
    for pair in range(first.size):
        one, other = points[first[pair]], points[second[pair]]
        square = 0.0
        for axis in range(one.size):
            difference = (np.float64(one[axis]) - np.float64(other[axis])) / scale
            square += difference * difference
        distances[pair] = math.sqrt(square)
