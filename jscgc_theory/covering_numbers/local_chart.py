"""Steps along a curved manifold: move in the tangent plane, then return to the surface."""

import numpy as np
from numpy.typing import NDArray

_LEAST_NEIGHBOURS = 20
_POINTS_PER_COEFFICIENT = 3
_ANCHORS = 8
_POOL_FACTOR = 8
_VALUES_PER_BLOCK = 1 << 17


def chart_neighbours(tangent_dim: int) -> int:
    """Return how many points a quadratic chart of a d-dimensional surface is fitted to.

    Args:
        tangent_dim: d.

    Returns:
        Three per coefficient, at least twenty.
    """
    coefficients = 1 + tangent_dim + tangent_dim * (tangent_dim + 1) // 2
    return max(_LEAST_NEIGHBOURS, _POINTS_PER_COEFFICIENT * coefficients)


def square_distances(
    cloud: NDArray[np.floating], centre: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return squared distances of all points from one, by differences, so that none cancels.

    Args:
        cloud: Points, shape (n_points, ambient_dim).
        centre: The point, shape (ambient_dim,).

    Returns:
        Squared distances, shape (n_points,).
    """
    square = np.empty(len(cloud))
    at = centre.astype(cloud.dtype)
    step = max(1, _VALUES_PER_BLOCK // cloud.shape[1])
    for start in range(0, len(cloud), step):
        difference = cloud[start : start + step] - at
        square[start : start + step] = np.einsum("ij,ij->i", difference, difference)
    return square


def nearest_rows(
    cloud: NDArray[np.floating], centre: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """Return the points nearest to a centre.

    Args:
        cloud: Points, shape (n_points, ambient_dim).
        centre: The centre, shape (ambient_dim,).
        count: How many, at most n_points.

    Returns:
        The points in no order, shape (count, ambient_dim).
    """
    near = np.argpartition(square_distances(cloud, centre), count - 1)[:count]
    return cloud[near].astype(np.float64)


def step_on_surface(
    cloud: NDArray[np.floating],
    centre: NDArray[np.float64],
    target: NDArray[np.float64],
    tangent_dim: int,
) -> NDArray[np.float64]:
    """Move from a point of the manifold towards a target and stay on the manifold.

    The mean of a neighbourhood lies below a curved surface. So only the tangential part of the way
    is gone, and the height above the new tangent plane is the constant term of a quadratic fitted
    to the nearest points, which is right up to the third order of their distance.

    Args:
        cloud: Points of the manifold, shape (n_points, ambient_dim), more than a chart needs.
        centre: Where to start, shape (ambient_dim,).
        target: Where to go, shape (ambient_dim,).
        tangent_dim: Dimension of the manifold.

    Returns:
        The new point, shape (ambient_dim,).
    """
    near = nearest_rows(cloud, centre, chart_neighbours(tangent_dim))
    tangent = _tangent(near, tangent_dim)
    moved = centre + tangent.T @ (tangent @ (target - centre))
    return moved + _height(cloud, moved, tangent_dim, skip_nearest=False)


def anchor_to_points(
    cloud: NDArray[np.floating], centre: NDArray[np.float64], tangent_dim: int
) -> tuple[NDArray[np.float64], float]:
    """Correct a point found by charts by what charts get wrong at the points around it.

    Each of the nearest points lies on the manifold, so the height that a chart without it gives it
    is an error; their mean is taken off; its size and their spread tell what may remain.

    Args:
        cloud: Points of the manifold, shape (n_points, ambient_dim), more than a chart needs.
        centre: The point, shape (ambient_dim,).
        tangent_dim: Dimension of the manifold.

    Returns:
        The corrected point and the error that may remain.
    """
    pool = nearest_rows(
        cloud, centre, min(len(cloud), _POOL_FACTOR * chart_neighbours(tangent_dim))
    )
    anchors = nearest_rows(pool, centre, _ANCHORS)
    heights = np.array([_height(pool, row, tangent_dim, skip_nearest=True) for row in anchors])
    error = heights.mean(axis=0)
    left = float(np.sqrt(np.einsum("ij,ij->i", heights - error, heights - error).mean()))
    # Directions turn between the anchors, so part of the mean error stays as well.
    return centre - error, max(left, 0.25 * float(np.linalg.norm(error)))


def _height(
    cloud: NDArray[np.floating],
    at: NDArray[np.float64],
    tangent_dim: int,
    *,
    skip_nearest: bool,
) -> NDArray[np.float64]:
    """Return the vector from a point to the quadratic surface through the points near it."""
    count = chart_neighbours(tangent_dim) + int(skip_nearest)
    near = nearest_rows(cloud, at, count) - at
    if skip_nearest:
        near = np.delete(near, np.argmin(np.einsum("ij,ij->i", near, near)), axis=0)
    tangent = _tangent(near, tangent_dim)
    along = near @ tangent.T
    normal = near - along @ tangent
    flat = along / (float(np.abs(along).max()) or 1.0)
    rows, columns = np.triu_indices(flat.shape[1])
    design = np.column_stack([np.ones(len(flat)), flat, flat[:, rows] * flat[:, columns]])
    height: NDArray[np.float64] = np.linalg.lstsq(design, normal, rcond=None)[0][0]
    # A fit that extrapolates beyond the points themselves is not to be followed.
    highest = float(np.sqrt(np.einsum("ij,ij->i", normal, normal).max()))
    length = float(np.linalg.norm(height))
    return height if length <= highest else height * (highest / length)


def _tangent(near: NDArray[np.float64], tangent_dim: int) -> NDArray[np.float64]:
    directions: NDArray[np.float64] = np.linalg.svd(near - near.mean(axis=0), full_matrices=False)[
        2
    ]
    return directions[:tangent_dim]
