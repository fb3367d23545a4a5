"""Where on the support most of the points lie within reach, from coarse levels to fine ones."""

import math
from collections.abc import Sequence
from functools import cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.covering_numbers.local_chart import (
    anchor_to_points,
    chart_neighbours,
    step_on_surface,
)
from jscgc_theory.covering_numbers.surroundings import Surroundings

_SHIFTS = 2


class Candidates(NamedTuple):
    """Some of the points with their squared distances to all of them."""

    rows: NDArray[np.int64]
    """Row numbers, shape (n_candidates,)."""
    square_distances: NDArray[np.floating]
    """Shape (n_candidates, n_points)."""


def find_candidates(
    cloud: NDArray[np.floating], n_candidates: int, rng: np.random.Generator
) -> Candidates:
    """Draw points that may serve as centres.

    Args:
        cloud: Points, shape (n_points, ambient_dim).
        n_candidates: How many at most.
        rng: Draws them.

    Returns:
        The candidates.
    """
    rows = rng.choice(len(cloud), size=min(n_candidates, len(cloud)), replace=False)
    norms = np.einsum("ij,ij->i", cloud, cloud)
    square = cloud[rows] @ cloud.T
    square *= -2.0
    square += norms[rows][:, None]
    square += norms[None, :]
    return Candidates(rows, np.maximum(square, 0.0, out=square))


def densest_points(
    candidates: Candidates,
    usable: NDArray[np.bool_],
    counted: NDArray[np.int64],
    levels: Sequence[float],
) -> NDArray[np.int64]:
    """Return for each level the candidate with the smallest radius that holds this share.

    Args:
        candidates: The candidates.
        usable: Which of them may be chosen, shape (n_candidates,).
        counted: Rows of the points that count.
        levels: Shares in (0, 1].

    Returns:
        Row numbers, shape (n_levels,).
    """
    # In ascending order they are gathered faster.
    counted = np.sort(counted)
    last = len(counted) - 1
    ranks = [min(last, max(1, math.ceil(level * last))) for level in levels]
    rows = np.flatnonzero(usable)
    reach = np.empty((len(rows), len(ranks)))
    for radii, row in zip(reach, rows, strict=True):
        square = candidates.square_distances[row].take(counted)
        # Sorting all is vectorised and faster than finding a dozen ranks.
        square.sort()
        radii[:] = square[ranks]
    chosen: NDArray[np.int64] = candidates.rows[rows[np.argmin(reach, axis=0)]]
    return chosen


def shifted_centres(
    cloud: NDArray[np.floating],
    candidates: Candidates,
    usable: NDArray[np.bool_],
    choosing: NDArray[np.int64],
    levels: Sequence[float],
    smooth_level: float,
    tangent_dim: int,
) -> tuple[list[NDArray[np.float64]], int]:
    """Follow the densest place from coarse levels to fine ones by mean shift on the manifold.

    At each level the centre inherited from the coarser one competes with the best candidate. The
    candidate is found on one half of the points and both are compared on the other, so that it
    wins where it is denser and not where chance made it look so. The winner takes two mean-shift
    steps: iterating to convergence would follow the noise of the finest level, while what is
    inherited averages over many more points. Where the points do not resolve the manifold well
    enough to keep a moved centre on it, the densest point itself is taken.

    Args:
        cloud: Points, shape (n_points, ambient_dim).
        candidates: Points to start from.
        usable: Which of them may be chosen, shape (n_candidates,).
        choosing: Rows of the points that may be looked at, in random order.
        levels: Shares, descending.
        smooth_level: Below it what is inherited stays, unless a candidate is denser by more than a
            standard error, as in a small cluster.
        tangent_dim: Dimension of the manifold.

    Returns:
        One centre per level, and at how many levels it is the densest point.
    """
    half = len(choosing) // 2
    seen = cloud[choosing]
    proposals = densest_points(candidates, usable, choosing[:half], levels)
    points = cache(partial(densest_points, candidates, usable, choosing, levels))
    centres: list[NDArray[np.float64]] = []
    inherited: Surroundings | None = None
    anchored, error = np.zeros(cloud.shape[1]), 0.0
    n_points = 0
    for place, (level, row) in enumerate(zip(levels, proposals, strict=True)):
        proposal = Surroundings.of(cloud[row].astype(np.float64), seen[:half])
        found = Surroundings.of(_shift(proposal, level, tangent_dim), seen)
        is_won = inherited is None or _is_denser(found, inherited, half, level, smooth_level)
        if inherited is None or is_won or level >= smooth_level:
            start = found if inherited is None or is_won else inherited
            inherited = Surroundings.of(_shift(start, level, tangent_dim), seen)
            anchored, error = anchor_to_points(inherited, tangent_dim)
        if _is_on_surface(inherited, anchored, error, level, tangent_dim):
            centres.append(anchored)
        else:
            centres.append(cloud[points()[place]].astype(np.float64))
            n_points += 1
    return centres, n_points


def _is_denser(
    found: Surroundings, inherited: Surroundings, half: int, level: float, smooth_level: float
) -> bool:
    """Tell whether more points of the second half lie around what was found than by inheritance.

    Below the smooth level they must be more by a standard error.
    """
    square = inherited.square_distances[half:]
    count = max(1, math.ceil(level * len(square)))
    reach = np.partition(square, count - 1)[count - 1]
    n_around = int(np.count_nonzero(found.square_distances[half:] <= reach))
    hurdle = 0.0 if level >= smooth_level else math.sqrt(2.0 * count)
    return n_around > count + hurdle


def _is_on_surface(
    around: Surroundings,
    centre: NDArray[np.float64],
    error: float,
    level: float,
    tangent_dim: int,
) -> bool:
    """Tell whether points lie close by and the height error is below half that of the reach.

    A height h changes the squared distance to x by 2 h times the height of x.
    """
    from jscgc_theory.covering_numbers.distance_kernel import mean_of_rows

    count = max(1, math.ceil(level * len(around.cloud)))
    closest = np.sort(around.nearest(centre, chart_neighbours(tangent_dim))[1])
    # On the surface u^2 has mean d / (d + 2); in a hole that the points surround it is near one.
    d = float(tangent_dim)
    error_of_mean = 2.0 / (d + 2.0) * math.sqrt(d / (d + 4.0) / len(closest))
    if closest.mean() / closest[-1] > d / (d + 2.0) + 3.0 * error_of_mean:
        return False
    near, square = around.nearest(centre, count)
    sunk = float(np.linalg.norm(mean_of_rows(around.cloud, near) - centre))
    relative_change = error * sunk / float(square.mean())
    relative_error = math.sqrt((1.0 - 0.9 * level) / count) / tangent_dim
    return relative_change <= 0.5 * relative_error


def _shift(around: Surroundings, level: float, tangent_dim: int) -> NDArray[np.float64]:
    from jscgc_theory.covering_numbers.distance_kernel import mean_of_rows

    cloud, centre = around.cloud, around.place
    count = max(min(len(cloud), chart_neighbours(tangent_dim)), math.ceil(level * len(cloud)))
    for _ in range(_SHIFTS):
        here = around if centre is around.place else Surroundings.of(centre, cloud)
        target = mean_of_rows(cloud, here.nearest(centre, count)[0])
        centre = step_on_surface(here, target, tangent_dim)
    return centre
