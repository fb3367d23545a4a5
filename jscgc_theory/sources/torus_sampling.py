"""Draws of the torus channel, and what it answers draw by draw: circle after circle."""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.sources.exact_channel import Draws, ExactChannel, Outputs
from jscgc_theory.sources.sphere_channel import SphereChannel
from jscgc_theory.validation import check_count


class TorusSampling(ExactChannel):
    """The half of the torus channel that speaks of single draws: k circles side by side.

    Args:
        dim: Number k of circles, at most 1000.
        snr_db: SNR per real dimension in dB.
    """

    def __init__(self, dim: int, snr_db: float) -> None:
        super().__init__(dim, snr_db)
        self.circle = SphereChannel(1, snr_db)

    @property
    def ambient_dim(self) -> int:
        """Coordinates of a point, 2 k, circle by circle."""
        return 2 * self.dim

    @property
    def n_outputs(self) -> int:
        """Real channel outputs, 2 k."""
        return 2 * self.dim

    def sample(self, n_draws: int, rng: np.random.Generator) -> tuple[Draws, Outputs]:
        """Draw independent pairs (x, y_hat).

        Args:
            n_draws: Number of pairs.
            rng: Source of randomness.

        Returns:
            x and y_hat, both of shape (n_draws, 2 k).

        Raises:
            InputError: If the number is not positive.
        """
        n_draws = check_count(n_draws, name="n_draws")
        x, y_hat = self.circle.sample(n_draws * self.dim, rng)
        return x.reshape(n_draws, -1), y_hat.reshape(n_draws, -1)

    def sample_posterior(self, y_hat: ArrayLike, rng: np.random.Generator) -> Draws:
        """Draw one point from p(x | y_hat) for each row: a von Mises law on every circle.

        Args:
            y_hat: Channel outputs, shape (n_draws, 2 k).
            rng: Source of randomness.

        Returns:
            Points on the torus, shape (n_draws, 2 k).
        """
        outputs = self._check_y(y_hat)
        return self.circle.sample_posterior(outputs.reshape(-1, 2), rng).reshape(outputs.shape)

    def decode(self, y_hat: ArrayLike) -> Draws:
        """Return the direction of each circle's output.

        Args:
            y_hat: Channel outputs, shape (n_draws, 2 k).

        Returns:
            Points on the torus, shape (n_draws, 2 k).
        """
        outputs = self._check_y(y_hat)
        return self.circle.decode(outputs.reshape(-1, 2)).reshape(outputs.shape)

    def information_density_bits(
        self, x: ArrayLike, y_hat: ArrayLike
    ) -> Float[NDArray[np.float64], " n"]:
        """Return ``i(x; y_hat)`` row by row, the sum over the circles.

        Args:
            x: Points on the torus, shape (n_draws, 2 k).
            y_hat: Channel outputs of the same shape.

        Returns:
            Bits, shape (n_draws,).

        Raises:
            InputError: If the shapes do not fit or x leaves the torus.
        """
        points, outputs = self._check_both(x, y_hat)
        bits = self.circle.information_density_bits(points.reshape(-1, 2), outputs.reshape(-1, 2))
        return np.asarray(bits.reshape(-1, self.dim).sum(axis=1))
