"""How many points lie about each point in x alone and in y alone, within the joint neighbours."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.mutual_information.nearest_neighbour.box_tree import BoxTree

_POINTS_PER_BLOCK = 2048


def neighbour_counts(
    x: Float[NDArray[np.float64], "n_pairs x_dim"],
    y: Float[NDArray[np.float64], "n_pairs y_dim"],
    scales: tuple[int, ...],
    algorithm: int,
) -> tuple[Int[NDArray[np.int64], "n_scales n_pairs"], Int[NDArray[np.int64], "n_scales n_pairs"]]:
    """Count n_x and n_y of Kraskov et al. (2004) for several numbers of neighbours k.

    Algorithm 1 counts points strictly nearer than the k-th joint neighbour; algorithm 2 counts
    points no farther than the k neighbours reach in x, and in y.

    Args:
        x: Shape (n_pairs, x_dim).
        y: Shape (n_pairs, y_dim).
        scales: Numbers of neighbours k, each below n_pairs.
        algorithm: 1 or 2.

    Returns:
        n_x and n_y, one row for each k; pairs stand in the joint tree's order.
    """
    joint, x_tree, y_tree = (BoxTree.of(cloud) for cloud in (np.hstack([x, y]), x, y))
    x_sorted, y_sorted = x[joint.order], y[joint.order]
    x_counts, y_counts = (np.empty((len(scales), len(x)), dtype=np.int64) for _ in range(2))

    def fill(first: int, last: int) -> None:
        distances, positions = joint.nearest(first, last, max(scales))
        for row, k in enumerate(scales):
            for tree, cloud, counts in (
                (x_tree, x_sorted, x_counts),
                (y_tree, y_sorted, y_counts),
            ):
                here = cloud[first:last]
                if algorithm == 1:
                    radii = distances[:, k - 1]
                else:
                    there = cloud[positions[:, :k]]
                    radii = np.abs(there - here[:, None, :]).max(axis=(1, 2))
                counts[row, first:last] = tree.count_others(here, radii, closed=algorithm == 2)

    for_each_block(len(x), fill)
    return x_counts, y_counts


def for_each_block(n_points: int, work: Callable[[int, int], Any]) -> list[Any]:
    """Do some work on blocks of adjacent positions, on every core this process may use.

    Args:
        n_points: Number of positions.
        work: Takes the first position and one past the last.

    Returns:
        What the work returned, in order.
    """
    starts = range(0, n_points, _POINTS_PER_BLOCK)
    stops = [min(start + _POINTS_PER_BLOCK, n_points) for start in starts]
    if len(starts) == 1:
        return [work(0, n_points)]
    with ThreadPoolExecutor(_n_cores()) as pool:
        return list(pool.map(work, starts, stops))


def _n_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
