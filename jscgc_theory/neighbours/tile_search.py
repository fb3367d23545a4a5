"""The nearest rows of every row by tiles of the distance matrix, each computed once."""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.block_order import BlockedCloud, blocked_cloud
from jscgc_theory.neighbours.pair_histogram import (
    PairHistogram,
    distance_of_bits,
    no_counts,
)
from jscgc_theory.neighbours.threads import matrix_threads

_GROUPS_PER_THREAD = 4
"""Half as many tasks of a phase as there are groups share no block and may run side by side."""
ROWS_PER_BLOCK = 640
"""At most: smaller blocks can be left out sooner, larger ones multiply and select faster."""
_SHORT_DIM, _SHORT_ROWS_PER_BLOCK = 32, 384
"""Products of few coordinates are short, and blocks left out gain more."""


def rows_per_block(ambient_dim: int) -> int:
    """Return how many rows a block may have.

    Args:
        ambient_dim: Coordinates.

    Returns:
        Rows at most.
    """
    short = ambient_dim <= _SHORT_DIM
    return min(ROWS_PER_BLOCK, _SHORT_ROWS_PER_BLOCK) if short else ROWS_PER_BLOCK


class Kept(NamedTuple):
    """The best scores each row has met, as heaps; a score is minus half a squared distance."""

    scores: Float[NDArray[np.float32], "n_points n_kept"]
    """Scores, the worst of each row first."""
    found: Int[NDArray[np.int32], "n_points n_kept"]
    """The rows that have these scores."""
    worst: Float[NDArray[np.float32], " n_points"]
    """The first column of ``scores``."""
    reach: Float[NDArray[np.float32], " n_blocks"]
    """Largest squared distance still sought by a row of each block."""


def tile_search(
    rows: Float[NDArray[np.float32], "n_points ambient_dim"],
    n_kept: int,
    progress: Callable[[float], None] | None = None,
    *,
    count_pairs: bool = False,
) -> tuple[
    Int[NDArray[np.int32], "n_points n_kept"],
    Float[NDArray[np.float32], " n_points"],
    PairHistogram,
]:
    """Find the nearest rows of every row, itself included, by rounded squared distances.

    Blocks of rows are leaves of a k-d tree, put into 2^n groups. Phase p pairs group g with group
    g xor p, so the groups of one phase are all different and threads need no locks, and near
    groups meet first. Rows that boxes leave out are farther than the rows listed. Memory: one copy
    of the rows, 24 + 4 n_kept numbers a row, and a tile with its rows for each thread.

    Args:
        rows: Centred cloud, shape (n_points, ambient_dim).
        n_kept: Rows to list for each row, at most n_points.
        progress: Told the finished fraction.
        count_pairs: Whether to measure and count all pairs, so that no tile is left out.

    Returns:
        The rows found, in no order, and the largest squared distance among them: a row that is
        not listed is no nearer, rounding aside. Last the histogram, of no pairs if none were
        counted.
    """
    n_points = len(rows)
    with matrix_threads() as n_threads:
        cloud = blocked_cloud(rows, rows_per_block(rows.shape[1]))
        kept = Kept(
            np.full((n_points, n_kept), -np.inf, dtype=np.float32),
            np.full((n_points, n_kept), -1, dtype=np.int32),
            np.full(n_points, -np.inf, dtype=np.float32),
            np.full(cloud.n_blocks, np.inf, dtype=np.float32),
        )
        histogram = _scan_all(cloud, kept, n_threads, progress, count_pairs)
    found = np.empty((n_points, n_kept), dtype=np.int32)
    farthest = np.empty(n_points, dtype=np.float32)
    found[cloud.order] = cloud.order.astype(np.int32)[kept.found]
    farthest[cloud.order] = -2.0 * kept.worst
    return found, farthest, histogram


def _scan_all(
    cloud: BlockedCloud,
    kept: Kept,
    n_threads: int,
    progress: Callable[[float], None] | None,
    count_pairs: bool,
) -> PairHistogram:
    from jscgc_theory.neighbours.tile_kernel import scan_tiles

    n_groups = 1 << math.ceil(math.log2(_GROUPS_PER_THREAD * n_threads))
    groups = np.array_split(np.arange(cloud.n_blocks), n_groups)

    def scan(one: int, other: int) -> PairHistogram:
        counts, tiles = no_counts(), near_first(cloud, groups[one], groups[other])
        largest = scan_tiles(cloud, kept, tiles, counts if count_pairs else counts[:0])
        return PairHistogram(counts, distance_of_bits(largest))

    histogram = PairHistogram.of_parts(())
    with ThreadPoolExecutor(n_threads) as pool:
        for phase in range(n_groups):
            first = [group for group in range(n_groups) if group <= group ^ phase]
            # All of a phase are waited for, and what a thread has raised is raised.
            met = pool.map(scan, first, [group ^ phase for group in first])
            histogram = PairHistogram.of_parts([histogram, *met])
            if progress is not None:
                progress((phase + 1) / n_groups)
    return histogram


def near_first(
    cloud: BlockedCloud, first: Int[NDArray[np.int64], " n"], second: Int[NDArray[np.int64], " m"]
) -> Int[NDArray[np.int64], "n_tiles 2"]:
    """Pair blocks of two groups, each pair once, those whose boxes are near each other first.

    Args:
        cloud: The blocks.
        first: Numbers of blocks.
        second: Numbers of blocks, of which some may be in ``first``.

    Returns:
        Pairs of numbers.
    """
    one, other = (side.ravel() for side in np.meshgrid(first, second, indexing="ij"))
    once = (one <= other) | ~np.isin(other, first)
    tiles = np.stack([one[once], other[once]], axis=1)
    middle = cloud.low + cloud.high
    apart = np.square(middle[tiles[:, 0]] - middle[tiles[:, 1]]).sum(axis=1)
    return np.asarray(tiles[np.argsort(apart, kind="stable")])
