"""The matrix of pair distances, block by block: a fast filter that misses no close pair."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import NamedTuple, cast

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.centring import CentredMatrix, centred_matrix
from jscgc_theory.neighbours.threads import matrix_threads

_ROWS_PER_STRIP = 512
BIN_SHIFT = 17
"""Bins are the leading bits of a float32, sign, exponent and 6 of mantissa: 1 % in r each."""
_N_BINS = 1 << (31 - BIN_SHIFT)


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


_Results = Generator[CountedPairs, None, None]


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

    @property
    def is_float64(self) -> bool:
        """Whether the filter works in float64."""
        return self.cloud[0].dtype == np.float64

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
        square = self._square_distances(chosen, slice(None)).astype(np.float32, copy=False)
        if not self.skip_diagonal:
            return square
        others = np.empty((len(chosen), self.n_rows - 1), dtype=np.float32)
        for kept, row, own in zip(others, square, chosen, strict=True):
            kept[:own], kept[own:] = row[:own], row[own + 1 :]
        return others

    def scan(self, limit: float, progress: Callable[[float], None] | None) -> CountedPairs:
        """Count all pairs by distance and list those within a limit.

        Args:
            limit: Squared distance in units of the scale.
            progress: Told the finished fraction.

        Returns:
            The counts and the pairs.
        """
        from jscgc_theory.neighbours.pair_kernel import scan_strip

        first_cloud, second_cloud = self.cloud
        kind = first_cloud.dtype.type
        settings = (self.symmetric, self.skip_diagonal, kind(limit), kind(self.rounding))

        def scan(strip: tuple[int, int]) -> CountedPairs:
            counts = np.zeros(_N_BINS, dtype=np.int64)
            listed, square = scan_strip(
                first_cloud, self.norms[0], second_cloud, self.norms[1], strip, *settings, counts
            )
            return self._measured(counts, listed, float(square), limit)

        counts, found = np.zeros(_N_BINS, dtype=np.int64), []
        strips, done = self._strips()
        with (
            matrix_threads() as n_threads,
            ThreadPoolExecutor(n_threads) as pool,
            # Closed at once when interrupted, so that strips that wait are not scanned.
            closing(cast("_Results", pool.map(scan, strips))) as scanned,
        ):
            for one, fraction in zip(scanned, done, strict=True):
                counts += one.counts
                found.append(one._replace(counts=counts))
                if progress is not None:
                    progress(float(fraction))
        # The bin of infinity holds what was masked.
        counts[np.float32(np.inf).view(np.int32) >> BIN_SHIFT :] = 0
        return CountedPairs(
            counts=counts,
            first=np.concatenate([one.first for one in found]),
            second=np.concatenate([one.second for one in found]),
            distance=np.concatenate([one.distance for one in found]),
            n_coincident=sum(one.n_coincident for one in found),
            largest=max(one.largest for one in found),
        )

    def _strips(self) -> tuple[list[tuple[int, int]], NDArray[np.float64]]:
        """Return strips of rows, and which share of the pairs is done after each."""
        starts = range(0, self.n_rows, _ROWS_PER_STRIP)
        strips = [(start, min(start + _ROWS_PER_STRIP, self.n_rows)) for start in starts]
        n_columns = len(self.cloud[1])
        sizes = [(stop - start) * (n_columns - start * self.symmetric) for start, stop in strips]
        return strips, np.cumsum(sizes) / sum(sizes)

    def _square_distances(
        self, rows: NDArray[np.int64] | slice, columns: slice
    ) -> NDArray[np.floating]:
        square: NDArray[np.floating] = self.cloud[0][rows] @ self.cloud[1][columns].T
        square *= -2.0
        square += self.norms[0][rows][:, None]
        square += self.norms[1][columns][None, :]
        np.maximum(square, 0.0, out=square)
        return square

    def _measured(
        self, counts: NDArray[np.int64], listed: NDArray[np.int64], square: float, limit: float
    ) -> CountedPairs:
        """Measure exactly every pair that the filter cannot place beyond the limit."""
        first, second = listed[:, 0], listed[:, 1] + self.offset
        distance = self.moved.distances(first, second)
        within = (np.square(distance) <= limit) & (distance > 0.0)
        n_coincident = int(np.count_nonzero(distance == 0.0))
        close = (first[within], second[within], distance[within])
        return CountedPairs(counts, *close, n_coincident, float(np.sqrt(square)))


def bin_of(square_distance: float) -> int:
    """Return the number of the histogram's bin that holds a squared distance.

    Args:
        square_distance: In units of the scale.

    Returns:
        The bin.
    """
    return int(np.float32(square_distance).view(np.int32) >> BIN_SHIFT)


def bin_edges(bins: Int[NDArray[np.int64], " n_bins"]) -> Float[NDArray[np.float64], " n_bins"]:
    """Return the upper ends of bins of the histogram.

    Args:
        bins: Numbers of the bins.

    Returns:
        Squared distances in units of the scale.
    """
    upper = ((bins + 1) << BIN_SHIFT).astype(np.int32)
    return upper.view(np.float32).astype(np.float64)
