"""Means over pairs whose errors allow for pairs that share a source point."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

Codes = Int[NDArray[np.int64], " n_pairs"]


class ClusteredMeans(NamedTuple):
    """Means of several quantities and the covariance of their errors."""

    mean: Float[NDArray[np.float64], " n_quantities"]
    covariance: Float[NDArray[np.float64], "n_quantities n_quantities"]

    @property
    def standard_error(self) -> Float[NDArray[np.float64], " n_quantities"]:
        """Standard errors of the means."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance)))


def source_codes(x: Float[NDArray[np.float64], "n_pairs x_dim"]) -> Codes:
    """Number the distinct rows of x: pairs with equal rows share a source point.

    Args:
        x: Source points.

    Returns:
        The number of each row's source point, from 0.
    """
    rows = np.ascontiguousarray(x + 0.0)  # -0.0 equals 0.0
    as_bytes = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    return np.asarray(np.unique(as_bytes, return_inverse=True)[1], dtype=np.int64).ravel()


def clustered_means(
    values: Float[NDArray[np.float64], "n_pairs n_quantities"], codes: Codes
) -> ClusteredMeans:
    """Average over pairs, with the cluster-robust covariance of the means.

    Args:
        values: One row for each pair.
        codes: Source point of each pair; a single source point gives infinite errors.

    Returns:
        Means and covariance.
    """
    n_pairs = len(values)
    mean = values.mean(axis=0)
    n_groups = int(codes.max()) + 1
    residual = values - mean
    if n_groups < n_pairs:
        residual = np.stack(
            [np.bincount(codes, column, minlength=n_groups) for column in residual.T], axis=1
        )
    if n_groups == 1:
        return ClusteredMeans(mean, np.diag(np.full(len(mean), np.inf)))
    scale = n_groups / (n_groups - 1) / n_pairs**2
    return ClusteredMeans(mean, scale * residual.T @ residual)
