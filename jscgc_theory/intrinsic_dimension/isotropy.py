"""Which neighbourhoods are one-sided: near a boundary the neighbours lie all to one side.

In the interior of a manifold the directions to the neighbours are uniform on the sphere of the
tangent space, and Rayleigh's statistic S = d |sum of unit vectors|^2 / k is chi-squared with d
degrees of freedom, independently of the distances. Dropping centres with a large S therefore
removes boundary points without biasing statistics of distances.
"""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.neighbours import Neighbours, in_threads

_VALUES_PER_BLOCK = 1_000_000


def one_sidedness(
    points: Float[NDArray[np.floating], "n_points ambient_dim"],
    neighbours: Neighbours,
    n_neighbours: int,
    intrinsic_dim: int,
    *,
    least: float = 0.0,
) -> Float[NDArray[np.float64], " n_points"]:
    """Return Rayleigh's statistic of the directions to the neighbours, in the tangent space.

    The tangent space is spanned by the leading principal directions of the neighbours about the
    point, so that the common tilt that curvature gives to all directions does not count. The
    directions as they are bound S from above, so where S is small it need not be computed.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        neighbours: Its neighbour table.
        n_neighbours: Neighbours to use.
        intrinsic_dim: Dimension of the tangent space.
        least: Where a bound on S does not exceed this, the bound is given for S.

    Returns:
        S for every point, chi-squared with ``intrinsic_dim`` degrees of freedom in the interior.
    """
    n_points, ambient_dim = points.shape
    tangent_dim = min(intrinsic_dim, ambient_dim, n_neighbours)
    statistic = np.empty(n_points)
    step = max(1, _VALUES_PER_BLOCK // (n_neighbours * ambient_dim))

    def measure(start: int) -> None:
        block = slice(start, min(start + step, n_points))
        indices = neighbours.indices[block, :n_neighbours]
        reach = neighbours.distances[block, n_neighbours - 1].astype(points.dtype)[:, None, None]
        arrows = (points[indices] - points[block][:, None, :]) / reach
        lengths = np.sqrt(np.einsum("nka,nka->nk", arrows, arrows))
        resultant = np.einsum("nka,nk->na", arrows, 1.0 / lengths)
        square = np.square(resultant).sum(axis=1)
        unsettled = np.flatnonzero(tangent_dim * square > least * n_neighbours)
        square[unsettled] = _tangent_square(arrows[unsettled], lengths[unsettled], tangent_dim)
        statistic[block] = tangent_dim * square / n_neighbours

    in_threads(measure, range(0, n_points, step))
    return statistic


def _tangent_square(
    arrows: Float[NDArray[np.floating], "n k ambient_dim"],
    lengths: Float[NDArray[np.floating], "n k"],
    tangent_dim: int,
) -> Float[NDArray[np.float64], " n"]:
    """Return the squared sum of unit vectors along the leading principal directions.

    With arrows A the principal directions are the eigenvectors of A^T A; those of A A^T, whose
    eigenvalues are the same, tell as much where there are fewer arrows than coordinates.
    """
    from jscgc_theory.intrinsic_dimension.leading_kernel import write_leading_parts

    square = np.empty(len(arrows))
    turned = arrows.transpose(0, 2, 1)
    weights = np.divide(1.0, lengths, dtype=np.float64)
    if arrows.shape[2] < arrows.shape[1]:
        sums = np.einsum("nka,nk->na", arrows, weights)
        write_leading_parts(turned @ arrows, sums, tangent_dim, 0, square)
    else:
        write_leading_parts(arrows @ turned, weights, tangent_dim, 1, square)
    return square
