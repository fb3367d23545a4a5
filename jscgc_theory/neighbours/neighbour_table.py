"""The table of exact nearest neighbours, and the choice of the search that fills it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.neighbours.pair_histogram import PairHistogram
from jscgc_theory.validation import check_count, check_points

Progress = Callable[[float], None]
"""Called with the finished fraction, from 0 to 1."""

Backend = Literal["auto", "tree", "flat", "torch"]

# Measured in benchmarks/neighbour_backends.py: up to here a k-d tree beats the full matrix.
_TREE_MAX_DIM = 5
MOST_ROWS_COUNTED = 32_768
"""Up to so many points all pairs are counted."""


@dataclass(frozen=True)
class Neighbours:
    """Exact nearest neighbours of every point of a cloud, the point itself left out."""

    distances: Float[NDArray[np.float64], "n_points n_neighbours"]
    """Distances in data units, ascending along each row."""
    indices: Int[NDArray[np.int64], "n_points n_neighbours"]
    """Row numbers of the neighbours."""
    histogram: PairHistogram | None = None
    """How many pairs of points lie how far apart, if they were counted."""

    @property
    def n_points(self) -> int:
        """Number of points."""
        return int(self.distances.shape[0])

    @property
    def n_neighbours(self) -> int:
        """Neighbours held per point."""
        return int(self.distances.shape[1])


def nearest_neighbours(
    points: ArrayLike,
    n_neighbours: int,
    *,
    backend: Backend = "auto",
    dask: Any = None,
    resume: str | os.PathLike[str] | None = None,
    count_pairs: bool = False,
    progress: Progress | None = None,
) -> Neighbours:
    """Find the exact nearest neighbours of every point among the others.

    Wide data are searched in float32 by tiles of the distance matrix and re-ranked with float64
    differences; rows whose ranking float32 cannot certify are searched again in float64.
    Distances are differences of the numbers as handed over, so an offset costs no digit.
    The N x N matrix is never held.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        n_neighbours: Neighbours per point.
        backend: ``tree`` (k-d tree), ``flat`` (matrix on the CPU), ``torch`` (full matrix on
            the GPU if there is one), or ``auto`` for the fastest measured at this size.
        dask: A Dask client or the address of a scheduler, whose workers search; the table is the
            same to the last bit.
        resume: Folder that keeps finished blocks of the search, so that a search which was killed
            can be gone on with.
        count_pairs: Whether all pairs will be asked for: a search by tiles of at most 32 768
            points then measures and counts them on its way.
        progress: Told the finished fraction.

    Returns:
        Distances in data units and row numbers.

    Raises:
        InputError: If the cloud is unusable or holds too few points, or no scheduler answers.
        MissingExtraError: If Dask is asked for and not installed.
    """
    from jscgc_theory.neighbours.flat_search import search_and_count, search_flat

    cloud = check_points(points)
    n_neighbours = check_count(n_neighbours, name="n_neighbours")
    _check_enough(cloud.shape[0], n_neighbours)
    if dask is None and resume is None:
        search = _choose_search(backend, cloud.shape[1])
        if search is search_flat and count_pairs and len(cloud) <= MOST_ROWS_COUNTED:
            return Neighbours(*search_and_count(cloud, n_neighbours, progress))
        return Neighbours(*search(cloud, n_neighbours, progress))
    from jscgc_theory.neighbours.block_pass import search_by_blocks

    kind = _choose_kind(backend, cloud.shape[1])
    table = search_by_blocks(
        cloud, n_neighbours, kind, dask=dask, resume=resume, progress=progress
    )
    return Neighbours(*table)


def neighbours_from_distances(matrix: ArrayLike, n_neighbours: int) -> Neighbours:
    """Read the neighbour table off a matrix of distances computed elsewhere.

    Args:
        matrix: Symmetric non-negative distances, shape (n_points, n_points).
        n_neighbours: Neighbours per point.

    Returns:
        Distances and row numbers.

    Raises:
        InputError: If the matrix is not square, symmetric, non-negative and zero on its diagonal,
            or too small.
    """
    distances = check_points(matrix, name="distances").astype(np.float64)
    n_points = distances.shape[0]
    if distances.shape[1] != n_points:
        raise InputError(f"distances have shape {distances.shape}; a square matrix is needed")
    if distances.min() < 0.0 or np.diagonal(distances).any():
        raise InputError(
            "distances hold a negative value or a non-zero diagonal; give metric distances"
        )
    if not np.allclose(distances, distances.T, rtol=1e-6, atol=1e-7 * float(distances.max())):
        raise InputError(
            "distances are not symmetric; give (D + D.T) / 2 if rounding is the cause"
        )
    n_neighbours = check_count(n_neighbours, name="n_neighbours")
    _check_enough(n_points, n_neighbours)
    np.fill_diagonal(distances, np.inf)
    nearest = np.argpartition(distances, n_neighbours - 1, axis=1)[:, :n_neighbours]
    values = np.take_along_axis(distances, nearest, axis=1)
    order = np.argsort(values, axis=1, kind="stable")
    return Neighbours(
        np.take_along_axis(values, order, axis=1),
        np.take_along_axis(nearest, order, axis=1).astype(np.int64),
    )


def _check_enough(n_points: int, n_neighbours: int) -> None:
    if n_points < n_neighbours + 1:
        raise InputError(
            f"{n_neighbours} neighbours need at least {n_neighbours + 1} points, got {n_points}; "
            "ask for fewer neighbours or add points"
        )


Search = Callable[
    [NDArray[np.floating], int, Progress | None], tuple[NDArray[np.float64], NDArray[np.int64]]
]


def _choose_kind(backend: str, ambient_dim: int) -> Literal["tree", "flat"]:
    """Choose among the searches that can be asked about some rows alone."""
    if backend not in ("auto", "tree", "flat"):
        raise InputError(
            f"backend = {backend!r} cannot search block by block; use auto, tree or flat"
        )
    by_tree = backend == "tree" or (backend == "auto" and ambient_dim <= _TREE_MAX_DIM)
    return "tree" if by_tree else "flat"


def _choose_search(backend: str, ambient_dim: int) -> Search:
    from jscgc_theory.neighbours.flat_search import search_flat
    from jscgc_theory.neighbours.torch_search import cuda_is_available, search_torch
    from jscgc_theory.neighbours.tree_search import search_tree

    searches: dict[str, Search] = {
        "tree": search_tree,
        "flat": search_flat,
        "torch": search_torch,
    }
    if backend != "auto":
        if backend not in searches:
            raise InputError(f"backend = {backend!r} is unknown; use auto, tree, flat or torch")
        return searches[backend]
    if ambient_dim <= _TREE_MAX_DIM:
        return search_tree
    return search_torch if cuda_is_available() else search_flat
