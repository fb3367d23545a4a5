"""Whether a k-d tree beats the full distance matrix, told before either is tried."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

# Measured in benchmarks/neighbour_backends.py: up to here a k-d tree beats the full matrix.
TREE_MAX_DIM = 8
# The time of a tree grows with the dimension of the data and hardly with their number, that of the
# full matrix with their number alone: at 4 dimensions in 16 coordinates and 64 neighbours a query
# takes 0.2 ms among 100 000 points and 0.3 ms among 1 000 000, at 5 dimensions 0.4 and 1 ms. In
# more coordinates the tree's boxes fit the data badly.
_MAX_DIM_OF_CURVED_DATA = 16
_LEAST_POINTS = 50_000
_MAX_INTRINSIC_DIM = 4.5
_SAMPLED_ROWS, _SAMPLED_NEIGHBOURS = 2000, 5


def tree_is_faster(points: Float[NDArray[np.floating], "n_points ambient_dim"]) -> bool:
    """Tell from size, width, and a coarse reading of the dimension which search is faster.

    Args:
        points: Cloud, shape (n_points, ambient_dim).

    Returns:
        True for the tree, False for the full matrix.
    """
    n_points, ambient_dim = points.shape
    if ambient_dim <= TREE_MAX_DIM:
        return True
    if ambient_dim > _MAX_DIM_OF_CURVED_DATA or n_points < _LEAST_POINTS:
        return False
    return _coarse_dimension(points) <= _MAX_INTRINSIC_DIM


def _coarse_dimension(points: NDArray[np.floating]) -> float:
    """Levina and Bickel's estimate on some evenly chosen rows; infinite where it has no answer."""
    from jscgc_theory.neighbours.tree_search import search_tree

    chosen = np.linspace(0, len(points) - 1, _SAMPLED_ROWS).astype(np.int64)
    distances, _ = search_tree(points[chosen], _SAMPLED_NEIGHBOURS)
    apart = distances[distances[:, 0] > 0.0]
    mean = float(np.log(apart[:, -1:] / apart[:, :-1]).mean()) if len(apart) else 0.0
    return 1.0 / mean if mean > 0.0 else np.inf
