"""What every exactly known source and channel can answer."""

import abc

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.bounds.power_law import exp2_saturating
from jscgc_theory.errors import InputError
from jscgc_theory.sources.channel_inputs import check_snr_db, check_width
from jscgc_theory.units import db_to_power_ratio
from jscgc_theory.validation import check_count

# The quadratures are judged up to here.
_LARGEST_DIM = 1000

Draws = Float[NDArray[np.float64], "n_draws ambient_dim"]
Outputs = Float[NDArray[np.float64], "n_draws n_outputs"]


class ExactChannel(abc.ABC):
    """A source X, its channel output Y_hat, and the exact value of what the theory speaks of.

    The SNR is per real dimension: the channel input has unit power per real dimension and the
    Gaussian noise the variance ``10^(-SNR/10)`` per real dimension.

    Args:
        dim: Intrinsic dimension d of the source, at most 1000.
        snr_db: Signal-to-noise ratio per real dimension in dB, from -100 to 100.

    Raises:
        InputError: If the dimension is not a whole number from 1 to 1000 or the SNR
            out of range.
    """

    def __init__(self, dim: int, snr_db: float) -> None:
        self.dim = check_count(dim, name="dim")
        if self.dim > _LARGEST_DIM:
            raise InputError(f"dim = {self.dim} is too large; give at most {_LARGEST_DIM}")
        self.snr_db = check_snr_db(snr_db)

    @property
    def intrinsic_dim(self) -> int:
        """Dimension d of the support of X."""
        return self.dim

    @property
    def noise_power(self) -> float:
        """Noise variance per real dimension, ``10^(-SNR/10)``."""
        return db_to_power_ratio(-self.snr_db)

    @property
    def geometric_constant(self) -> float:
        """The constant ``C = lim r^d / q(r)`` of the power law, reading ``volume``."""
        return exp2_saturating(self.log2_geometric_constant)

    @property
    @abc.abstractmethod
    def log2_geometric_constant(self) -> float:
        """log2 C; C itself leaves floating point when d is in the hundreds."""

    @property
    @abc.abstractmethod
    def ambient_dim(self) -> int:
        """Number of coordinates of a point."""

    @property
    @abc.abstractmethod
    def n_outputs(self) -> int:
        """Number of real channel outputs, the length of a row of ``y_hat``."""

    @abc.abstractmethod
    def mutual_information_bits(self) -> float:
        """Return I(X; Y_hat) in bits."""

    @abc.abstractmethod
    def mmse(self) -> float:
        """Return ``E|X - E[X|Y_hat]|^2`` in squared data units."""

    @abc.abstractmethod
    def coincidence_probability(self, radius: float) -> float:
        """Return ``q(r) = P(rho(X, X') <= r)``, X' an independent copy of X."""

    @abc.abstractmethod
    def radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the radius where q takes the value ``2^log2_probability``."""

    @abc.abstractmethod
    def small_ball_probability(self, radius: float) -> float:
        """Return ``S(r) = sup_z P(rho(X, z) <= r)``, z in the support of X."""

    @abc.abstractmethod
    def small_ball_radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the radius where S takes the value ``2^log2_probability``."""

    @abc.abstractmethod
    def log2_beta(self, outage_probability: float) -> float:
        """Return log2 beta_a(P_XY, P_X x P_Y) at ``a = 1 - P_e``, the core of R4."""

    @abc.abstractmethod
    def radius_best(self, outage_probability: float) -> float:
        """Return the (1 - P_e) radius of the best decoder whose outputs lie in the support."""

    @abc.abstractmethod
    def radius_posterior(self, outage_probability: float) -> float:
        """Return the (1 - P_e) radius of the exact posterior sampler."""

    @abc.abstractmethod
    def sample(self, n_draws: int, rng: np.random.Generator) -> tuple[Draws, Outputs]:
        """Draw independent pairs (x, y_hat)."""

    @abc.abstractmethod
    def sample_posterior(self, y_hat: ArrayLike, rng: np.random.Generator) -> Draws:
        """Draw one point from p(x | y_hat) for each row of y_hat."""

    @abc.abstractmethod
    def decode(self, y_hat: ArrayLike) -> Draws:
        """Return the best decoder's point for each row of y_hat."""

    def distances(self, first: ArrayLike, second: ArrayLike) -> Float[NDArray[np.float64], " n"]:
        """Return distances rho between rows in the metric of the channel.

        Args:
            first: Points, shape (n_draws, ambient_dim).
            second: Points of the same shape.

        Returns:
            Distances, shape (n_draws,).
        """
        return self._lengths(self._check_x(first, "first") - self._check_x(second, "second"))

    def _lengths(self, differences: Draws) -> Float[NDArray[np.float64], " n_draws"]:
        """Return the distances that differences stand for, Euclidean unless a channel differs."""
        return np.asarray(np.linalg.norm(differences, axis=1))

    @abc.abstractmethod
    def information_density_bits(
        self, x: ArrayLike, y_hat: ArrayLike
    ) -> Float[NDArray[np.float64], " n"]:
        """Return ``i(x; y_hat) = log2 p(x|y_hat)/p(x)`` for each pair of rows."""

    def _check_x(self, x: ArrayLike, name: str = "x") -> Draws:
        return check_width(x, self.ambient_dim, name=name)

    def _check_y(self, y_hat: ArrayLike) -> Outputs:
        return check_width(y_hat, self.n_outputs, name="y_hat")

    def _check_both(self, x: ArrayLike, y_hat: ArrayLike) -> tuple[Draws, Outputs]:
        points, outputs = self._check_x(x), self._check_y(y_hat)
        if points.shape[0] != outputs.shape[0]:
            raise InputError(
                f"x has {points.shape[0]} rows but y_hat has {outputs.shape[0]}; "
                "rows must pair up one to one"
            )
        return points, outputs
