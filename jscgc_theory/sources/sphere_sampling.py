"""Draws of the sphere channel, and what it answers draw by draw."""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.sources.directions import directions_of, uniform_directions
from jscgc_theory.sources.exact_channel import Draws, ExactChannel, Outputs
from jscgc_theory.sources.von_mises_fisher import (
    log_scaled_normaliser,
    mean_deficit,
    sample_von_mises_fisher,
)
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import check_count


class SphereSampling(ExactChannel):
    """The half of the sphere channel that speaks of single draws x and outputs ``y_hat``.

    With ``y_hat = sqrt(d+1) x + n`` the posterior of x is von Mises-Fisher, its direction that of
    ``y_hat`` and its concentration ``kappa = sqrt(d+1) |y_hat|/sigma^2``.
    """

    @property
    def ambient_dim(self) -> int:
        """Coordinates of a point, d + 1."""
        return self.dim + 1

    @property
    def n_outputs(self) -> int:
        """Real channel outputs, d + 1."""
        return self.dim + 1

    def sample(self, n_draws: int, rng: np.random.Generator) -> tuple[Draws, Outputs]:
        """Draw independent pairs (x, y_hat).

        Args:
            n_draws: Number of pairs.
            rng: Source of randomness.

        Returns:
            x and y_hat, both of shape (n_draws, d + 1).

        Raises:
            InputError: If the number is not positive.
        """
        n_draws = check_count(n_draws, name="n_draws")
        x = uniform_directions(n_draws, self.ambient_dim, rng)
        noise = math.sqrt(self.noise_power) * rng.standard_normal(x.shape)
        return x, math.sqrt(self.ambient_dim) * x + noise

    def sample_posterior(self, y_hat: ArrayLike, rng: np.random.Generator) -> Draws:
        """Draw one point from the von Mises-Fisher posterior of each row.

        Args:
            y_hat: Channel outputs, shape (n_draws, d + 1).
            rng: Source of randomness.

        Returns:
            Points on the sphere, shape (n_draws, d + 1).

        Raises:
            InputError: If y_hat has another width or is not finite.
        """
        outputs = self._check_y(y_hat)
        return sample_von_mises_fisher(directions_of(outputs), self._kappa_of(outputs), rng)

    def decode(self, y_hat: ArrayLike) -> Draws:
        """Return the direction of each row.

        Args:
            y_hat: Channel outputs, shape (n_draws, d + 1).

        Returns:
            Points on the sphere, shape (n_draws, d + 1).
        """
        return directions_of(self._check_y(y_hat))

    def posterior_mean(self, y_hat: ArrayLike) -> Draws:
        """Return ``E[X | y_hat]``, which lies inside the sphere.

        Args:
            y_hat: Channel outputs, shape (n_draws, d + 1).

        Returns:
            Points of the unit ball, shape (n_draws, d + 1).
        """
        outputs = self._check_y(y_hat)
        length = 1.0 - mean_deficit(self._kappa_of(outputs), self.dim)
        return length[:, None] * directions_of(outputs)

    def information_density_bits(
        self, x: ArrayLike, y_hat: ArrayLike
    ) -> Float[NDArray[np.float64], " n"]:
        """Return ``i(x; y_hat) = (kappa cos(angle) - log M(kappa)) / ln 2`` row by row.

        Args:
            x: Points on the sphere, shape (n_draws, d + 1).
            y_hat: Channel outputs of the same shape.

        Returns:
            Bits, shape (n_draws,).

        Raises:
            InputError: If the shapes do not fit or a row of x is not of length 1.
        """
        points, outputs = self._check_both(x, y_hat)
        length = np.linalg.norm(points, axis=1)
        if not np.allclose(length, 1.0, rtol=0.0, atol=1e-6):
            raise InputError(
                f"x has a row of length {length[np.argmax(np.abs(length - 1.0))]:.6g}; "
                "points of the unit sphere are needed"
            )
        kappa = self._kappa_of(outputs)
        deficit = 0.5 * np.sum((points - directions_of(outputs)) ** 2, axis=1)
        return np.asarray(
            nats_to_bits(1.0) * (-kappa * deficit - log_scaled_normaliser(kappa, self.dim))
        )

    def _kappa_of(self, outputs: Outputs) -> Float[NDArray[np.float64], " n"]:
        norm = np.linalg.norm(outputs, axis=1)
        return np.asarray(math.sqrt(self.ambient_dim) / self.noise_power * norm)
