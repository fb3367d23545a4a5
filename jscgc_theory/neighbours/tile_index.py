"""The search by tiles asked about some rows alone, as a task of a larger pass does."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.block_order import BlockedCloud, blocked_cloud
from jscgc_theory.neighbours.centring import CentredMatrix, centred_matrix
from jscgc_theory.neighbours.flat_search import rank_candidates, search_in_float64
from jscgc_theory.neighbours.pair_histogram import no_counts
from jscgc_theory.neighbours.threads import matrix_threads
from jscgc_theory.neighbours.tile_search import Kept, near_first, rows_per_block


@dataclass(frozen=True)
class TileIndex:
    """A cloud in float32, cut into blocks, whose distances from some points are measured."""

    moved: CentredMatrix
    cloud: BlockedCloud
    place: Int[NDArray[np.int64], " n_points"]
    """Where in the blocks each row lies."""
    n_threads: int | None
    """Threads of a search; None for those of the matrix library."""

    @classmethod
    def of(
        cls,
        points: Float[NDArray[np.floating], "n_points ambient_dim"],
        n_threads: int | None = None,
    ) -> Self:
        """Cut the cloud into blocks.

        Args:
            points: Cloud, shape (n_points, ambient_dim).
            n_threads: Threads of a search; None for those of the matrix library.

        Returns:
            The index.
        """
        moved = centred_matrix(points, dtype=np.float32)
        cloud = blocked_cloud(moved.rows, rows_per_block(moved.rows.shape[1]))
        return cls(moved, cloud, np.argsort(cloud.order), n_threads)

    def nearest(
        self, rows: Int[NDArray[np.int64], " n_rows"], n_neighbours: int
    ) -> tuple[
        Float[NDArray[np.float64], "n_rows n_neighbours"],
        Int[NDArray[np.int64], "n_rows n_neighbours"],
    ]:
        """Find the neighbours of some points among all.

        Args:
            rows: Row numbers of the points asked about; the nearer they are to each other, the
                more blocks can be left out.
            n_neighbours: Neighbours per point.

        Returns:
            Distances in data units and row numbers, the point itself left out.
        """
        distances, indices, sure = rank_candidates(
            self.moved, rows, n_neighbours, self._candidates
        )
        if not sure.all():
            distances[~sure], indices[~sure] = search_in_float64(
                self.moved.original, rows[~sure], n_neighbours
            )
        return distances * self.moved.scale, indices

    def _candidates(
        self, rows: NDArray[np.int64], n_candidates: int
    ) -> tuple[NDArray[np.integer], NDArray[np.floating]]:
        places = self.place[rows]
        block_of = np.searchsorted(self.cloud.starts, places, side="right") - 1
        found = np.empty((len(rows), n_candidates), dtype=np.int64)
        farthest = np.empty(len(rows), dtype=np.float32)

        def scan(blocks: NDArray[np.int64]) -> None:
            some = np.isin(block_of, blocks)
            kept = self._scan(places[some], blocks, n_candidates)
            found[some] = self.cloud.order[kept.found[places[some]]]
            farthest[some] = -2.0 * kept.worst[places[some]]

        with matrix_threads(self.n_threads) as n_threads, ThreadPoolExecutor(n_threads) as pool:
            # The list waits for all and raises what a thread has raised.
            list(pool.map(scan, np.array_split(np.unique(block_of), n_threads)))
        return found, farthest

    def _scan(
        self, places: NDArray[np.int64], blocks: NDArray[np.int64], n_candidates: int
    ) -> Kept:
        """Compare some rows with all; the others are given nothing that they could still seek."""
        from jscgc_theory.neighbours.tile_kernel import scan_tiles

        n_points, n_blocks = len(self.place), self.cloud.n_blocks
        # Of pages that are never touched nothing is allocated.
        kept = Kept(
            np.empty((n_points, n_candidates), dtype=np.float32),
            np.empty((n_points, n_candidates), dtype=np.int32),
            np.full(n_points, np.inf, dtype=np.float32),
            np.full(n_blocks, -np.inf, dtype=np.float32),
        )
        kept.scores[places], kept.worst[places], kept.reach[blocks] = -np.inf, -np.inf, np.inf
        tiles = near_first(self.cloud, blocks, np.arange(n_blocks))
        scan_tiles(self.cloud, kept, tiles, no_counts()[:0])
        return kept
