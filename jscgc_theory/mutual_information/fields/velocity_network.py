"""A small velocity network: the best linear denoiser and a learned correction of order one."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor, nn

from jscgc_theory.mutual_information.fields.gaussian_reference import Belief, GaussianReference
from jscgc_theory.mutual_information.fields.noise_range import NoiseRange
from jscgc_theory.mutual_information.fields.quadratic_features import QuadraticFeatures
from jscgc_theory.mutual_information.fields.residual_blocks import ResidualBody, seeded_linear

_N_WAVES = 4
_N_EMBEDDING = 64
# Inputs are of order one; beyond this many deviations they say no more than "far out".
_FAR = 6.0


@dataclass(frozen=True)
class NetworkShape:
    """Everything a network's shape depends on."""

    x_dim: int
    y_dim: int
    width: int
    depth: int
    noise_range: NoiseRange


class VelocityNetwork(nn.Module):
    r"""``v(x_t, t, y_hat or None)`` on the path ``x_t = (1-t) x_0 + t n``.

    With ``z = x_t/(1-t)`` and ``sigma = t/(1-t)`` the denoiser is ``D = b + P^(1/2) F``: b and
    P are mean and covariance of x given (z, y_hat) as if all were Gaussian, F is the network, of
    order one at every noise level. Then ``v = (z - D)/t - z``, computed without cancellation.

    Args:
        shape: Sizes and noise levels.
        generator: Draws the initial weights; None for weights that will be loaded.

    References:
        Karras et al., "Elucidating the design space of diffusion-based generative models",
        NeurIPS 2022, whose preconditioning this is with matrices for numbers.
    """

    def __init__(self, shape: NetworkShape, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.shape = shape
        self.reference = GaussianReference(shape.x_dim, shape.y_dim)
        self.quadratic = QuadraticFeatures(shape.x_dim)
        n_inputs = 3 * shape.x_dim + shape.y_dim + self.quadratic.n_features
        self.embedding = nn.Sequential(
            seeded_linear(4 * _N_WAVES + 3, _N_EMBEDDING, generator), nn.SiLU()
        )
        self.body = ResidualBody(
            n_inputs, shape.x_dim, shape.width, shape.depth, _N_EMBEDDING, generator
        )

    def fit_reference(
        self,
        x: Float[NDArray[np.float64], "n_pairs x_dim"],
        y_hat: Float[NDArray[np.float64], "n_pairs y_dim"],
        rng: np.random.Generator,
    ) -> None:
        """Take the moments of the training pairs.

        Args:
            x: Points.
            y_hat: Conditions.
            rng: Source of randomness.
        """
        self.reference.fit(x, y_hat)
        self.quadratic.fit(x, self.reference, rng)

    def noise(self, z: Tensor, sigma: Tensor, y_hat: Tensor | None) -> Tensor:
        """Estimate n from ``z = x + sigma n``.

        Args:
            z: Noisy points, shape (n, x_dim).
            sigma: Noise levels, shape (n, 1).
            y_hat: Conditions, shape (n, y_dim), or None.

        Returns:
            ``(z - D)/sigma``, shape (n, x_dim).
        """
        level = sigma.float()
        belief = self.reference.belief(z, level, y_hat)
        correction = self.body(
            self._inputs(belief, y_hat), self._embedded(level, belief, y_hat is not None)
        )
        scaled = ((correction @ belief.axes) * belief.correction_share) @ belief.axes.T
        estimate: Tensor = belief.noise - scaled
        return estimate

    def forward(self, x_t: Tensor, t: Tensor, y_hat: Tensor | None = None) -> Tensor:
        """Return velocities.

        Args:
            x_t: Points of the path, shape (n, x_dim).
            t: Times in (0, 1), shape (n,).
            y_hat: Conditions, shape (n, y_dim), or None.

        Returns:
            Shape (n, x_dim).
        """
        time = t[:, None]
        z = x_t / (1.0 - time)
        noise = self.noise(z, time / (1.0 - time), y_hat)
        return noise / (1.0 - time) - z

    def _inputs(self, belief: Belief, y_hat: Tensor | None) -> Tensor:
        whitening = self.reference.x_whitening
        white = belief.mean @ whitening
        if y_hat is None:
            outputs = white.new_zeros(len(white), self.shape.y_dim)
        else:
            outputs = self.reference.whitened_y(y_hat)
        expected = self.reference.expected_x(white, y_hat) @ whitening
        left = belief.variances.mean(dim=1, keepdim=True)
        parts = [white, belief.innovation, outputs, expected, self.quadratic(white, left)]
        return _FAR * torch.tanh(torch.cat(parts, dim=1) / _FAR)

    def _embedded(self, sigma: Tensor, belief: Belief, is_conditional: bool) -> Tensor:
        levels = [sigma, belief.variances.mean(dim=1, keepdim=True).sqrt()]
        low, high = self.shape.noise_range.log_low, self.shape.noise_range.log_high
        waves = math.pi * torch.arange(1, _N_WAVES + 1, dtype=sigma.dtype)
        parts = [torch.full_like(sigma, float(is_conditional))]
        for level in levels:
            place = ((level.log() - low) / (high - low)).clamp(-0.5, 1.0)
            parts += [place, torch.cos(place * waves), torch.sin(place * waves)]
        embedded: Tensor = self.embedding(torch.cat(parts, dim=1))
        return embedded
