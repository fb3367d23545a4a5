"""The posterior mean of a source seen in Gaussian noise, alone or beside its channel output.

A denoiser answers ``E[x_0 | z = x_0 + sigma n, y_hat]`` together with z less that mean: at small
sigma the two nearly cancel, and whoever divides by sigma needs the digits of the difference.
"""

import abc
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.sources.directions import directions_of
from jscgc_theory.sources.mean_cosine_table import fast_mean_deficit

Points = Float[NDArray[np.float64], "n_points ambient_dim"]
Outputs = Float[NDArray[np.float64], "n_points n_outputs"]
Scales = Float[NDArray[np.float64], "n_points 1"]


class Denoised(NamedTuple):
    """A posterior mean and what it takes away."""

    mean: Points
    """``E[x_0 | z, y_hat]``."""
    residual: Points
    """``z - E[x_0 | z, y_hat]``, computed without the cancellation."""


class ExactDenoiser(abc.ABC):
    """The exact posterior mean of one source."""

    @abc.abstractmethod
    def denoise(self, z: Points, sigma: Scales, y_hat: Outputs | None) -> Denoised:
        """Return the posterior mean of each row.

        Args:
            z: Points in noise, ``x_0 + sigma n``.
            sigma: Noise deviation of each row.
            y_hat: Channel outputs, or None without any.

        Returns:
            The means and the residuals.
        """


class SphereDenoiser(ExactDenoiser):
    """Uniform on a sphere: the posterior is von Mises-Fisher.

    Its natural parameter ``kappa mu = R z/sigma^2 + w y_hat`` adds up what z and the output say;
    ``E[x_0 | z, y_hat] = R A(kappa) mu``.

    Args:
        dim: d of S^d.
        radius: R.
        output_weight: w, ``sqrt(d+1)/noise_power`` of the channel; unused without one.
    """

    def __init__(self, dim: int, radius: float, output_weight: float = 0.0) -> None:
        self._dim = dim
        self._radius = radius
        self._output_weight = output_weight

    def denoise(self, z: Points, sigma: Scales, y_hat: Outputs | None) -> Denoised:
        """Return ``R A(kappa) mu`` and ``(z - R mu) + R (1 - A(kappa)) mu``."""
        natural = self._radius * z / sigma**2
        if y_hat is not None:
            natural += self._output_weight * y_hat
        kappa = np.linalg.norm(natural, axis=1)
        deficit = fast_mean_deficit(kappa, self._dim)[:, None]
        mode = self._radius * directions_of(natural)
        return Denoised((1.0 - deficit) * mode, (z - mode) + deficit * mode)


class CirclesDenoiser(ExactDenoiser):
    """Uniform on a product of circles, each with a posterior of its own.

    Args:
        output_weight: w of each circle, ``sqrt(2)/noise_power``.
    """

    def __init__(self, output_weight: float = 0.0) -> None:
        self._circle = SphereDenoiser(1, 1.0, output_weight)

    def denoise(self, z: Points, sigma: Scales, y_hat: Outputs | None) -> Denoised:
        """Return the denoised points, circle by circle."""
        n_circles = z.shape[1] // 2
        outputs = None if y_hat is None else y_hat.reshape(-1, 2)
        mean, residual = self._circle.denoise(
            z.reshape(-1, 2), np.repeat(sigma, n_circles, axis=0), outputs
        )
        return Denoised(mean.reshape(z.shape), residual.reshape(z.shape))


class GaussianDenoiser(ExactDenoiser):
    """``x_0 ~ N(G y_hat, L L^T)`` given the output: along the axes of L a Wiener filter.

    Along an axis of variance ``l`` the posterior keeps the share ``l/(l + sigma^2)`` of
    ``z - G y_hat``, across the range of L nothing.

    Args:
        root: L, shape (ambient_dim, d).
        gain: G, shape (ambient_dim, n_outputs); None without a channel.
    """

    def __init__(
        self,
        root: Float[NDArray[np.float64], "ambient_dim dim"],
        gain: Float[NDArray[np.float64], "ambient_dim n_outputs"] | None = None,
    ) -> None:
        self._axes, deviations, _ = np.linalg.svd(root, full_matrices=False)
        self._variances = deviations**2
        self._gain = gain

    def denoise(self, z: Points, sigma: Scales, y_hat: Outputs | None) -> Denoised:
        """Return the filtered points."""
        prior = np.zeros_like(z)
        if y_hat is not None and self._gain is not None:
            prior = y_hat @ self._gain.T
        surprise = z - prior
        along = surprise @ self._axes
        total = self._variances + sigma**2
        residual = (along * sigma**2 / total) @ self._axes.T
        if self._axes.shape[1] < z.shape[1]:
            residual += surprise - along @ self._axes.T
        return Denoised(prior + (along * self._variances / total) @ self._axes.T, residual)


class EmbeddedDenoiser(ExactDenoiser):
    """A source placed in more coordinates, or turned, by an orthonormal frame.

    Args:
        denoiser: Denoiser in the source's own coordinates; it has no channel.
        frame: Orthonormal rows, shape (natural_dim, ambient_dim).
    """

    def __init__(
        self, denoiser: ExactDenoiser, frame: Float[NDArray[np.float64], "natural_dim ambient_dim"]
    ) -> None:
        self._denoiser = denoiser
        self._frame = frame

    def denoise(self, z: Points, sigma: Scales, y_hat: Outputs | None) -> Denoised:
        """Return the denoised points; what lies off the frame is noise."""
        own = z @ self._frame.T
        mean, residual = self._denoiser.denoise(own, sigma, y_hat)
        across = z - own @ self._frame
        return Denoised(mean @ self._frame, residual @ self._frame + across)
