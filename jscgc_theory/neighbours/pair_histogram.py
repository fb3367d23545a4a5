"""The histogram of distances between pairs, by the leading bits of their squares."""

from collections.abc import Iterable
from typing import NamedTuple, Self

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

BIN_SHIFT = 17
"""Bins are the leading bits of a float32, sign, exponent and 6 of mantissa: 1 % in r each."""
_N_BINS = 1 << (31 - BIN_SHIFT)


class PairHistogram(NamedTuple):
    """How many pairs lie how far apart, in units of the cloud's scale."""

    counts: Int[NDArray[np.int64], " n_bins"]
    """Pairs in each bin of the squared distance."""
    largest: float
    """Largest distance met."""

    @classmethod
    def of_parts(cls, parts: Iterable[Self]) -> Self:
        """Add histograms of different pairs.

        Args:
            parts: The histograms.

        Returns:
            The histogram of all their pairs.
        """
        counts, largest = no_counts(), 0.0
        for part in parts:
            counts += part.counts
            largest = max(largest, part.largest)
        return cls(counts, largest)


def no_counts() -> Int[NDArray[np.int64], " n_bins"]:
    """Return the counts of no pairs, to be added to."""
    return np.zeros(_N_BINS, dtype=np.int64)


def bin_of(square_distance: float) -> int:
    """Return the number of the histogram's bin that holds a squared distance.

    Args:
        square_distance: In units of the scale.

    Returns:
        The bin.
    """
    return int(np.float32(square_distance).view(np.int32) >> BIN_SHIFT)


def distance_of_bits(bits: int | np.int32) -> float:
    """Return the distance whose square has given bits.

    Args:
        bits: Of a float32.

    Returns:
        Its square root.
    """
    return float(np.sqrt(np.int32(bits).view(np.float32), dtype=np.float64))


def bin_edges(bins: Int[NDArray[np.int64], " n_bins"]) -> Float[NDArray[np.float64], " n_bins"]:
    """Return the upper ends of bins of the histogram.

    Args:
        bins: Numbers of the bins.

    Returns:
        Squared distances in units of the scale.
    """
    upper = ((bins + 1) << BIN_SHIFT).astype(np.int32)
    return upper.view(np.float32).astype(np.float64)
