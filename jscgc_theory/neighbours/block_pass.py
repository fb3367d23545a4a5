"""The neighbour search in blocks of query rows, which may be spread, kept, and gone on with."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.finished_blocks import FinishedBlocks

_ROWS_PER_BLOCK = 2048

Kind = Literal["tree", "flat"]

Table = tuple[NDArray[np.float64], NDArray[np.int64]]
"""Distances and row numbers, shape (n_rows, n_neighbours) each."""


@runtime_checkable
class Index(Protocol):
    """A cloud prepared for a search."""

    def nearest(self, rows: NDArray[np.int64], n_neighbours: int) -> Table:
        """Find the neighbours of some points among all."""


@dataclass(frozen=True)
class Search:
    """What is sought, and in which order its rows are cut into blocks."""

    points: NDArray[np.floating]
    """Cloud, shape (n_points, ambient_dim)."""
    kind: Kind
    n_neighbours: int
    order: Int[NDArray[np.int64], " n_points"]
    """Row numbers; blocks are ranges of their places here."""

    def rows(self, block: range) -> Int[NDArray[np.int64], " n_rows"]:
        """Return the row numbers of a block."""
        return self.order[block.start : block.stop]


Runner = Callable[[Search, list[range]], Iterator[tuple[range, Table]]]
"""Searches blocks, and gives each with its table, in any order."""


def search_by_blocks(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
    n_neighbours: int,
    kind: Kind,
    *,
    dask: Any = None,
    resume: str | os.PathLike[str] | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[
    Float[NDArray[np.float64], "n_points n_neighbours"],
    Int[NDArray[np.int64], "n_points n_neighbours"],
]:
    """Find nearest neighbours block by block.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        n_neighbours: Neighbours per point.
        kind: The search.
        dask: A Dask client or the address of a scheduler, whose workers do the work; None for
            this process.
        resume: Folder for finished blocks; those that lie there already are read.
        progress: Told the finished fraction.

    Returns:
        Distances in data units and row numbers, the point itself left out.
    """
    n_points = len(points)
    distances = np.empty((n_points, n_neighbours))
    indices = np.empty((n_points, n_neighbours), dtype=np.int64)
    finished = 0
    kept = None if resume is None else FinishedBlocks.of(resume, points, kind, n_neighbours)
    order = _order(points, kind) if kept is None else kept.order(lambda: _order(points, kind))
    search = Search(points, kind, n_neighbours, order)
    # Closed at once when interrupted, so that tasks elsewhere are cancelled.
    with closing(_tables(search, kept, _run_here if dask is None else _run_on(dask))) as tables:
        for block, table in tables:
            rows = search.rows(block)
            distances[rows], indices[rows] = table
            finished += len(block)
            if progress is not None:
                progress(finished / n_points)
    return distances, indices


def search_block(search: Search, index: Index, block: range) -> Table:
    """Search one block.

    Args:
        search: What is sought.
        index: The cloud.
        block: Places in the order.

    Returns:
        Distances and row numbers.
    """
    return index.nearest(search.rows(block), search.n_neighbours)


def make_index(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
    kind: Kind,
    n_threads: int | None = None,
) -> Index:
    """Prepare a cloud for a search.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        kind: The search.
        n_threads: Threads of a search, None for as many as there are.

    Returns:
        The index.
    """
    from jscgc_theory.neighbours.tile_index import TileIndex
    from jscgc_theory.neighbours.tree_search import TreeIndex

    if kind == "tree":
        return TreeIndex.of(points, -1 if n_threads is None else n_threads)
    return TileIndex.of(points, n_threads)


def _order(points: NDArray[np.floating], kind: Kind) -> NDArray[np.int64]:
    """Put rows that are near each other into one block, if the search gains by it."""
    if kind == "tree":
        return np.arange(len(points))
    from jscgc_theory.neighbours.block_order import blocked_cloud
    from jscgc_theory.neighbours.centring import centred_matrix

    return blocked_cloud(centred_matrix(points, dtype=np.float32).rows, _ROWS_PER_BLOCK).order


def _tables(
    search: Search, kept: FinishedBlocks | None, runner: Runner
) -> Generator[tuple[range, Table], None, None]:
    n_points = len(search.points)
    starts = range(0, n_points, _ROWS_PER_BLOCK)
    blocks = [range(start, min(start + _ROWS_PER_BLOCK, n_points)) for start in starts]
    if kept is None:
        yield from runner(search, blocks)
        return
    missing = []
    for block in blocks:
        table = kept.read(block)
        if table is None:
            missing.append(block)
        else:
            yield block, table
    for block, table in runner(search, missing):
        kept.write(block, table)
        yield block, table


def _run_here(search: Search, blocks: list[range]) -> Iterator[tuple[range, Table]]:
    if blocks:
        index = make_index(search.points, search.kind)
        for block in blocks:
            yield block, search_block(search, index, block)


def _run_on(dask: Any) -> Runner:
    from jscgc_theory.neighbours.dask_pass import DaskRunner

    return DaskRunner(dask)
