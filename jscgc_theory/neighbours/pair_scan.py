"""One pass over all pairs of points: the histogram of distances and the closest pairs, exactly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.centring import centred_matrix

_VALUES_PER_BLOCK = 8_000_000
_SAMPLED_ROWS = 512
# The histogram's bins are the leading bits of a float32: 8 sign and exponent bits, 3 of mantissa.
_BIN_SHIFT = 20
_N_BINS = 1 << (31 - _BIN_SHIFT)


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
    """Pairs within each radius."""
    row_fraction: Float[NDArray[np.float64], "n_sampled n_radii"]
    """For a sample of nodes, the fraction of their pairs within each radius."""
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

    @property
    def n_nodes(self) -> int:
        """Number of points in all."""
        return int(self.pairs_per_node.shape[0])


def pair_scan(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
    n_close: int,
    *,
    rng: np.random.Generator,
    progress: Callable[[float], None] | None = None,
) -> PairScan:
    """Scan all pairs of a cloud of distinct points.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        n_close: Number of closest pairs to list (fewer only if there are not so many).
        rng: Chooses the nodes whose row fractions are kept.
        progress: Told the finished fraction.

    Returns:
        The scan, in data units.
    """
    moved = centred_matrix(points)
    n_points = points.shape[0]
    node_pairs = np.full(n_points, n_points - 1, dtype=np.int64)
    scan = _Scan(moved.rows, moved.rows, symmetric=True)
    return scan.run(
        min(n_close, n_points * (n_points - 1) // 2), node_pairs, moved.scale, rng, progress
    )


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
    both = centred_matrix(np.concatenate([points, others]).astype(np.float64))
    first, second = both.rows[: len(points)], both.rows[len(points) :]
    paired = len(points) == len(others)
    node_pairs = np.concatenate(
        [np.full(len(points), len(others)), np.full(len(others), len(points))]
    ).astype(np.int64) - int(paired)
    scan = _Scan(first, second, symmetric=False, skip_diagonal=paired)
    n_pairs = len(points) * len(others) - (len(points) if paired else 0)
    return scan.run(min(n_close, n_pairs), node_pairs, both.scale, rng, progress)


class _Scan:
    """The pass itself, over float32 blocks; close pairs are measured again in full precision."""

    def __init__(
        self,
        first: NDArray[np.floating],
        second: NDArray[np.floating],
        *,
        symmetric: bool,
        skip_diagonal: bool = True,
    ) -> None:
        self.exact = (first, second)
        self.cloud = tuple(np.ascontiguousarray(rows, dtype=np.float32) for rows in self.exact)
        self.norms = tuple(np.einsum("ij,ij->i", rows, rows) for rows in self.cloud)
        self.symmetric = symmetric
        self.skip_diagonal = skip_diagonal
        self.n_coincident = 0
        self.largest = 0.0
        rounding = 4.0 * np.finfo(np.float32).eps * (2.0 + np.sqrt(first.shape[1]))
        self.slack = np.float32(rounding * 2.0 * max(norms.max() for norms in self.norms))

    def run(
        self,
        n_close: int,
        node_pairs: NDArray[np.int64],
        scale: float,
        rng: np.random.Generator,
        progress: Callable[[float], None] | None,
    ) -> PairScan:
        sample = self._sampled_square_distances(rng)
        offset = 0 if self.symmetric else len(self.exact[0])
        n_pairs = int(node_pairs[: len(self.exact[0])].sum()) // (2 if self.symmetric else 1)
        share = 1.2 * n_close / n_pairs + 30.0 / sample.size
        while True:
            limit = np.float32(np.quantile(sample, min(1.0, share)))
            if share >= 1.0:
                limit = np.float32(np.inf)
            counts, first, second, distance = self._pass(limit, progress)
            if len(distance) + self.n_coincident >= n_close or share >= 1.0:
                break
            share *= 4.0
        keep = np.argsort(distance, kind="stable")[:n_close]
        occupied = np.flatnonzero(counts)
        edges = _bin_edges(np.arange(occupied[0], occupied[-1] + 1))
        row_fraction = np.stack([np.searchsorted(row, edges, "right") for row in np.sort(sample)])
        return PairScan(
            n_pairs=n_pairs,
            pairs_per_node=node_pairs,
            radius=np.sqrt(edges) * scale,
            cumulative=np.cumsum(counts[occupied[0] : occupied[-1] + 1]),
            row_fraction=row_fraction / sample.shape[1],
            first=first[keep],
            second=second[keep] + offset,
            distance=distance[keep] * scale,
            n_coincident=self.n_coincident,
            diameter=float(np.sqrt(self.largest)) * scale,
        )

    def _sampled_square_distances(self, rng: np.random.Generator) -> NDArray[np.float32]:
        n_rows = self.cloud[0].shape[0]
        chosen = np.sort(rng.choice(n_rows, size=min(_SAMPLED_ROWS, n_rows), replace=False))
        square: NDArray[np.float32] = self._square_distances(chosen, slice(None))
        if not self.skip_diagonal:
            return square
        others = np.arange(n_rows)[None, :] != chosen[:, None]
        kept: NDArray[np.float32] = square[others].reshape(len(chosen), n_rows - 1)
        return kept

    def _square_distances(
        self, rows: NDArray[np.int64] | slice, columns: slice
    ) -> NDArray[np.float32]:
        square: NDArray[np.float32] = self.cloud[0][rows] @ self.cloud[1][columns].T
        square *= np.float32(-2.0)
        square += self.norms[0][rows][:, None]
        square += self.norms[1][columns][None, :]
        np.maximum(square, np.float32(0.0), out=square)
        return square

    def _blocks(self) -> Iterator[tuple[slice, slice, float]]:
        n_rows, n_columns = (rows.shape[0] for rows in self.cloud)
        step = max(1, min(n_rows, _VALUES_PER_BLOCK // n_columns))
        done = 0
        for start in range(0, n_rows, step):
            stop = min(start + step, n_rows)
            columns = slice(start if self.symmetric else 0, n_columns)
            done += (stop - start) * (n_columns - columns.start)
            total = n_rows * n_columns / (2.0 if self.symmetric else 1.0)
            yield slice(start, stop), columns, min(1.0, done / total)

    def _pass(
        self, limit: np.float32, progress: Callable[[float], None] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        self.n_coincident, counts = 0, np.zeros(_N_BINS, dtype=np.int64)
        found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
        for rows, columns, done in self._blocks():
            square = self._square_distances(rows, columns)
            self.largest = max(self.largest, float(square.max()))
            if self.symmetric:
                height = square.shape[0]
                square[:, :height][np.tri(height, dtype=bool)] = np.inf
            elif self.skip_diagonal:
                own = np.arange(rows.start, rows.stop)
                square[own - rows.start, own] = np.inf
            bins = square.view(np.int32) >> _BIN_SHIFT
            counts += np.bincount(bins.ravel(), minlength=_N_BINS)[:_N_BINS]
            row, column = np.nonzero(square <= limit + self.slack)
            found.append(self._measure(row + rows.start, column + columns.start, limit))
            if progress is not None:
                progress(done)
        # Bins from infinity on hold the masked lower triangle.
        counts[np.float32(np.inf).view(np.int32) >> _BIN_SHIFT :] = 0
        first, second, distance = (np.concatenate(column) for column in zip(*found, strict=True))
        return counts, first, second, distance

    def _measure(
        self,
        first: NDArray[np.int64],
        second: NDArray[np.int64],
        limit: np.float32,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        distance = np.empty(len(first))
        step = max(1, _VALUES_PER_BLOCK // self.exact[0].shape[1])
        for start in range(0, len(first), step):
            part = slice(start, start + step)
            difference = self.exact[0][first[part]] - self.exact[1][second[part]]
            distance[part] = np.sqrt(
                np.einsum("ij,ij->i", difference, difference, dtype=np.float64)
            )
        within = distance**2 <= limit
        if self.skip_diagonal:
            within &= first != second
        self.n_coincident += int(np.count_nonzero(within & (distance == 0.0)))
        within &= distance > 0.0
        return first[within], second[within], distance[within]


def _bin_edges(bins: NDArray[np.int64]) -> NDArray[np.float64]:
    upper = ((bins + 1) << _BIN_SHIFT).astype(np.int32)
    return upper.view(np.float32).astype(np.float64)
