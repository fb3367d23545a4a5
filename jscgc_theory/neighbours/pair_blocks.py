"""The matrix of pair distances, block by block: a fast filter that misses no close pair."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.centring import CentredMatrix, centred_matrix

_VALUES_PER_BLOCK = 8_000_000
# The bins are the leading bits of a float32, sign, exponent and 6 of mantissa: a step of 1 % in r.
_BIN_SHIFT = 17
_N_BINS = 1 << (31 - _BIN_SHIFT)


class CountedPairs(NamedTuple):
    """What one pass over all pairs found, in units of the cloud's scale."""

    counts: NDArray[np.int64]
    """Pairs in each bin of the squared distance."""
    first: NDArray[np.int64]
    """First node of the pairs within the limit."""
    second: NDArray[np.int64]
    """Second node of these pairs, numbered over both clouds."""
    distance: NDArray[np.float64]
    """Their exact distances, none of them zero."""
    n_coincident: int
    """Pairs at distance zero."""
    largest: float
    """Largest distance met."""


class PairBlocks:
    """Squared distances between the first rows of a cloud and the others, or among all.

    Args:
        moved: The cloud, or two clouds one after the other.
        n_first: Rows of the first cloud.
        symmetric: Whether pairs are taken within the one cloud.
        skip_diagonal: Whether rows of equal number are no pair.
    """

    def __init__(
        self,
        moved: CentredMatrix,
        n_first: int,
        *,
        symmetric: bool,
        skip_diagonal: bool = True,
    ) -> None:
        self.moved = moved
        self.symmetric = symmetric
        self.skip_diagonal = skip_diagonal
        self.offset = 0 if symmetric else n_first
        self.n_rows = n_first
        self._take(moved.rows)

    def _take(self, rows: NDArray[np.floating]) -> None:
        self.cloud = (rows[: self.n_rows], rows[self.offset :])
        self.norms = tuple(np.einsum("ij,ij->i", part, part) for part in self.cloud)
        # |x|^2 + |y|^2 - 2 x.y: each term is a sum of ambient_dim rounded products.
        self.rounding = float(4.0 * np.finfo(rows.dtype).eps * (2.0 + np.sqrt(rows.shape[1])))

    def use_float64(self) -> None:
        """Filter in float64 from now on, where float32 cannot tell close pairs apart."""
        self._take(centred_matrix(self.moved.original, dtype=np.float64).rows)

    def typical_rounding(self) -> float:
        """Return the rounding of the filter's squared distances for a pair in the middle."""
        return self.rounding * 2.0 * max(float(np.median(norms)) for norms in self.norms)

    @property
    def n_pairs(self) -> int:
        """Number of pairs in all."""
        if self.symmetric:
            return self.n_rows * (self.n_rows - 1) // 2
        return self.n_rows * len(self.cloud[1]) - (self.n_rows if self.skip_diagonal else 0)

    def sampled_square_distances(
        self, chosen: Int[NDArray[np.int64], " n_chosen"]
    ) -> Float[NDArray[np.float32], "n_chosen n_others"]:
        """Return the squared distances of some rows of the first cloud, their own left out.

        Args:
            chosen: Row numbers.

        Returns:
            Squared distances in units of the scale.
        """
        square = self._square_distances(chosen, slice(None)).astype(np.float32)
        if not self.skip_diagonal:
            return square
        others = np.arange(self.n_rows)[None, :] != chosen[:, None]
        return np.asarray(square[others].reshape(len(chosen), self.n_rows - 1))

    def scan(self, limit: float, progress: Callable[[float], None] | None) -> CountedPairs:
        """Count all pairs by distance and list those within a limit.

        Args:
            limit: Squared distance in units of the scale.
            progress: Told the finished fraction.

        Returns:
            The counts and the pairs.
        """
        counts, largest, n_coincident = np.zeros(_N_BINS, dtype=np.int64), 0.0, 0
        found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
        for rows, columns, done in self._blocks():
            square = self._square_distances(rows, columns)
            largest = max(largest, float(square.max()))
            self._mask(square, rows)
            bins = square.astype(np.float32, copy=False).view(np.int32) >> _BIN_SHIFT
            counts += np.bincount(bins.ravel(), minlength=_N_BINS)[:_N_BINS]
            first, second, distance = self._measure(square, rows, columns, limit)
            n_coincident += int(np.count_nonzero(distance == 0.0))
            apart = distance > 0.0
            found.append((first[apart], second[apart], distance[apart]))
            if progress is not None:
                progress(done)
        # The bin of infinity holds what was masked.
        counts[np.float32(np.inf).view(np.int32) >> _BIN_SHIFT :] = 0
        first, second, distance = (np.concatenate(column) for column in zip(*found, strict=True))
        return CountedPairs(counts, first, second, distance, n_coincident, float(np.sqrt(largest)))

    def _blocks(self) -> Iterator[tuple[slice, slice, float]]:
        n_columns = len(self.cloud[1])
        step = max(1, min(self.n_rows, _VALUES_PER_BLOCK // n_columns))
        starts = range(0, self.n_rows, step)
        sizes = [
            (min(start + step, self.n_rows) - start) * (n_columns - start * self.symmetric)
            for start in starts
        ]
        for start, done in zip(starts, np.cumsum(sizes) / sum(sizes), strict=True):
            stop = min(start + step, self.n_rows)
            yield slice(start, stop), slice(start * self.symmetric, n_columns), float(done)

    def _square_distances(
        self, rows: NDArray[np.int64] | slice, columns: slice
    ) -> NDArray[np.floating]:
        square: NDArray[np.floating] = self.cloud[0][rows] @ self.cloud[1][columns].T
        square *= -2.0
        square += self.norms[0][rows][:, None]
        square += self.norms[1][columns][None, :]
        np.maximum(square, 0.0, out=square)
        return square

    def _mask(self, square: NDArray[np.floating], rows: slice) -> None:
        """Put pairs that do not count at infinity."""
        if self.symmetric:
            height = square.shape[0]
            square[:, :height][np.tri(height, dtype=bool)] = np.inf
        elif self.skip_diagonal:
            own = np.arange(rows.start, rows.stop)
            square[own - rows.start, own] = np.inf

    def _measure(
        self, square: NDArray[np.floating], rows: slice, columns: slice, limit: float
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Measure exactly every pair that the filter cannot place beyond the limit."""
        norms = self.norms[0][rows][:, None] + self.norms[1][columns][None, :]
        norms *= self.rounding
        norms += limit
        row, column = np.nonzero(square <= norms)
        first, second = row + rows.start, column + columns.start + self.offset
        distance = self.moved.distances(first, second)
        within = np.square(distance) <= limit
        return first[within], second[within], distance[within]


def bin_of(square_distance: float) -> int:
    """Return the number of the histogram's bin that holds a squared distance.

    Args:
        square_distance: In units of the scale.

    Returns:
        The bin.
    """
    return int(np.float32(square_distance).view(np.int32) >> _BIN_SHIFT)


def bin_edges(bins: Int[NDArray[np.int64], " n_bins"]) -> Float[NDArray[np.float64], " n_bins"]:
    """Return the upper ends of bins of the histogram.

    Args:
        bins: Numbers of the bins.

    Returns:
        Squared distances in units of the scale.
    """
    upper = ((bins + 1) << _BIN_SHIFT).astype(np.int32)
    return upper.view(np.float32).astype(np.float64)
