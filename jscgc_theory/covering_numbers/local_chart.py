"""Steps along a curved manifold: move in the tangent plane, then return to the surface."""

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from jscgc_theory.covering_numbers.surroundings import Surroundings

_LEAST_NEIGHBOURS = 20
_POINTS_PER_COEFFICIENT = 3
_ANCHORS = 8
_POOL_FACTOR = 8


def chart_neighbours(tangent_dim: int) -> int:
    """Return how many points a quadratic chart of a d-dimensional surface is fitted to.

    Args:
        tangent_dim: d.

    Returns:
        Three per coefficient, at least twenty.
    """
    coefficients = 1 + tangent_dim + tangent_dim * (tangent_dim + 1) // 2
    return max(_LEAST_NEIGHBOURS, _POINTS_PER_COEFFICIENT * coefficients)


def step_on_surface(
    around: Surroundings, target: NDArray[np.float64], tangent_dim: int
) -> NDArray[np.float64]:
    """Move from a point of the manifold towards a target and stay on the manifold.

    The mean of a neighbourhood lies below a curved surface. So only the tangential part of the way
    is gone, and the height above the new tangent plane is the constant term of a quadratic fitted
    to the nearest points, which is right up to the third order of their distance.

    Args:
        around: Where to start, among points of the manifold, more than a chart needs.
        target: Where to go, shape (ambient_dim,).
        tangent_dim: Dimension of the manifold.

    Returns:
        The new point, shape (ambient_dim,).
    """
    count = chart_neighbours(tangent_dim)
    tangent = _tangent(around.nearest_points(around.place, count), tangent_dim)
    moved = around.place + tangent.T @ (tangent @ (target - around.place))
    return moved + _height(around.nearest_points(moved, count) - moved, tangent_dim)


def anchor_to_points(around: Surroundings, tangent_dim: int) -> tuple[NDArray[np.float64], float]:
    """Correct a point found by charts by what charts get wrong at the points around it.

    Each of the nearest points lies on the manifold, so the height that a chart without it gives it
    is an error; their mean is taken off; its size and their spread tell what may remain.

    Args:
        around: The point, among points of the manifold, more than a chart needs.
        tangent_dim: Dimension of the manifold.

    Returns:
        The corrected point and the error that may remain.
    """
    count = chart_neighbours(tangent_dim)
    pool_size = min(len(around.cloud), _POOL_FACTOR * count)
    pool = Surroundings.of(around.place, around.nearest_points(around.place, pool_size))
    heights = np.empty((_ANCHORS, len(around.place)))
    for height, anchor in zip(heights, pool.nearest(pool.place, _ANCHORS)[0], strict=True):
        at = pool.cloud[anchor].astype(np.float64)
        rows, square = pool.nearest(at, count + 1)
        others = np.delete(rows, np.argmin(square))
        height[:] = _height(pool.cloud[others] - at, tangent_dim)
    error = heights.mean(axis=0)
    left = float(np.sqrt(np.einsum("ij,ij->i", heights - error, heights - error).mean()))
    # Directions turn between the anchors, so part of the mean error stays as well.
    return around.place - error, max(left, 0.25 * float(np.linalg.norm(error)))


def _height(near: NDArray[np.float64], tangent_dim: int) -> NDArray[np.float64]:
    """Return the vector from the origin to the quadratic surface through the points near it."""
    tangent = _tangent(near, tangent_dim)
    along = near @ tangent.T
    flat = along / (float(np.abs(along).max()) or 1.0)
    rows, columns = np.triu_indices(flat.shape[1])
    design = np.column_stack([np.ones(len(flat)), flat, flat[:, rows] * flat[:, columns]])
    # The constant term is linear in the values fitted: one solution serves all coordinates.
    constant = np.zeros(design.shape[1])
    constant[0] = 1.0
    weights = np.linalg.lstsq(design.T, constant, rcond=None)[0]
    height: NDArray[np.float64] = weights @ near - (weights @ along) @ tangent
    # A fit that extrapolates beyond the points themselves is not to be followed.
    normal = near - along @ tangent
    highest = float(np.sqrt(np.einsum("ij,ij->i", normal, normal).max()))
    length = float(np.linalg.norm(height))
    return height if length <= highest else height * (highest / length)


def _tangent(near: NDArray[np.float64], tangent_dim: int) -> NDArray[np.float64]:
    """Return the leading principal directions as rows."""
    spread = near - near.mean(axis=0)
    n_points, ambient_dim = spread.shape
    if ambient_dim <= n_points:
        return np.linalg.svd(spread, full_matrices=False)[2][:tangent_dim]
    # The Gram matrix is the smaller one; orthonormal even where fewer directions are spread.
    last = [max(0, n_points - tangent_dim), n_points - 1]
    leading = scipy.linalg.eigh(spread @ spread.T, subset_by_index=last)[1]
    directions: NDArray[np.float64] = np.linalg.qr(spread.T @ leading)[0].T
    return directions
