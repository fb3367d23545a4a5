"""All pairs within a distance, without measuring most of the others."""

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import NamedTuple, Self

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.block_order import blocked_cloud
from jscgc_theory.neighbours.centring import CentredMatrix
from jscgc_theory.neighbours.neighbour_table import Neighbours
from jscgc_theory.neighbours.threads import finished_in_threads

_ROWS_PER_BLOCK = 128
"""Blocks are left out as wholes, so they are smaller than those of a search for neighbours."""

Rows = Int[NDArray[np.int64], " n_pairs"]


class ClosePairs(NamedTuple):
    """Pairs of rows and their distances in units of the cloud's scale."""

    first: Rows
    """First row of each pair, the lower number within one cloud."""
    second: Rows
    """Second row."""
    distance: Float[NDArray[np.float64], " n_pairs"]
    """Their exact distances, which may be zero."""

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Put lists of different pairs one after the other.

        Args:
            parts: The lists, at least one.

        Returns:
            All their pairs.
        """
        return cls(
            np.concatenate([part.first for part in parts]),
            np.concatenate([part.second for part in parts]),
            np.concatenate([part.distance for part in parts]),
        )

    def apart(self) -> Self:
        """Leave out the pairs at distance zero."""
        kept = self.distance > 0.0
        return type(self)(self.first[kept], self.second[kept], self.distance[kept])

    def closest(self, n_pairs: int) -> Self:
        """Take the closest pairs in ascending order.

        Of pairs equally far the first nodes come first, whatever their order here.

        Args:
            n_pairs: How many at most.

        Returns:
            The pairs.
        """
        if n_pairs < len(self.distance):
            last = np.partition(self.distance, n_pairs - 1)[n_pairs - 1]
            within = np.flatnonzero(self.distance <= last)
        else:
            within = np.arange(len(self.distance))
        order = within[np.argsort(self.distance[within])]
        if not np.diff(self.distance[order]).all():
            order = np.lexsort((self.second, self.first, self.distance))
        order = order[:n_pairs]
        return type(self)(self.first[order], self.second[order], self.distance[order])


def close_pairs(
    moved: CentredMatrix,
    limit: float,
    rounding: float,
    near: Neighbours | None = None,
    progress: Callable[[float], None] | None = None,
) -> ClosePairs:
    """List the pairs of a cloud within a limit.

    A row whose last known neighbour lies beyond the limit has all its close pairs in the table of
    neighbours; only among the others, the crowded ones, pairs must be looked for.

    Args:
        moved: The cloud, in float32.
        limit: Squared distance in units of the scale.
        rounding: Of a squared distance, relative to the sum of both squared norms.
        near: Known neighbours of the rows.
        progress: Told the finished fraction.

    Returns:
        The pairs, each once, in no order.
    """
    if near is None:
        return _searched(moved, np.arange(len(moved.rows)), limit, rounding, progress)
    distances = near.distances / moved.scale
    crowded = np.square(distances[:, -1]) <= limit
    first, place = np.nonzero((np.square(distances) <= limit) & ~crowded[:, None])
    second = near.indices[first, place]
    # A pair is in both rows' lists unless the other is crowded.
    once = (first < second) | crowded[second]
    first, second, distance = first[once], second[once], distances[first, place][once]
    known = ClosePairs(np.minimum(first, second), np.maximum(first, second), distance)
    found = _searched(moved, np.flatnonzero(crowded), limit, rounding, progress)
    return ClosePairs.joined((known, found))


def _searched(
    moved: CentredMatrix,
    chosen: Int[NDArray[np.int64], " n_chosen"],
    limit: float,
    rounding: float,
    progress: Callable[[float], None] | None,
) -> ClosePairs:
    """Look for close pairs among some rows, leaving out blocks whose boxes lie farther apart."""
    if len(chosen) < 2:
        nobody = np.zeros(0, dtype=np.int64)
        return ClosePairs(nobody, nobody, np.zeros(0))
    from jscgc_theory.neighbours.close_kernel import list_close_rows

    rows = moved.rows if len(chosen) == len(moved.rows) else moved.rows[chosen]
    cloud = blocked_cloud(rows, _ROWS_PER_BLOCK)

    def listed(block: int) -> NDArray[np.int64]:
        return np.asarray(list_close_rows(cloud, block, limit, rounding))

    found = []
    # Closed at once when interrupted, so that blocks that wait are not scanned.
    with closing(finished_in_threads(listed, range(cloud.n_blocks))) as places_by_block:
        for places in places_by_block:
            found.append(places)
            if progress is not None:
                progress(len(found) / cloud.n_blocks)
    pairs = np.sort(chosen[cloud.order[np.concatenate(found)]], axis=1)
    return measured_within(moved, pairs[:, 0], pairs[:, 1], limit)


def measured_within(moved: CentredMatrix, first: Rows, second: Rows, limit: float) -> ClosePairs:
    """Measure pairs and keep those within a limit.

    Args:
        moved: The cloud.
        first: Row numbers.
        second: Row numbers.
        limit: Squared distance in units of the scale.

    Returns:
        The pairs.
    """
    distance = moved.distances(first, second)
    within = np.square(distance) <= limit
    return ClosePairs(first[within], second[within], distance[within])
