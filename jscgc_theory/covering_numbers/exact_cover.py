"""Exact covering and packing numbers of a few points by integer programming: the referee."""

import numpy as np
from jaxtyping import Bool, Float
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.spatial.distance import cdist

from jscgc_theory.covering_numbers.ordinary_units import in_ordinary_units
from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_nonnegative, check_points

MAX_POINTS = 60
"""Most points accepted; the search grows exponentially."""


def exact_covering(points: ArrayLike, radius: float) -> tuple[int, ...]:
    """Find the fewest points whose closed balls hold all points.

    ``covering(eps) = min sum_j x_j`` over ``x in {0, 1}^n`` with
    ``sum_{j : rho(i, j) <= eps} x_j >= 1`` for every point i.

    Args:
        points: Cloud of shape (n_points, ambient_dim), at most 60 points.
        radius: Radius eps of the balls in data units.

    Returns:
        Rows of the centres, ascending; their number is the covering number.

    Raises:
        InputError: If the points are unusable or too many, or the radius is negative.
    """
    near = _near(points, radius)
    every_point_once = LinearConstraint(near.astype(np.float64), lb=1.0)
    return _chosen(np.ones(len(near)), every_point_once)


def exact_packing(points: ArrayLike, radius: float) -> tuple[int, ...]:
    """Find the most points that lie pairwise farther apart than a radius.

    ``packing(eps) = max sum_j x_j`` over ``x in {0, 1}^n`` with ``x_i + x_j <= 1`` for every pair
    with ``rho(i, j) <= eps``.

    Args:
        points: Cloud of shape (n_points, ambient_dim), at most 60 points.
        radius: Distance eps in data units.

    Returns:
        Rows of the points, ascending; their number is the packing number.

    Raises:
        InputError: If the points are unusable or too many, or the radius is negative.
    """
    near = _near(points, radius)
    first, second = np.nonzero(np.triu(near, k=1))
    if len(first) == 0:
        return tuple(range(len(near)))
    pairs = np.zeros((len(first), len(near)))
    rows = np.arange(len(first))
    pairs[rows, first] = pairs[rows, second] = 1.0
    return _chosen(-np.ones(len(near)), LinearConstraint(pairs, ub=1.0))


def _near(points: ArrayLike, radius: float) -> Bool[NDArray[np.bool_], "n_points n_points"]:
    cloud = check_points(points, min_points=1).astype(np.float64)
    eps = check_nonnegative(radius, name="radius")
    if len(cloud) > MAX_POINTS:
        raise InputError(
            f"points has {len(cloud)} rows; exact counts are offered up to {MAX_POINTS}: "
            "use greedy_net"
        )
    scaled, unit = in_ordinary_units(cloud)
    return np.asarray(unit * cdist(scaled, scaled) <= eps)


def _chosen(
    cost: Float[NDArray[np.float64], " n_points"], constraint: LinearConstraint
) -> tuple[int, ...]:
    solution = milp(
        cost, constraints=constraint, integrality=np.ones_like(cost), bounds=Bounds(0.0, 1.0)
    )
    # Every point alone covers itself and is a packing: the programme always has a solution.
    return tuple(int(row) for row in np.flatnonzero(solution.x > 0.5))
