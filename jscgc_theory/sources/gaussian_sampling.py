"""Draws of the linear Gaussian channel, and what it answers draw by draw."""

import math
from functools import cached_property

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.sources.exact_channel import Draws, ExactChannel, Outputs
from jscgc_theory.sources.gaussian_posterior import GaussianPosterior
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import check_count, check_points

_RANK_TOLERANCE = 1e-10
_OFF_SUBSPACE = 1e-6


class GaussianSampling(ExactChannel):
    """The half of the linear Gaussian channel that speaks of single draws.

    ``X = B z`` and ``y_hat = E z + n``; the posterior is Gaussian, its covariance free of y_hat.

    Args:
        mixing: B, shape (ambient_dim, d), of full column rank.
        snr_db: SNR per real dimension in dB.
        encoding: E, shape (n_outputs, d); the identity by default.
    """

    def __init__(
        self, mixing: ArrayLike, snr_db: float, *, encoding: ArrayLike | None = None
    ) -> None:
        self.mixing = check_points(mixing, name="mixing", min_points=1).astype(np.float64)
        super().__init__(self.mixing.shape[1], snr_db)
        self._check_rank()
        self.encoding = self._checked_encoding(encoding)

    @property
    def ambient_dim(self) -> int:
        """Coordinates of a point, rows of B."""
        return int(self.mixing.shape[0])

    @property
    def n_outputs(self) -> int:
        """Real channel outputs, rows of E."""
        return int(self.encoding.shape[0])

    def sample(self, n_draws: int, rng: np.random.Generator) -> tuple[Draws, Outputs]:
        """Draw independent pairs (x, y_hat).

        Args:
            n_draws: Number of pairs.
            rng: Source of randomness.

        Returns:
            x, shape (n_draws, ambient_dim), and y_hat, shape (n_draws, n_outputs).

        Raises:
            InputError: If the number is not positive.
        """
        n_draws = check_count(n_draws, name="n_draws")
        z = rng.standard_normal((n_draws, self.dim))
        noise = math.sqrt(self.noise_power) * rng.standard_normal((n_draws, self.n_outputs))
        return z @ self.mixing.T, z @ self.encoding.T + noise

    def sample_posterior(self, y_hat: ArrayLike, rng: np.random.Generator) -> Draws:
        """Draw one point from the Gaussian p(x | y_hat) for each row.

        Args:
            y_hat: Channel outputs, shape (n_draws, n_outputs).
            rng: Source of randomness.

        Returns:
            Points, shape (n_draws, ambient_dim).

        Raises:
            InputError: If y_hat has another width or is not finite.
        """
        mean = self.decode(y_hat)
        z = rng.standard_normal((mean.shape[0], self.dim))
        return np.asarray(mean + z @ self._posterior.root.T)

    def decode(self, y_hat: ArrayLike) -> Draws:
        """Return the posterior mean of each row, ``B P E^T y_hat / sigma^2``.

        Args:
            y_hat: Channel outputs, shape (n_draws, n_outputs).

        Returns:
            Points, shape (n_draws, ambient_dim).
        """
        return np.asarray(self._check_y(y_hat) @ self._posterior.gain.T)

    def information_density_bits(
        self, x: ArrayLike, y_hat: ArrayLike
    ) -> Float[NDArray[np.float64], " n"]:
        """Return ``i(x; y_hat) = log2 p(y_hat|x)/p(y_hat)`` row by row.

        Args:
            x: Points of the subspace, shape (n_draws, ambient_dim).
            y_hat: Channel outputs, shape (n_draws, n_outputs).

        Returns:
            Bits, shape (n_draws,).

        Raises:
            InputError: If the shapes do not fit or x leaves the range of B.
        """
        points, outputs = self._check_both(x, y_hat)
        z = points @ np.linalg.pinv(self.mixing).T
        gap = float(np.abs(points - z @ self.mixing.T).max())
        if gap > _OFF_SUBSPACE * max(1.0, float(np.abs(points).max())):
            raise InputError(f"x leaves the range of the mixing matrix by {gap:.3g}; project it")
        left, gains, _ = np.linalg.svd(self.encoding)
        variance = np.full(self.n_outputs, self.noise_power)
        variance[: gains.size] += gains**2
        surprise = np.sum((outputs @ left) ** 2 / variance, axis=1)
        noise = np.sum((outputs - z @ self.encoding.T) ** 2, axis=1) / self.noise_power
        return np.asarray(
            self.mutual_information_bits() + nats_to_bits(1.0) * 0.5 * (surprise - noise)
        )

    @cached_property
    def _deviations(self) -> NDArray[np.float64]:
        """Standard deviations of X along its axes, the singular values of B."""
        return np.asarray(np.linalg.svd(self.mixing, compute_uv=False))

    @cached_property
    def _posterior(self) -> GaussianPosterior:
        return GaussianPosterior(self.mixing, self.encoding, self.noise_power)

    def _check_rank(self) -> None:
        smallest = float(self._deviations.min()) if self.ambient_dim >= self.dim else 0.0
        if smallest <= _RANK_TOLERANCE * float(self._deviations.max()):
            raise InputError(
                f"mixing has shape {self.mixing.shape} but not rank {self.dim}; "
                "give linearly independent columns"
            )

    def _checked_encoding(self, encoding: ArrayLike | None) -> NDArray[np.float64]:
        if encoding is None:
            return np.eye(self.dim)
        checked = check_points(encoding, name="encoding", min_points=1).astype(np.float64)
        if checked.shape[1] != self.dim:
            raise InputError(
                f"encoding has {checked.shape[1]} columns; the source has {self.dim} factors"
            )
        return checked
