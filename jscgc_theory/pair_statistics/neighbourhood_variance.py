"""The variance of a sum over points whose terms depend on overlapping neighbourhoods."""

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray


def neighbourhood_variance(
    influence: Float[NDArray[np.float64], " n_points"],
    neighbours: Int[NDArray[np.int64], "n_points n_neighbours"],
) -> float:
    """Estimate the variance of a sum of centred terms, one for each point.

    Var = sum over points (i, j) with intersecting closed neighbourhoods of psi_i psi_j, the
    dependency-graph form: terms that read no common point are taken as independent. Terms of
    points that share neighbours but are not neighbours themselves are weakly dependent and noisy
    to sum, so the sum runs over i = j and over pairs of which one is a neighbour of the other.

    Args:
        influence: Centred terms, shape (n_points,).
        neighbours: Rows of the points each term reads, shape (n_points, n_neighbours).

    Returns:
        The variance, at least that of independent terms divided by four.
    """
    from jscgc_theory.pair_statistics.linked_sum import linked_sum

    independent = float(influence @ influence)
    return max(0.25 * independent, independent + float(linked_sum(influence, neighbours)))
