"""Whitened coordinates of a cloud on the subspace it really fills."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Whitening:
    """An affine map to coordinates with mean zero and unit sample covariance."""

    centre: Float[NDArray[np.float64], " dim"]
    matrix: Float[NDArray[np.float64], "dim rank"]

    @classmethod
    def of(
        cls,
        cloud: Float[NDArray[np.float64], "n_points dim"],
        weights: Float[NDArray[np.float64], " n_points"] | None = None,
    ) -> tuple[Self, Matrix]:
        """Fit the map to a cloud, on its range only.

        Columns are scaled before the rank is judged, so that units do not decide it; constant
        and linearly dependent columns carry nothing and leave the range.

        Args:
            cloud: Shape (n_points, dim).
            weights: Weights of the rows in mean and covariance, of mean 1; equal if omitted.

        Returns:
            The map, and the whitened cloud of shape (n_points, rank), its rows multiplied by the
            square roots of their weights.
        """
        n_points, dim = cloud.shape
        centre = np.average(cloud, axis=0, weights=weights)
        centred = cloud - centre
        if weights is not None:
            centred *= np.sqrt(weights)[:, None]
        spread = np.sqrt(np.square(centred).mean(axis=0))
        rounding = np.finfo(np.float64).eps * max(n_points, dim)
        varies = spread > rounding * np.abs(centre)
        scale = np.where(varies, spread, np.inf)
        basis, triangle = np.linalg.qr(centred / scale)
        left, values, right = np.linalg.svd(triangle, full_matrices=False)
        kept = values > rounding * values.max(initial=0.0)
        size = np.sqrt(n_points - 1.0)
        matrix = size * right[kept].T / values[kept] / scale[:, None]
        return cls(centre, matrix), size * (basis @ left[:, kept])

    def __call__(self, cloud: Float[NDArray[np.float64], "n_points dim"]) -> Matrix:
        """Map points to whitened coordinates."""
        return (cloud - self.centre) @ self.matrix

    @property
    def rank(self) -> int:
        """Dimensions that the cloud fills."""
        return int(self.matrix.shape[1])

    def turned(self, rotation: Float[NDArray[np.float64], "rank rank"]) -> "Whitening":
        """Return the map followed by a rotation."""
        return Whitening(self.centre, self.matrix @ rotation)
