"""The neighbour search in blocks of query rows, which may be spread, kept, and gone on with."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours.finished_blocks import FinishedBlocks

# That of the flat search, so that the filter meets the very same blocks.
_ROWS_PER_BLOCK = 2048

Kind = Literal["tree", "flat"]

Table = tuple[NDArray[np.float64], NDArray[np.int64]]
"""Distances and row numbers, shape (n_rows, n_neighbours) each."""


@runtime_checkable
class Index(Protocol):
    """A cloud prepared for a search."""

    def nearest(self, rows: NDArray[np.int64], n_neighbours: int) -> Table:
        """Find the neighbours of some points among all."""


Runner = Callable[[NDArray[np.floating], Kind, int, list[range]], Iterator[tuple[range, Table]]]
"""Searches blocks of rows of a cloud, and gives each with its table, in any order."""


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
    # Closed at once when interrupted, so that tasks elsewhere are cancelled.
    with closing(_tables(points, n_neighbours, kind, dask=dask, resume=resume)) as tables:
        for block, table in tables:
            distances[block.start : block.stop], indices[block.start : block.stop] = table
            finished += len(block)
            if progress is not None:
                progress(finished / n_points)
    return distances, indices


def search_block(index: Index, block: range, n_neighbours: int) -> Table:
    """Search one block; pure, so that it may be done again anywhere.

    Args:
        index: The cloud.
        block: Row numbers.
        n_neighbours: Neighbours per point.

    Returns:
        Distances and row numbers.
    """
    return index.nearest(np.arange(block.start, block.stop), n_neighbours)


def make_index(
    points: Float[NDArray[np.floating], "n_points ambient_dim"], kind: Kind, n_threads: int = -1
) -> Index:
    """Prepare a cloud for a search.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        kind: The search.
        n_threads: Threads of the tree search, -1 for as many as there are cores; the flat search
            takes those of OpenMP, of which Dask gives a worker one.

    Returns:
        The index.
    """
    from jscgc_theory.neighbours.flat_index import FlatIndex
    from jscgc_theory.neighbours.tree_search import TreeIndex

    return TreeIndex.of(points, n_threads) if kind == "tree" else FlatIndex.of(points)


def _tables(
    points: NDArray[np.floating],
    n_neighbours: int,
    kind: Kind,
    *,
    dask: Any,
    resume: str | os.PathLike[str] | None,
) -> Generator[tuple[range, Table], None, None]:
    runner = _run_here if dask is None else _run_on(dask)
    starts = range(0, len(points), _ROWS_PER_BLOCK)
    blocks = [range(start, min(start + _ROWS_PER_BLOCK, len(points))) for start in starts]
    if resume is None:
        yield from runner(points, kind, n_neighbours, blocks)
        return
    kept = FinishedBlocks.of(resume, points, kind, n_neighbours)
    missing = []
    for block in blocks:
        table = kept.read(block)
        if table is None:
            missing.append(block)
        else:
            yield block, table
    for block, table in runner(points, kind, n_neighbours, missing):
        kept.write(block, table)
        yield block, table


def _run_here(
    points: NDArray[np.floating], kind: Kind, n_neighbours: int, blocks: list[range]
) -> Iterator[tuple[range, Table]]:
    if blocks:
        index = make_index(points, kind)
        for block in blocks:
            yield block, search_block(index, block, n_neighbours)


def _run_on(dask: Any) -> Runner:
    from jscgc_theory.neighbours.dask_pass import DaskRunner

    return DaskRunner(dask)
