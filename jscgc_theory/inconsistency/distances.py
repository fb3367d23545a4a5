"""Distances between each source point and what was generated for it."""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.validation import check_paired

_VALUES_PER_CHUNK = 1 << 22


def pair_distances(
    source: ArrayLike, generated: ArrayLike
) -> Float[NDArray[np.float64], " n_pairs"]:
    """Return the Euclidean distance of each pair, ``rho(x, x_hat) = |x - x_hat|``.

    Rows are subtracted in float64 before anything is squared, so a common offset cancels, and
    scaled by their largest difference, so no scale of the data under- or overflows. A bounded
    number of rows is in memory at a time.

    Args:
        source: x, shape (n_pairs, ambient_dim), in data units.
        generated: x_hat, of the same shape.

    Returns:
        Distances in data units, shape (n_pairs,).

    Raises:
        InputError: If either is unusable or the shapes differ.
    """
    first, second = check_paired(source, generated)
    n_pairs, ambient_dim = first.shape
    distances = np.empty(n_pairs)
    step = max(1, _VALUES_PER_CHUNK // ambient_dim)
    for start in range(0, n_pairs, step):
        rows = slice(start, start + step)
        distances[rows] = _row_norms(first[rows].astype(np.float64) - second[rows])
    return distances


def _row_norms(
    difference: Float[NDArray[np.float64], "rows ambient_dim"],
) -> Float[NDArray[np.float64], " rows"]:
    largest = np.abs(difference).max(axis=1)
    scale = np.where(largest > 0.0, largest, 1.0)
    difference /= scale[:, None]
    norms: Float[NDArray[np.float64], " rows"] = scale * np.sqrt(
        np.einsum("ij,ij->i", difference, difference)
    )
    return np.where(largest > 0.0, norms, 0.0)
