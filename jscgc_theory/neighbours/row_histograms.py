"""How far the other points lie from some rows of a cloud, each row's pairs counted apart."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.pair_blocks import PairBlocks
from jscgc_theory.neighbours.pair_histogram import (
    PairHistogram,
    bin_edges,
    no_counts,
)
from jscgc_theory.neighbours.threads import in_threads

_ROWS_PER_STRIP = 256


class RowHistograms(NamedTuple):
    """Histograms of the distances from some rows, in units of the cloud's scale."""

    counts: Int[NDArray[np.int32], "n_rows n_bins"]
    """Pairs of each row in the bins of a ``PairHistogram``."""
    pairs_per_row: int
    """How many pairs each row is in."""

    @property
    def n_pairs(self) -> int:
        """Number of pairs in all, those of two of the rows counted from both."""
        return len(self.counts) * self.pairs_per_row

    def fractions(
        self, bins: Int[NDArray[np.int64], " n_radii"]
    ) -> Float[NDArray[np.float64], "n_rows n_radii"]:
        """Return the share of each row's pairs up to the ends of some bins.

        Args:
            bins: Numbers of the bins, ascending.

        Returns:
            Shares.
        """
        first, last = int(bins[0]), int(bins[-1])
        before = self.counts[:, :first].sum(axis=1, keepdims=True)
        within = before + np.cumsum(self.counts[:, first : last + 1], axis=1)
        shares: NDArray[np.float64] = within[:, bins - first] / self.pairs_per_row
        return shares

    def square_distance(self, share: float) -> float:
        """Return the squared distance that a share of all pairs lies within.

        Args:
            share: In (0, 1].

        Returns:
            The squared distance, linear within a bin; the largest float for all pairs.
        """
        if share >= 1.0:
            return float(np.finfo(np.float32).max)
        within = np.cumsum(self.counts.sum(axis=0, dtype=np.int64))
        wanted = share * self.n_pairs
        last = int(np.searchsorted(within, wanted))
        low, high = bin_edges(np.array([last - 1, last]))
        before = int(within[last - 1]) if last else 0
        return float(low + (high - low) * (wanted - before) / (int(within[last]) - before))


def row_histograms(
    blocks: PairBlocks, chosen: Int[NDArray[np.int64], " n_chosen"]
) -> RowHistograms:
    """Measure some rows of the first cloud against all they are paired with.

    Args:
        blocks: The pairs.
        chosen: Row numbers.

    Returns:
        A histogram for each row.
    """
    counts = np.zeros((len(chosen), len(no_counts())), dtype=np.int32)

    def count(start: int) -> None:
        strip = slice(start, start + _ROWS_PER_STRIP)
        blocks.count_rows(chosen[strip], counts[strip])

    in_threads(count, range(0, len(chosen), _ROWS_PER_STRIP))
    return RowHistograms(counts, len(blocks.cloud[1]) - int(blocks.skip_diagonal))


def summed_histogram(
    blocks: PairBlocks, chosen: Int[NDArray[np.int64], " n_chosen"]
) -> PairHistogram:
    """Count the pairs of some rows of the first cloud, all together.

    Args:
        blocks: The pairs.
        chosen: Row numbers.

    Returns:
        The histogram of the pairs that start at a chosen row.
    """

    def count(start: int) -> PairHistogram:
        counts = no_counts()
        largest = blocks.count_rows(chosen[start : start + _ROWS_PER_STRIP], counts[None])
        return PairHistogram(counts, largest)

    return PairHistogram.of_parts(in_threads(count, range(0, len(chosen), _ROWS_PER_STRIP)))
