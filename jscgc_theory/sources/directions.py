"""Unit vectors: the directions of given rows, and uniformly random ones."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

Rows = Float[NDArray[np.float64], "n_rows n_columns"]


def directions_of(vectors: Rows) -> Rows:
    """Return every row divided by its length.

    Args:
        vectors: One vector a row.

    Returns:
        Unit vectors; the first axis for a row of zeros, which has no direction of its own.
    """
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    first_axis = np.zeros_like(vectors)
    first_axis[:, 0] = 1.0
    return np.where(length > 0.0, vectors / np.where(length > 0.0, length, 1.0), first_axis)


def uniform_directions(n_vectors: int, dim: int, rng: np.random.Generator) -> Rows:
    """Draw independent directions, uniform on the unit sphere of R^dim.

    Args:
        n_vectors: Number of vectors.
        dim: Number of coordinates.
        rng: Source of randomness.

    Returns:
        Unit vectors, shape (n_vectors, dim).
    """
    return directions_of(rng.standard_normal((n_vectors, dim)))
