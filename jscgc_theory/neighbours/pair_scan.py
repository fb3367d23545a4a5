"""One pass over the pairs of points: the histogram of distances and the closest pairs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.neighbours.centring import centred_matrix
from jscgc_theory.neighbours.listed_pairs import ListedPairs
from jscgc_theory.neighbours.neighbour_table import MOST_ROWS_COUNTED, Neighbours
from jscgc_theory.neighbours.pair_blocks import PairBlocks
from jscgc_theory.neighbours.pair_histogram import bin_edges, bin_of
from jscgc_theory.neighbours.row_histograms import (
    RowHistograms,
    row_histograms,
    summed_histogram,
)

_COUNTED_ROWS = 8192
"""Of a larger cloud the pairs of so many points are counted; the closest of all are listed."""
_SAMPLED_ROWS = 512
_LARGEST_ROUNDING = 0.01
"""Rounding of the filter that is borne, as a share of the closest pairs' squared distance."""


@dataclass(frozen=True)
class PairScan:
    """Distances between all pairs of distinct points, or between two clouds.

    Points are nodes and pairs are edges of a graph; statistics of pairs that share a node are
    dependent, which is why pairs keep the numbers of their nodes.
    """

    n_pairs: int
    """Number of pairs in all."""
    pairs_per_node: Int[NDArray[np.int64], " n_nodes"]
    """Pairs each node takes part in."""
    radius: Float[NDArray[np.float64], " n_radii"]
    """Upper edges of the histogram's occupied bins, ascending, in data units."""
    cumulative: Int[NDArray[np.int64], " n_radii"]
    """Pairs within each radius, coincident ones left out; exact where they are listed, beyond it
    scaled up from the counted rows."""
    row_fraction: Float[NDArray[np.float64], "n_sampled n_radii"]
    """For a sample of nodes of the first cloud, the fraction of their pairs within each radius."""
    first: Int[NDArray[np.int64], " n_close"]
    """First node of the closest pairs."""
    second: Int[NDArray[np.int64], " n_close"]
    """Second node of the closest pairs."""
    distance: Float[NDArray[np.float64], " n_close"]
    """Distances of the closest pairs, ascending, in data units; complete up to the last."""
    n_coincident: int
    """Pairs at distance zero, which are not listed."""
    diameter: float
    """Largest distance met, in data units."""
    n_rows_counted: int | None = None
    """Nodes whose pairs the histogram holds; None for all."""

    @property
    def n_nodes(self) -> int:
        """Number of points in all."""
        return int(self.pairs_per_node.shape[0])


def pair_scan(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
    n_close: int,
    *,
    rng: np.random.Generator,
    near: Neighbours | None = None,
    progress: Callable[[float], None] | None = None,
) -> PairScan:
    """Scan all pairs of a cloud of distinct points.

    Of a cloud of more than 32 768 points the closest pairs are listed without measuring most of
    the others, and the histogram beyond them is that of the pairs of 8192 points. So they are of
    fewer points whose pairs were counted when their neighbours were found.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        n_close: Number of closest pairs to list (fewer only if there are not so many).
        rng: Chooses the nodes whose row fractions are kept, and those that are counted.
        near: Neighbours of the points, if they are known; they hold most of the closest pairs.
        progress: Told the finished fraction.

    Returns:
        The scan, in data units.

    Raises:
        InputError: If the neighbours are those of another number of points.
    """
    n_points = points.shape[0]
    if near is not None and near.n_points != n_points:
        raise InputError(
            f"near holds the neighbours of {near.n_points} points, but there are {n_points}; "
            "give the table of these points"
        )
    node_pairs = np.full(n_points, n_points - 1, dtype=np.int64)
    blocks = PairBlocks(centred_matrix(points, dtype=np.float32), n_points, symmetric=True)
    n_close = min(n_close, blocks.n_pairs)
    return _scan(blocks, n_close, node_pairs, rng, _rising(progress), near)


def cross_scan(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
    others: Float[NDArray[np.floating], "n_others ambient_dim"],
    n_close: int,
    *,
    rng: np.random.Generator,
    progress: Callable[[float], None] | None = None,
) -> PairScan:
    """Scan all pairs of one point of each of two clouds.

    Clouds of equal size may be row by row a source and what was generated from it, which are not
    independent, so rows of equal number are then not counted as a pair.

    Args:
        points: First cloud, shape (n_points, ambient_dim).
        others: Second cloud, shape (n_others, ambient_dim).
        n_close: Number of closest pairs to list (fewer only if there are not so many).
        rng: Chooses the nodes whose row fractions are kept.
        progress: Told the finished fraction.

    Returns:
        The scan, in data units; nodes of the second cloud are numbered after those of the first.
    """
    n_points, n_others = len(points), len(others)
    moved = centred_matrix(np.concatenate([points, others]), dtype=np.float32)
    paired = n_points == n_others
    node_pairs = np.concatenate([np.full(n_points, n_others), np.full(n_others, n_points)]).astype(
        np.int64
    ) - int(paired)
    blocks = PairBlocks(moved, n_points, symmetric=False, skip_diagonal=paired)
    n_pairs = n_points * n_others - (n_points if paired else 0)
    return _scan(blocks, min(n_close, n_pairs), node_pairs, rng, _rising(progress))


def _scan(
    blocks: PairBlocks,
    n_close: int,
    node_pairs: NDArray[np.int64],
    rng: np.random.Generator,
    progress: Callable[[float], None] | None,
    near: Neighbours | None = None,
) -> PairScan:
    n_pairs = blocks.n_pairs
    sample, limit, share = _first_limit(blocks, n_close, rng)
    pairs, n_rows_counted = _chosen_pairs(blocks, rng, near)
    while True:
        histogram, met = pairs.scan(limit, progress)
        found = met.apart()
        if len(found.distance) >= n_close or share >= 1.0:
            break
        share = min(1.0, 4.0 * share)
        limit = sample.square_distance(share)
    closest = found.closest(n_close)
    n_coincident = len(met.distance) - len(found.distance)
    bins = _shown_bins(histogram.counts, closest.distance)
    edges = bin_edges(bins)
    cumulative = _cumulative(histogram.counts, bins, n_coincident, n_pairs, closest.distance)
    return PairScan(
        n_pairs=n_pairs,
        pairs_per_node=node_pairs,
        radius=np.sqrt(edges) * blocks.moved.scale,
        cumulative=cumulative,
        row_fraction=sample.fractions(bins),
        first=closest.first,
        second=closest.second,
        distance=closest.distance * blocks.moved.scale,
        n_coincident=n_coincident,
        diameter=histogram.largest * blocks.moved.scale,
        n_rows_counted=n_rows_counted,
    )


def _chosen_pairs(
    blocks: PairBlocks, rng: np.random.Generator, near: Neighbours | None
) -> tuple[PairBlocks | ListedPairs, int | None]:
    """Return what is scanned, and of how many rows it counts the pairs if not of all."""
    if not blocks.symmetric or blocks.is_float64:
        return blocks, None
    if near is not None and near.histogram is not None:
        return ListedPairs(blocks, near.histogram, near), None
    if blocks.n_rows <= MOST_ROWS_COUNTED:
        return blocks, None
    chosen = rng.choice(blocks.n_rows, size=_COUNTED_ROWS, replace=False)
    return ListedPairs(blocks, summed_histogram(blocks, chosen), near), _COUNTED_ROWS


def _first_limit(
    blocks: PairBlocks, n_close: int, rng: np.random.Generator
) -> tuple[RowHistograms, float, float]:
    """Guess a squared distance that enough pairs lie within, and choose the filter's precision."""
    n_sampled = min(_SAMPLED_ROWS, blocks.n_rows)
    chosen = np.sort(rng.choice(blocks.n_rows, size=n_sampled, replace=False))
    sample = row_histograms(blocks, chosen)
    share = min(1.0, 1.2 * n_close / blocks.n_pairs + 30.0 / sample.n_pairs)
    closest = sample.square_distance(min(0.1, share))
    if blocks.typical_rounding() > _LARGEST_ROUNDING * closest:
        blocks.use_float64()
        sample = row_histograms(blocks, chosen)
    return sample, sample.square_distance(share), share


def _shown_bins(counts: NDArray[np.int64], distance: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the bins from the closest pair that is listed to the last that is counted."""
    occupied = np.flatnonzero(counts)
    first = bin_of(float(distance[0]) ** 2) if len(distance) else int(occupied[0])
    return np.arange(first, max(first, int(occupied[-1])) + 1)


def _cumulative(
    counts: NDArray[np.int64],
    bins: NDArray[np.int64],
    n_coincident: int,
    n_pairs: int,
    distance: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return pair counts up to the ends of bins, from the listed pairs where they are complete.

    The filter's rounding moves pairs that are far closer than the cloud is wide between bins.
    """
    edges = bin_edges(bins)
    counted = np.cumsum(counts)
    if counted[-1] != n_pairs:
        counted = np.rint(counted * (n_pairs / counted[-1])).astype(np.int64)
    cumulative = counted[bins] - n_coincident
    if len(distance):
        exact = np.searchsorted(distance, np.sqrt(edges))
        complete = edges <= float(distance[-1]) ** 2
        cumulative = np.where(complete, exact, np.maximum(cumulative, len(distance)))
    return np.maximum.accumulate(cumulative)


def _rising(progress: Callable[[float], None] | None) -> Callable[[float], None] | None:
    """Keep progress from falling back when a pass is repeated with a larger radius."""
    if progress is None:
        return None
    reached = [0.0]

    def report(fraction: float) -> None:
        if fraction > reached[0]:
            reached[0] = fraction
            progress(fraction)

    return report
