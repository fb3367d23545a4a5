"""The best linear denoiser, with which a velocity network begins and which it corrects."""

from typing import NamedTuple, Self

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor, nn

# Variances below this share of the largest are rounding errors of a law on a subspace.
_LEAST_SHARE = 1e-12


class Belief(NamedTuple):
    """What the best linear denoiser makes of ``z = x + sigma n``, and of y_hat if it is shown."""

    mean: Tensor
    """Posterior mean less the mean of x, shape (n, x_dim)."""
    noise: Tensor
    """(z - mean)/sigma, the linear estimate of n."""
    innovation: Tensor
    """z less its expectation, whitened."""
    variances: Tensor
    """Posterior variances along ``axes``, shape (n, x_dim)."""
    correction_share: Tensor
    """Posterior deviation over sigma along ``axes``."""
    axes: Tensor


class GaussianReference(nn.Module):
    """Means, covariances and the linear regression of pairs, as buffers.

    The means are float64, and taken away before anything is rounded to float32: an offset of the
    data costs no digit.

    With it a network begins at the mutual information of the Gaussian law that has the same
    second moments, exactly, and learns only what is not Gaussian.

    Args:
        x_dim: Columns of x.
        y_dim: Columns of y_hat; 0 if there is none.
    """

    x_mean: Tensor
    x_variances: Tensor
    x_axes: Tensor
    x_whitening: Tensor
    y_mean: Tensor
    y_whitening: Tensor
    regression: Tensor
    given_variances: Tensor
    given_axes: Tensor

    def __init__(self, x_dim: int, y_dim: int) -> None:
        super().__init__()
        shapes: dict[str, tuple[int, ...]] = {
            "x_mean": (x_dim,),
            "x_variances": (x_dim,),
            "x_axes": (x_dim, x_dim),
            "x_whitening": (x_dim, x_dim),
            "y_mean": (y_dim,),
            "y_whitening": (y_dim, y_dim),
            "regression": (y_dim, x_dim),
            "given_variances": (x_dim,),
            "given_axes": (x_dim, x_dim),
        }
        for name, shape in shapes.items():
            kind = torch.float64 if name.endswith("mean") else torch.float32
            self.register_buffer(name, torch.zeros(shape, dtype=kind))

    def fit(
        self,
        x: Float[NDArray[np.float64], "n_pairs x_dim"],
        y_hat: Float[NDArray[np.float64], "n_pairs y_dim"],
    ) -> Self:
        """Take the moments of pairs.

        Args:
            x: Points.
            y_hat: Conditions; no columns if there are none.

        Returns:
            The module itself.
        """
        centred, outputs = x - x.mean(axis=0), y_hat - y_hat.mean(axis=0)
        regression = np.linalg.lstsq(outputs, centred, rcond=1e-10)[0]
        residual = centred - outputs @ regression
        variances, axes = _principal(centred.T @ centred / len(x))
        freedom = max(1, len(x) - y_hat.shape[1] - 1)
        given_variances, given_axes = _principal(residual.T @ residual / freedom)
        found = {
            "x_mean": x.mean(axis=0),
            "x_variances": variances,
            "x_axes": axes,
            "x_whitening": _whitening(variances, axes),
            "y_mean": y_hat.mean(axis=0),
            "y_whitening": _whitening(*_principal(outputs.T @ outputs / len(x))),
            "regression": regression,
            "given_variances": given_variances,
            "given_axes": given_axes,
        }
        for name, value in found.items():
            getattr(self, name).copy_(torch.as_tensor(value))
        return self

    def belief(self, z: Tensor, sigma: Tensor, y_hat: Tensor | None) -> Belief:
        """Return the best linear denoiser's answer.

        Args:
            z: Noisy points, shape (n, x_dim).
            sigma: Their noise levels, shape (n, 1).
            y_hat: Conditions, or None.

        Returns:
            The answer.
        """
        if y_hat is None:
            variances, axes = self.x_variances, self.x_axes
        else:
            variances, axes = self.given_variances, self.given_axes
        expected = self.expected_x(z, y_hat)
        total = variances + sigma.square()
        along = ((z - self.x_mean).float() - expected) @ axes
        shrinkage = variances / total
        return Belief(
            mean=expected + (along * shrinkage) @ axes.T,
            noise=(along * (sigma / total)) @ axes.T,
            innovation=(along / total.sqrt()) @ axes.T,
            variances=shrinkage * sigma.square(),
            correction_share=shrinkage.sqrt(),
            axes=axes,
        )

    def expected_x(self, z: Tensor, y_hat: Tensor | None) -> Tensor:
        """Return what the regression expects of x, less the mean of x.

        Args:
            z: Noisy points, shape (n, x_dim), for their shape only.
            y_hat: Conditions, or None for 0.

        Returns:
            Shape (n, x_dim).
        """
        if y_hat is None:
            return torch.zeros_like(z, dtype=torch.float32)
        expected: Tensor = (y_hat - self.y_mean).float() @ self.regression
        return expected

    def whitened_y(self, y_hat: Tensor) -> Tensor:
        """Return conditions less their mean, whitened.

        Args:
            y_hat: Conditions, shape (n, y_dim).

        Returns:
            Shape (n, y_dim).
        """
        whitened: Tensor = (y_hat - self.y_mean).float() @ self.y_whitening
        return whitened


def _principal(
    covariance: Float[NDArray[np.float64], "dim dim"],
) -> tuple[Float[NDArray[np.float64], " dim"], Float[NDArray[np.float64], "dim dim"]]:
    variances, axes = np.linalg.eigh(covariance)
    least = _LEAST_SHARE * variances.max(initial=0.0)
    return np.where(variances > least, variances, 0.0), axes


def _whitening(
    variances: Float[NDArray[np.float64], " dim"], axes: Float[NDArray[np.float64], "dim dim"]
) -> Float[NDArray[np.float64], "dim dim"]:
    scale = np.where(
        variances > 0.0, 1.0 / np.sqrt(np.where(variances > 0.0, variances, 1.0)), 0.0
    )
    return np.asarray((axes * scale) @ axes.T)
