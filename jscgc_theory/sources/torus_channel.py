"""A uniform point of the torus, a product of circles, sent over additive white Gaussian noise."""

import math
from functools import cached_property, lru_cache

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from jscgc_theory.bounds import neyman_pearson_log2_beta
from jscgc_theory.bounds.power_law import check_log2_probability, exp2_saturating
from jscgc_theory.bounds.roots import bracketed_root
from jscgc_theory.errors import InputError
from jscgc_theory.sources.chord_law import chord_law, uniform_chord_law
from jscgc_theory.sources.exact_channel import Draws, ExactChannel, Outputs, check_radius
from jscgc_theory.sources.iid_sum import PositiveLaw, lattice_sum, log_probability_sum_below
from jscgc_theory.sources.sphere_channel import SphereChannel
from jscgc_theory.sources.spherical_caps import log2_cap_probability
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import check_count, check_probability

# Below this the chord and the arc agree to nine digits and q is the power law.
_SMALL_RADIUS = 1e-5


class TorusChannel(ExactChannel):
    r"""X uniform on (S^1)^k in R^(2k), each circle of radius 1 sent by itself.

    ``y_hat = sqrt(2) x + n``: unit power per real dimension and noise variance ``10^(-SNR/10)``
    per real dimension. Information and mmse add up over the circles, each a
    :class:`SphereChannel` of dimension 1. In the max metric, ``rho = max_j |x_j - x'_j|`` over
    the circles, probabilities multiply and all radii follow from the circle's in closed form; in
    the Euclidean metric the squared chords of the circles are convolved on a lattice.

    Args:
        dim: Number k of circles, at most 1000.
        snr_db: SNR per real dimension in dB.
        metric: ``euclidean`` in R^(2k), or ``max`` over the circles.

    Raises:
        InputError: If the dimension, the SNR or the metric is out of range.

    >>> round(TorusChannel(dim=3, snr_db=0.0, metric="max").mutual_information_bits(), 3)
    2.943
    """

    def __init__(self, dim: int, snr_db: float, *, metric: str = "euclidean") -> None:
        super().__init__(dim, snr_db)
        if metric not in ("euclidean", "max"):
            raise InputError(f"metric = {metric!r} is unknown; choose 'euclidean' or 'max'")
        self.metric = metric
        self.circle = SphereChannel(1, snr_db)

    @property
    def ambient_dim(self) -> int:
        """Coordinates of a point, 2 k, circle by circle."""
        return 2 * self.dim

    @property
    def n_outputs(self) -> int:
        """Real channel outputs, 2 k."""
        return 2 * self.dim

    @property
    def log2_geometric_constant(self) -> float:
        """log2 of C: ``(2 pi)^k / V_k``, with the cube 2^k in place of V_k for the max metric."""
        if self.metric == "max":
            return self.dim * math.log2(math.pi)
        return _log2_flat_constant(self.dim)

    def mutual_information_bits(self) -> float:
        """Return I(X; Y_hat) in bits, k times the circle's."""
        return self.dim * self.circle.mutual_information_bits()

    def mmse(self) -> float:
        """Return ``E|X - E[X|Y_hat]|^2`` in R^(2k), k times the circle's."""
        return self.dim * self.circle.mmse()

    def coincidence_probability(self, radius: float) -> float:
        """Return ``q(r) = P(rho(X, X') <= r)``; in the max metric ``((2/pi) arcsin(r/2))^k``.

        Args:
            radius: Distance in the metric of the channel.

        Returns:
            Probability.

        Raises:
            InputError: If the radius is NaN or negative.
        """
        return exp2_saturating(self.log2_coincidence_probability(radius))

    def log2_coincidence_probability(self, radius: float) -> float:
        """Return log2 q(r), to thousands of bits.

        Args:
            radius: Distance in the metric of the channel.

        Returns:
            log2 q, minus infinity at radius 0.
        """
        radius = check_radius(radius)
        if radius == 0.0:
            return -math.inf
        if self.metric == "max" or self.dim == 1:
            return self.dim * log2_cap_probability(radius, 1)
        return _log2_coincidence(radius, self.dim)

    def radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the radius where ``q(r) = 2^log2_probability``, to thousands of bits.

        Args:
            log2_probability: log2 q, at most 0.

        Returns:
            Distance in the metric of the channel.

        Raises:
            InputError: If the probability is above 1.
        """
        exponent = check_log2_probability(log2_probability)
        if self.metric == "max" or self.dim == 1:
            return self.circle.radius_at_log2_probability(exponent / self.dim)
        return _coincidence_radius(exponent, self.dim)

    def small_ball_probability(self, radius: float) -> float:
        """Return S(r) over centres on the torus: by symmetry the same as q(r).

        Args:
            radius: Distance in the metric of the channel.

        Returns:
            Probability.
        """
        return self.coincidence_probability(radius)

    def small_ball_radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the radius where S takes a value; the same as for q.

        Args:
            log2_probability: log2 S, at most 0.

        Returns:
            Distance in the metric of the channel.
        """
        return self.radius_at_log2_probability(log2_probability)

    def log2_beta(self, outage_probability: float) -> float:
        """Return log2 beta_a at ``a = 1 - P_e``, from the exact law of the information density.

        The circle's joint law of norm and angle gives the law of one density by quadrature; k of
        them add up on a lattice.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            log2 beta.

        Raises:
            InputError: If P_e is outside (0, 1).
        """
        outage = check_probability(outage_probability)
        if self.dim == 1:
            return self.circle.log2_beta(outage)
        return min(0.0, neyman_pearson_log2_beta(*self._density_law, outage))

    @cached_property
    def _density_law(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        bits, masses = self.circle.law.information_density_law()
        return lattice_sum(bits, masses, self.dim)

    def radius_best(self, outage_probability: float) -> float:
        """Return the (1 - P_e) radius of the best decoder on the torus.

        On each circle the posterior is symmetric and unimodal about the direction of its output;
        whatever the other coordinates are, the arc left by them holds most when centred there.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            Distance in the metric of the channel.

        Raises:
            InputError: If P_e is outside (0, 1).
        """
        outage = check_probability(outage_probability)
        if self.metric == "max" or self.dim == 1:
            return self.circle.radius_best(self._outage_per_circle(outage))
        return self._radius(self._best_law, outage)

    def radius_posterior(self, outage_probability: float) -> float:
        """Return the (1 - P_e) radius of the exact posterior sampler.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            Distance in the metric of the channel.

        Raises:
            InputError: If P_e is outside (0, 1).
        """
        outage = check_probability(outage_probability)
        if self.metric == "max" or self.dim == 1:
            return self.circle.radius_posterior(self._outage_per_circle(outage))
        return self._radius(self._posterior_law, outage)

    @cached_property
    def _best_law(self) -> PositiveLaw:
        return chord_law(self.circle.law.angle_law_best)

    @cached_property
    def _posterior_law(self) -> PositiveLaw:
        return chord_law(self.circle.law.angle_law_posterior)

    def _outage_per_circle(self, outage: float) -> float:
        return -math.expm1(math.log1p(-outage) / self.dim)

    def _radius(self, law: PositiveLaw, outage: float) -> float:
        log_kept = math.log1p(-outage)
        return bracketed_root(
            lambda radius: _log_within(law, self.dim, radius) - log_kept,
            1e-12,
            2.0 * math.sqrt(self.dim),
        )

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

    def distances(self, first: ArrayLike, second: ArrayLike) -> Float[NDArray[np.float64], " n"]:
        """Return distances between rows in the metric of the channel.

        Args:
            first: Points, shape (n_draws, 2 k).
            second: Points of the same shape.

        Returns:
            Distances, shape (n_draws,).
        """
        difference = self._check_x(first, "first") - self._check_x(second, "second")
        if self.metric == "euclidean":
            return np.asarray(np.linalg.norm(difference, axis=1))
        chords = np.linalg.norm(difference.reshape(-1, self.dim, 2), axis=2)
        return np.asarray(chords.max(axis=1))

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


def _log_within(law: PositiveLaw, dim: int, radius: float) -> float:
    """Return the log probability that k independent squared chords add up to at most r^2."""
    if radius >= 2.0 * math.sqrt(dim):
        return 0.0
    return min(0.0, log_probability_sum_below(law, dim, radius * radius))


def _log2_flat_constant(dim: int) -> float:
    half = 0.5 * dim
    log_ball = half * math.log(math.pi) - float(gammaln(half + 1.0))
    return nats_to_bits(dim * math.log(2.0 * math.pi) - log_ball)


def _log2_coincidence(radius: float, dim: int) -> float:
    if radius < _SMALL_RADIUS:
        return dim * math.log2(radius) - _log2_flat_constant(dim)
    return nats_to_bits(_log_within(uniform_chord_law(), dim, radius))


# R2 and R3 ask for the same radius, at every SNR anew.
@lru_cache(maxsize=1024)
def _coincidence_radius(log2_probability: float, dim: int) -> float:
    flat = exp2_saturating((log2_probability + _log2_flat_constant(dim)) / dim)
    if flat < _SMALL_RADIUS:
        return flat
    # A chord is at most its arc and at least 2/pi of it.
    return bracketed_root(
        lambda radius: _log2_coincidence(radius, dim) - log2_probability,
        flat * 2.0 / math.pi,
        min(flat, 2.0 * math.sqrt(dim)),
    )
