"""The best linear denoiser of a mean and covariance, which proves the Gaussian ceiling."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_points


@dataclass(frozen=True)
class LinearDenoiser:
    """``D(z, sigma) = mu + Sigma (Sigma + sigma^2 I)^-1 (z - mu)``, exact for a Gaussian input."""

    mean: Float[NDArray[np.float64], " n_real"]
    eigenvalues: Float[NDArray[np.float64], " n_real"]
    axes: Float[NDArray[np.float64], "n_real n_real"]

    @classmethod
    def fitted(cls, inputs: ArrayLike) -> Self:
        """Return the denoiser of the mean and covariance of channel inputs.

        Args:
            inputs: Shape (n_pairs, n_real); not the pairs it will be judged on.

        Returns:
            The denoiser.

        Raises:
            InputError: If the inputs are unusable.
        """
        points = np.asarray(check_points(inputs, name="inputs"), dtype=np.float64)
        covariance = np.atleast_2d(np.cov(points.T))
        values, axes = np.linalg.eigh(covariance)
        return cls(points.mean(axis=0), np.maximum(values, 0.0), axes)

    def __call__(
        self, z: NDArray[np.float64], sigma: NDArray[np.float64]
    ) -> Float[NDArray[np.float64], "n_rows n_real"]:
        """Denoise rows whose columns share their noise level.

        Args:
            z: Noisy inputs, shape (n_rows, n_real).
            sigma: Noise levels, shape (n_rows, 1).

        Returns:
            Guesses of the inputs.

        Raises:
            InputError: If the columns differ in noise, as under fading.
        """
        if sigma.shape[1] != 1:
            raise InputError(
                "sigma differs between columns (fading); a linear denoiser of white noise does "
                "not apply: use GaussianCeiling"
            )
        gains = self.eigenvalues / (self.eigenvalues + np.square(sigma))
        return np.asarray(self.mean + (((z - self.mean) @ self.axes) * gains) @ self.axes.T)
