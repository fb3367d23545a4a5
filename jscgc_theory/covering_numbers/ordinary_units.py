"""Clouds in units of length whose squares floating-point numbers hold."""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

_SMALLEST, _LARGEST = 1e-130, 1e130


def in_ordinary_units(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
) -> tuple[Float[NDArray[np.floating], "n_points ambient_dim"], float]:
    """Divide a cloud by a power of two, which no digit feels, if squares would leave the range.

    Args:
        points: Cloud, shape (n_points, ambient_dim).

    Returns:
        The cloud, as it was where its squares are held, and the unit to multiply lengths by.
    """
    largest = max(float(points.max()), -float(points.min()))
    if largest == 0.0 or _SMALLEST <= largest <= _LARGEST:
        return points, 1.0
    exponent = math.frexp(largest)[1] - 1
    return np.ldexp(points, -exponent), math.ldexp(1.0, exponent)
