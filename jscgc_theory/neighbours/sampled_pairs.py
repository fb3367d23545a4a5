"""The pairs of a large cloud: those of some rows are counted, and all close ones are listed."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cached_property
from typing import cast

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.block_order import blocked_cloud
from jscgc_theory.neighbours.centring import CentredMatrix
from jscgc_theory.neighbours.pair_blocks import CountedPairs, PairBlocks
from jscgc_theory.neighbours.threads import matrix_threads
from jscgc_theory.neighbours.tile_search import rows_per_block

_Places = Generator[NDArray[np.int64], None, None]


class SampledPairs:
    """A cloud whose pairs are too many to be counted one by one.

    Close pairs are found as in a search by tiles: blocks whose boxes lie farther apart than the
    limit are left out. The histogram of distances is that of some rows and all others.

    Args:
        moved: The cloud, in float32.
        rounding: Of a squared distance, relative to the sum of both squared norms.
        chosen: Rows to count the pairs of.
    """

    def __init__(
        self, moved: CentredMatrix, rounding: float, chosen: Int[NDArray[np.int64], " n_chosen"]
    ) -> None:
        self.moved = moved
        self.rounding = rounding
        self.chosen = chosen

    def scan(self, limit: float, progress: Callable[[float], None] | None) -> CountedPairs:
        """Count the pairs of the chosen rows and list all pairs within a limit.

        Args:
            limit: Squared distance in units of the scale.
            progress: Told the finished fraction.

        Returns:
            The counts, of ordered pairs that start at a chosen row, and the pairs.
        """
        pairs = self._within(limit, progress)
        distance = self.moved.distances(pairs[:, 0], pairs[:, 1])
        within = (np.square(distance) <= limit) & (distance > 0.0)
        return self._counted._replace(
            first=pairs[within, 0],
            second=pairs[within, 1],
            distance=distance[within],
            n_coincident=int(np.count_nonzero(distance == 0.0)),
        )

    @cached_property
    def _counted(self) -> CountedPairs:
        rows = self.moved.rows
        others = np.delete(np.arange(len(rows)), self.chosen)
        # Rows of equal number are the same row, which is no pair.
        order = np.concatenate([self.chosen, self.chosen, others])
        clouds = CentredMatrix(rows[order], self.moved.scale, self.moved.original)
        return PairBlocks(clouds, len(self.chosen), symmetric=False).scan(-np.inf, None)

    def _within(
        self, limit: float, progress: Callable[[float], None] | None
    ) -> Int[NDArray[np.int64], "n_pairs 2"]:
        from jscgc_theory.neighbours.close_kernel import list_close_rows

        cloud = blocked_cloud(self.moved.rows, rows_per_block(self.moved.rows.shape[1]))

        def listed(block: int) -> NDArray[np.int64]:
            return np.asarray(list_close_rows(cloud, block, limit, self.rounding))

        found = []
        with (
            matrix_threads() as n_threads,
            ThreadPoolExecutor(n_threads) as pool,
            # Closed at once when interrupted, so that blocks that wait are not scanned.
            closing(cast("_Places", pool.map(listed, range(cloud.n_blocks)))) as places_by_block,
        ):
            for places in places_by_block:
                found.append(places)
                if progress is not None:
                    progress(len(found) / cloud.n_blocks)
        return np.sort(cloud.order[np.concatenate(found)], axis=1)
