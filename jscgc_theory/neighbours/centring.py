"""Centre and scale a cloud before distances are taken, so that offsets and units do no harm."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

_CHUNK_ROWS = 4096


class CentredMatrix(NamedTuple):
    """A cloud moved to its mean and divided by its root-mean-square radius."""

    rows: NDArray[np.floating]
    """Matrix (n_points, ambient_dim), contiguous, of the input's precision."""
    scale: float
    """Multiply distances between ``rows`` by this to get data units."""


def centred_matrix(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
    *,
    centre: Float[NDArray[np.float64], " ambient_dim"] | None = None,
    scale: float | None = None,
) -> CentredMatrix:
    """Centre a cloud and bring it to unit root-mean-square radius.

    The mean is taken in float64 and subtracted before any rounding, so that float32 points keep
    the digits they came with. Constant coordinates are dropped: they add nothing to distances.

    Args:
        points: Cloud, shape (n_points, ambient_dim); may be memory-mapped.
        centre: Point to subtract, shape (ambient_dim,); the mean by default.
        scale: Length to divide by, in data units; the root-mean-square radius by default.

    Returns:
        The moved cloud and the scale that undoes the division.
    """
    mean = np.zeros(points.shape[1])
    for start in range(0, points.shape[0], _CHUNK_ROWS):
        mean += points[start : start + _CHUNK_ROWS].sum(axis=0, dtype=np.float64)
    mean = mean / points.shape[0] if centre is None else centre
    dtype = np.float32 if points.dtype == np.float32 else np.float64
    rows = np.empty(points.shape, dtype=dtype)
    square_sum = 0.0
    for start in range(0, points.shape[0], _CHUNK_ROWS):
        moved = points[start : start + _CHUNK_ROWS].astype(np.float64) - mean
        largest = float(np.abs(moved).max(initial=0.0))
        if largest > 0.0:
            square_sum += largest**2 * float(np.sum((moved / largest) ** 2))
        rows[start : start + _CHUNK_ROWS] = moved
    radius = float(np.sqrt(square_sum / points.shape[0]))
    divisor = scale if scale is not None else (radius if radius > 0.0 else 1.0)
    rows /= dtype(divisor)
    return CentredMatrix(rows, divisor)
