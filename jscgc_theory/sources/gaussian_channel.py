"""A Gaussian vector on a linear subspace, sent by a linear encoder over Gaussian noise."""

import math
from functools import cached_property
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from jscgc_theory.bounds.power_law import check_log2_probability, exp2_saturating
from jscgc_theory.errors import InputError
from jscgc_theory.sources.exact_channel import Draws, ExactChannel, Outputs, check_radius
from jscgc_theory.sources.gaussian_quadratic_form import GaussianQuadraticForm
from jscgc_theory.units import bits_to_nats, nats_to_bits
from jscgc_theory.validation import check_count, check_points, check_probability

# Below this share of the smallest deviation, q and S follow their power law to ten digits.
_SMALL_RADIUS = 1e-5
_RANK_TOLERANCE = 1e-10
_OFF_SUBSPACE = 1e-6


class LinearGaussianChannel(ExactChannel):
    r"""``X = B z`` with ``z ~ N(0, I_d)``, and ``y_hat = E z + n``, ``n ~ N(0, sigma^2 I)``.

    By default E is the identity: d real channel uses at unit power per real dimension, whatever B
    is. ``sigma^2 = 10^(-SNR/10)`` per real dimension. Everything is exact, with radii from the
    laws of quadratic forms in Gaussian variables:

    - I = 1/2 log2 det(I + E^T E / sigma^2); posterior covariance ``B P B^T`` with
      ``P = (I + E^T E / sigma^2)^-1``; the mmse is its trace,
    - the best decoder is the posterior mean (by Anderson's inequality at every radius), with
      error covariance B P B^T; the posterior sampler's is twice that, so its radius is exactly
      sqrt(2) times the best,
    - X - X' has the covariance 2 B B^T, which gives q(r); S(r) is the ball about the mean.

    The posterior mean has less spread than X: it breaks the perceptual constraint, so R3 and R4
    read from q bind the posterior sampler but not the best decoder, which R2 and R4 read from S
    bind.

    Args:
        mixing: B, shape (ambient_dim, d), of full column rank.
        snr_db: SNR per real dimension in dB.
        encoding: E, shape (n_outputs, d); the identity by default. The SNR is that of the name
            only if the rows of E have unit length.

    Raises:
        InputError: If a matrix is not finite, shapes do not fit, B lacks rank, or the SNR is out
            of range.

    >>> round(LinearGaussianChannel.isotropic(dim=3, snr_db=0.0).mutual_information_bits(), 12)
    1.5
    """

    def __init__(
        self, mixing: ArrayLike, snr_db: float, *, encoding: ArrayLike | None = None
    ) -> None:
        self.mixing = check_points(mixing, name="mixing", min_points=1).astype(np.float64)
        super().__init__(self.mixing.shape[1], snr_db)
        self._check_rank()
        self.encoding = self._checked_encoding(encoding)

    @classmethod
    def isotropic(cls, dim: int, snr_db: float) -> Self:
        """Return the channel of X = z, the standard normal vector of R^d.

        Args:
            dim: d.
            snr_db: SNR per real dimension in dB.

        Returns:
            The channel with B and E the identity.

        Raises:
            InputError: If the dimension or the SNR is out of range.
        """
        return cls(np.eye(check_count(dim, name="dim")), snr_db)

    @property
    def ambient_dim(self) -> int:
        """Coordinates of a point, rows of B."""
        return int(self.mixing.shape[0])

    @property
    def n_outputs(self) -> int:
        """Real channel outputs, rows of E."""
        return int(self.encoding.shape[0])

    @property
    def log2_geometric_constant(self) -> float:
        """log2 of ``C = (4 pi)^(d/2) |Sigma|^(1/2) / V_d``, Sigma taken on the subspace."""
        half = 0.5 * self.dim
        log_ball = half * math.log(math.pi) - float(gammaln(half + 1.0))
        log_volume = half * math.log(4.0 * math.pi) + float(np.log(self._deviations).sum())
        return nats_to_bits(log_volume - log_ball)

    def mutual_information_bits(self) -> float:
        """Return ``I = 1/2 log2 det(I + E^T E / sigma^2)`` in bits."""
        return nats_to_bits(0.5 * float(np.log1p(self._snr_per_mode).sum()))

    def mmse(self) -> float:
        """Return ``E|X - E[X|Y_hat]|^2``, the trace of the posterior covariance."""
        return float(self._error_variances.sum())

    @property
    def posterior_covariance(self) -> Float[NDArray[np.float64], "ambient_dim ambient_dim"]:
        """Covariance of X given any y_hat, ``B P B^T``."""
        root = self.mixing @ self._posterior_root
        return np.asarray(root @ root.T)

    def coincidence_probability(self, radius: float) -> float:
        """Return ``q(r) = P(|X - X'| <= r)``, a generalised chi-square probability.

        Args:
            radius: Euclidean distance.

        Returns:
            Probability.

        Raises:
            InputError: If the radius is NaN or negative.
        """
        # X - X' is sqrt(2) X.
        return self.small_ball_probability(check_radius(radius) / math.sqrt(2.0))

    def radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the radius where ``q(r) = 2^log2_probability``, to thousands of bits.

        Args:
            log2_probability: log2 q, at most 0.

        Returns:
            Euclidean distance, infinite for log2 q = 0.

        Raises:
            InputError: If the probability is above 1.
        """
        return math.sqrt(2.0) * self.small_ball_radius_at_log2_probability(log2_probability)

    def small_ball_probability(self, radius: float) -> float:
        """Return ``S(r) = P(|X| <= r)``: by Anderson's inequality the mean is the best centre.

        Args:
            radius: Euclidean distance.

        Returns:
            Probability.
        """
        radius = check_radius(radius)
        if radius == 0.0 or math.isinf(radius):
            return 1.0 if radius else 0.0
        if radius < _SMALL_RADIUS * float(self._deviations.min()):
            log2_q = self.dim * math.log2(math.sqrt(2.0) * radius) - self.log2_geometric_constant
            return exp2_saturating(log2_q)
        return min(1.0, math.exp(self._source_form.log_tail(radius**2, upper=False)))

    def small_ball_radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the radius where S takes the value ``2^log2_probability``.

        Args:
            log2_probability: log2 S, at most 0.

        Returns:
            Euclidean distance, infinite for log2 S = 0.

        Raises:
            InputError: If the probability is above 1.
        """
        exponent = check_log2_probability(log2_probability)
        if exponent == 0.0:
            return math.inf
        flat = exp2_saturating((exponent + self.log2_geometric_constant) / self.dim)
        if flat < _SMALL_RADIUS * float(self._deviations.min()):
            return flat / math.sqrt(2.0)
        log_probability = bits_to_nats(exponent)
        if exponent > -1.0:
            # Near 1 the other tail carries the digits.
            other = math.log(-math.expm1(log_probability))
            return math.sqrt(self._source_form.value_at_log_tail(other, upper=True))
        return math.sqrt(self._source_form.value_at_log_tail(log_probability, upper=False))

    def log2_beta(self, outage_probability: float) -> float:
        """Return log2 beta_a at ``a = 1 - P_e``.

        With c_j^2 = s_j/(1 + s_j), s_j the SNR of mode j, the information density is
        ``i ln 2 = I ln 2 + sum_j c_j (a_j^2 - b_j^2)/2`` with a, b standard normal: again a
        quadratic form, whose tail tilted by e^-i is beta.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            log2 beta.

        Raises:
            InputError: If P_e is outside (0, 1).
        """
        outage = check_probability(outage_probability)
        swing = np.sqrt(self._snr_per_mode / (1.0 + self._snr_per_mode))
        if not swing.any():
            return nats_to_bits(math.log1p(-outage))
        form = GaussianQuadraticForm(np.concatenate([0.5 * swing, -0.5 * swing]))
        threshold = form.value_at_log_tail(math.log(outage), upper=False)
        log_tail = form.log_tail(threshold, upper=True, tilt=1.0)
        return min(0.0, nats_to_bits(log_tail) - self.mutual_information_bits())

    def radius_best(self, outage_probability: float) -> float:
        """Return the (1 - P_e) radius of the posterior mean, the best decoder at every radius.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            Euclidean distance.

        Raises:
            InputError: If P_e is outside (0, 1).
        """
        log_outage = math.log(check_probability(outage_probability))
        form = GaussianQuadraticForm(self._error_variances)
        return math.sqrt(form.value_at_log_tail(log_outage, upper=True))

    def radius_posterior(self, outage_probability: float) -> float:
        """Return the (1 - P_e) radius of the exact posterior sampler, sqrt(2) times the best.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            Euclidean distance.

        Raises:
            InputError: If P_e is outside (0, 1).
        """
        return math.sqrt(2.0) * self.radius_best(outage_probability)

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
        return np.asarray(mean + z @ (self.mixing @ self._posterior_root).T)

    def decode(self, y_hat: ArrayLike) -> Draws:
        """Return the posterior mean of each row, ``B P E^T y_hat / sigma^2``.

        Args:
            y_hat: Channel outputs, shape (n_draws, n_outputs).

        Returns:
            Points, shape (n_draws, ambient_dim).
        """
        outputs = self._check_y(y_hat)
        root = self._posterior_root
        gain = self.mixing @ (root @ root.T) @ self.encoding.T / self.noise_power
        return np.asarray(outputs @ gain.T)

    def distances(self, first: ArrayLike, second: ArrayLike) -> Float[NDArray[np.float64], " n"]:
        """Return Euclidean distances between rows.

        Args:
            first: Points, shape (n_draws, ambient_dim).
            second: Points of the same shape.

        Returns:
            Distances, shape (n_draws,).
        """
        difference = self._check_x(first, "first") - self._check_x(second, "second")
        return np.asarray(np.linalg.norm(difference, axis=1))

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
        return np.asarray(np.linalg.svd(self.mixing, compute_uv=False))

    @cached_property
    def _snr_per_mode(self) -> NDArray[np.float64]:
        gains = np.linalg.svd(self.encoding, compute_uv=False)
        return np.asarray(gains**2 / self.noise_power)

    @cached_property
    def _posterior_root(self) -> NDArray[np.float64]:
        """A square root of P = (I + E^T E / sigma^2)^-1."""
        _, gains, right = np.linalg.svd(self.encoding)
        snr = np.zeros(self.dim)
        snr[: gains.size] = gains**2 / self.noise_power
        return np.asarray(right.T / np.sqrt(1.0 + snr))

    @cached_property
    def _error_variances(self) -> NDArray[np.float64]:
        spread = np.linalg.svd(self.mixing @ self._posterior_root, compute_uv=False)
        return np.asarray(spread**2)

    @cached_property
    def _source_form(self) -> GaussianQuadraticForm:
        return GaussianQuadraticForm(self._deviations**2)

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
