"""Centre and scale a cloud before distances are taken, so that offsets and units do no harm."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import DTypeLike, NDArray

from jscgc_theory.errors import InputError

_CHUNK_VALUES = 1 << 18
"""Numbers that are moved at a time, few enough to stay in the cache."""
_CENTRE_ROWS = 1024


class CentredMatrix(NamedTuple):
    """A cloud moved to its middle and divided by its root-mean-square radius."""

    rows: NDArray[np.floating]
    """Matrix (n_points, ambient_dim), contiguous, rounded to the precision asked for."""
    scale: float
    """Multiply distances between ``rows`` by this to get data units."""
    original: NDArray[np.floating]
    """The cloud as handed over, whose differences have lost no digit."""

    def distances(
        self, first: Int[NDArray[np.int64], " n_pairs"], second: Int[NDArray[np.int64], " n_pairs"]
    ) -> Float[NDArray[np.float64], " n_pairs"]:
        """Measure pairs in float64 from the original numbers.

        Args:
            first: Row numbers.
            second: Row numbers.

        Returns:
            Distances in units of ``scale``.
        """
        from jscgc_theory.neighbours.pair_kernel import measure_pairs

        distance = np.empty(len(first))
        measure_pairs(np.asarray(self.original), first, second, self.scale, distance)
        return distance


def centred_matrix(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
    *,
    dtype: DTypeLike | None = None,
) -> CentredMatrix:
    """Centre a cloud and bring it to unit root-mean-square radius.

    The middle, a coordinate-wise median that no single row can carry away, is subtracted in
    float64 before any rounding.

    Args:
        points: Cloud, shape (n_points, ambient_dim); may be memory-mapped.
        dtype: Precision of the moved cloud; the input's by default.

    Returns:
        The moved cloud and the scale that undoes the division.

    Raises:
        InputError: If distances leave the range of floating-point numbers.
    """
    middle = _middle(points)
    scale = _radius(points, middle)
    precision = np.dtype(dtype if dtype is not None else points.dtype)
    rows = np.empty(points.shape, dtype=precision)
    for start, moved in _moved_chunks(points, middle):
        np.divide(moved, scale, out=rows[start : start + len(moved)], casting="same_kind")
    return CentredMatrix(rows, scale, points)


def _middle(points: NDArray[np.floating]) -> NDArray[np.float64]:
    step = -(-points.shape[0] // _CENTRE_ROWS)
    # Halved, two numbers near the largest float can be averaged.
    halves = points[::step].astype(np.float64) / 2.0
    middle: NDArray[np.float64] = 2.0 * np.median(halves, axis=0)
    return middle


def _radius(points: NDArray[np.floating], middle: NDArray[np.float64]) -> float:
    largest, sum_of_squares = 0.0, 0.0
    for _, moved in _moved_chunks(points, middle):
        here = max(float(moved.max(initial=0.0)), -float(moved.min(initial=0.0)))
        if not np.isfinite(4.0 * here * np.sqrt(points.shape[1])):
            raise InputError(
                "points lie farther apart than floating-point numbers hold; rescale the data"
            )
        if here > largest:
            sum_of_squares *= (largest / here) ** 2
            largest = here
        if largest > 0.0:
            moved /= largest
            sum_of_squares += float(np.einsum("ij,ij->", moved, moved))
    radius = largest * float(np.sqrt(sum_of_squares / points.shape[0]))
    return radius if radius > 0.0 else 1.0


def _moved_chunks(
    points: NDArray[np.floating], middle: NDArray[np.float64]
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    n_rows = max(1, _CHUNK_VALUES // max(1, points.shape[1]))
    for start in range(0, points.shape[0], n_rows):
        with np.errstate(over="ignore"):
            yield start, np.subtract(points[start : start + n_rows], middle, dtype=np.float64)
