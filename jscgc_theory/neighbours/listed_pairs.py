"""Pairs of a cloud whose histogram is known or sampled: only the close ones are looked for."""

from collections.abc import Callable

from jscgc_theory.neighbours.close_pairs import close_pairs
from jscgc_theory.neighbours.neighbour_table import Neighbours
from jscgc_theory.neighbours.pair_blocks import CountedPairs, PairBlocks
from jscgc_theory.neighbours.pair_histogram import PairHistogram


class ListedPairs:
    """A cloud whose pairs need not be measured one by one.

    Args:
        blocks: The pairs of the cloud, in float32.
        histogram: How many pairs lie how far apart.
        near: Known neighbours of the points.
    """

    def __init__(
        self, blocks: PairBlocks, histogram: PairHistogram, near: Neighbours | None
    ) -> None:
        self.blocks = blocks
        self.histogram = histogram
        self.near = near

    def scan(self, limit: float, progress: Callable[[float], None] | None) -> CountedPairs:
        """List all pairs within a limit.

        Args:
            limit: Squared distance in units of the scale.
            progress: Told the finished fraction.

        Returns:
            The histogram and the pairs.
        """
        blocks = self.blocks
        found = close_pairs(blocks.moved, limit, blocks.rounding, self.near, progress)
        return CountedPairs(self.histogram, found)
