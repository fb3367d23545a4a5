"""Pointwise dimensions: a reading at every point, for data whose dimension varies."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.intrinsic_dimension.sample import Sample
from jscgc_theory.validation import check_count


@dataclass(frozen=True)
class LocalDimensions:
    """The dimension read at every distinct point."""

    intrinsic_dim: Float[NDArray[np.float64], " n_points"]
    """Unbiased at each point under the local power law."""
    standard_error: Float[NDArray[np.float64], " n_points"]
    """About d / sqrt(k - 3) at each point."""
    n_neighbours: int
    n_duplicates: int
    """Repeated rows dropped; the arrays speak of distinct rows in their first order."""


def local_dimensions(points: ArrayLike, *, n_neighbours: int = 50) -> LocalDimensions:
    r"""Estimate the dimension at every point from its own neighbours.

    d(x_i) = (k - 2) / sum over j < k of ln(r_k / r_j), Levina and Bickel (2004), eq. (9), which is
    unbiased since the sum is Gamma(k - 1, d) distributed.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        n_neighbours: k, at least 5; fewer are taken if there are fewer points.

    Returns:
        Dimensions and standard errors, one per distinct point.

    Raises:
        InputError: If the cloud is unusable.
    """
    k = check_count(n_neighbours, name="n_neighbours", minimum=5)
    sample = Sample.from_points(points, k)
    k = sample.neighbours.n_neighbours
    distances = sample.neighbours.distances
    sums = np.log(distances[:, -1:] / distances[:, :-1]).sum(axis=1)
    values = np.divide(k - 2, sums, out=np.full_like(sums, np.inf), where=sums > 0.0)
    return LocalDimensions(values, values / np.sqrt(max(1, k - 3)), k, sample.n_duplicates)
