"""The posterior of a linear Gaussian channel: the matrices that every answer is read from."""

from functools import cached_property

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

_Mixing = Float[NDArray[np.float64], "ambient_dim dim"]
_Encoding = Float[NDArray[np.float64], "n_outputs dim"]
_PerMode = Float[NDArray[np.float64], " n_modes"]


class GaussianPosterior:
    """The law of ``X = B z`` given ``y_hat = E z + n``: Gaussian, its covariance free of y_hat.

    Args:
        mixing: B, shape (ambient_dim, d).
        encoding: E, shape (n_outputs, d).
        noise_power: sigma^2.
    """

    def __init__(self, mixing: _Mixing, encoding: _Encoding, noise_power: float) -> None:
        self._mixing = mixing
        self._encoding = encoding
        self._noise_power = noise_power

    @cached_property
    def snr_per_mode(self) -> _PerMode:
        """Squared singular values of E over sigma^2, the SNR of each mode of the channel."""
        gains = np.linalg.svd(self._encoding, compute_uv=False)
        return np.asarray(gains**2 / self._noise_power)

    @cached_property
    def root(self) -> _Mixing:
        """A square root of the covariance, ``B P^(1/2)``, shape (ambient_dim, d)."""
        return np.asarray(self._mixing @ self._factor_root)

    @cached_property
    def gain(self) -> Float[NDArray[np.float64], "ambient_dim n_outputs"]:
        """The matrix that takes y_hat to the posterior mean, ``B P E^T / sigma^2``."""
        covariance = self._factor_root @ self._factor_root.T
        return np.asarray(self._mixing @ covariance @ self._encoding.T / self._noise_power)

    @cached_property
    def variances(self) -> _PerMode:
        """Eigenvalues of the covariance on the subspace."""
        return np.asarray(np.linalg.svd(self.root, compute_uv=False) ** 2)

    @cached_property
    def _factor_root(self) -> Float[NDArray[np.float64], "dim dim"]:
        """A square root of P = (I + E^T E / sigma^2)^-1, the covariance of z."""
        _, gains, right = np.linalg.svd(self._encoding)
        snr = np.zeros(right.shape[0])
        snr[: gains.size] = gains**2 / self._noise_power
        return np.asarray(right.T / np.sqrt(1.0 + snr))
