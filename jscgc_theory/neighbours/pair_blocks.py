"""The matrix of pair distances, block by block: a fast filter that misses no close pair."""

from collections.abc import Callable
from contextlib import closing
from typing import NamedTuple

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.centring import CentredMatrix, centred_matrix
from jscgc_theory.neighbours.close_pairs import ClosePairs, measured_within
from jscgc_theory.neighbours.pair_histogram import (
    PairHistogram,
    distance_of_bits,
    no_counts,
)
from jscgc_theory.neighbours.threads import finished_in_threads

_ROWS_PER_STRIP = 512


class CountedPairs(NamedTuple):
    """What one pass over all pairs found, in units of the cloud's scale."""

    histogram: PairHistogram
    """Pairs by their distance."""
    close: ClosePairs
    """Those within the limit; nodes are numbered over both clouds."""


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

    def count_rows(
        self,
        chosen: Int[NDArray[np.int64], " n_chosen"],
        counts: Int[NDArray[np.integer], "n_histograms n_bins"],
    ) -> float:
        """Count the pairs of some rows of the first cloud by their distance.

        Args:
            chosen: Row numbers.
            counts: A histogram for each row, or one for all, added to.

        Returns:
            The largest distance met.
        """
        from jscgc_theory.neighbours.pair_kernel import count_rows

        own = chosen if self.skip_diagonal else np.full(len(chosen), -1)
        first, second = self.cloud
        first_norms, second_norms = self.norms
        largest = count_rows(first[chosen], first_norms[chosen], own, second, second_norms, counts)
        return distance_of_bits(largest)

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

        def scan(strip: tuple[int, int]) -> tuple[PairHistogram, ClosePairs]:
            counts = no_counts()
            listed, largest = scan_strip(
                first_cloud, self.norms[0], second_cloud, self.norms[1], strip, *settings, counts
            )
            return PairHistogram(counts, distance_of_bits(largest)), self._measured(listed, limit)

        histogram, found = PairHistogram.of_parts(()), []
        strips, done = self._strips()
        # Closed at once when interrupted, so that strips that wait are not scanned.
        with closing(finished_in_threads(scan, strips)) as scanned:
            for (part, pairs), fraction in zip(scanned, done, strict=True):
                histogram = PairHistogram.of_parts((histogram, part))
                found.append(pairs)
                if progress is not None:
                    progress(float(fraction))
        return CountedPairs(histogram, ClosePairs.joined(found))

    def _strips(self) -> tuple[list[tuple[int, int]], NDArray[np.float64]]:
        """Return strips of rows, and which share of the pairs is done after each."""
        starts = range(0, self.n_rows, _ROWS_PER_STRIP)
        strips = [(start, min(start + _ROWS_PER_STRIP, self.n_rows)) for start in starts]
        n_columns = len(self.cloud[1])
        sizes = [(stop - start) * (n_columns - start * self.symmetric) for start, stop in strips]
        return strips, np.cumsum(sizes) / sum(sizes)

    def _measured(self, listed: NDArray[np.int64], limit: float) -> ClosePairs:
        """Measure exactly every pair that the filter cannot place beyond the limit."""
        first, second = listed[:, 0], listed[:, 1] + self.offset
        return measured_within(self.moved, first, second, limit)
