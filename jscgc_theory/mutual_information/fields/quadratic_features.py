"""Quadratic polynomials scaled so that the equations of a manifold stand out of the noise."""

from typing import Self

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.linalg import eigh
from torch import Tensor, nn

from jscgc_theory.mutual_information.fields.gaussian_reference import GaussianReference

_MOST_COLUMNS = 32
_RIDGE = 1e-9


def n_quadratic_features(x_dim: int) -> int:
    """Return the number of monomials of degree 1 and 2; 0 where they would be too many.

    Args:
        x_dim: Columns of x.

    Returns:
        Number of features.
    """
    return x_dim * (x_dim + 3) // 2 if x_dim <= _MOST_COLUMNS else 0


class QuadraticFeatures(nn.Module):
    """Quadratic polynomials of whitened coordinates, divided by their spread under noise.

    A polynomial that x keeps constant, such as ``|x|^2`` on a sphere, has variance 0 without
    noise and of the order of sigma^2 with it. Divided by the latter it says how many sigma a point
    lies off the manifold, which a plain network takes very long to find at small sigma. The
    polynomials diagonalise the covariance of the monomials against that which small noise gives.

    Args:
        x_dim: Columns of x.
    """

    mean: Tensor
    variances: Tensor
    combinations: Tensor

    def __init__(self, x_dim: int) -> None:
        super().__init__()
        n_features = n_quadratic_features(x_dim)
        self.rows, self.columns = np.triu_indices(x_dim if n_features else 0)
        self.register_buffer("mean", torch.zeros(n_features))
        self.register_buffer("variances", torch.zeros(n_features))
        self.register_buffer("combinations", torch.zeros(n_features, n_features))

    @property
    def n_features(self) -> int:
        """Number of features."""
        return len(self.mean)

    def fit(
        self,
        x: Float[NDArray[np.float64], "n_pairs x_dim"],
        reference: GaussianReference,
        rng: np.random.Generator,
    ) -> Self:
        """Find the combinations.

        Args:
            x: Points.
            reference: Moments of x.
            rng: Draws the small noise.

        Returns:
            The module itself.
        """
        if not self.n_features:
            return self
        whitening = reference.x_whitening.double().numpy()
        white = (x - x.mean(axis=0)) @ whitening
        step = rng.standard_normal(x.shape) @ whitening
        i, j = self.rows, self.columns
        monomials = np.concatenate([white, white[:, i] * white[:, j]], axis=1)
        bent = white[:, i] * step[:, j] + step[:, i] * white[:, j]
        change = np.concatenate([step, bent], axis=1)
        noise = change.T @ change / len(x)
        ridge = _RIDGE * np.trace(noise) * np.eye(self.n_features)
        spread = np.atleast_2d(np.cov(monomials.T))
        variances, combinations = eigh(spread, noise + ridge)
        self.mean.copy_(torch.as_tensor(monomials.mean(axis=0)))
        self.variances.copy_(torch.as_tensor(np.maximum(variances, 0.0)))
        self.combinations.copy_(torch.as_tensor(combinations))
        return self

    def forward(self, white: Tensor, noise_variance: Tensor) -> Tensor:
        """Return the features.

        Args:
            white: Whitened points, shape (n, x_dim).
            noise_variance: Variance of the noise left in them, shape (n, 1), in the units of x.

        Returns:
            Shape (n, n_features), of order 1.
        """
        if not self.n_features:
            return white[:, :0]
        products = white[:, self.rows] * white[:, self.columns]
        monomials = torch.cat([white, products], dim=1) - self.mean
        scaled: Tensor = monomials @ self.combinations / (self.variances + noise_variance).sqrt()
        return scaled
