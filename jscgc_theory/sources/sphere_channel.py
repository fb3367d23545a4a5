"""A uniform point of the sphere S^d sent over additive white Gaussian noise."""

import math
from functools import cached_property

from scipy.special import gammaln

from jscgc_theory.sources.channel_inputs import check_radius
from jscgc_theory.sources.homogeneous_channel import HomogeneousChannel
from jscgc_theory.sources.quadrature import DensityLaw
from jscgc_theory.sources.sphere_law import SphereLaw
from jscgc_theory.sources.sphere_neyman_pearson import SphereNeymanPearson
from jscgc_theory.sources.sphere_sampling import SphereSampling
from jscgc_theory.sources.spherical_caps import (
    cap_probability,
    cap_radius_at_log2_probability,
    log2_cap_constant,
)
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import check_probability


class SphereChannel(SphereSampling, HomogeneousChannel):
    r"""X uniform on the unit sphere S^d of R^(d+1), ``y_hat = sqrt(d+1) x + n``.

    The input has unit power per real dimension, the noise variance ``10^(-SNR/10)`` per real
    dimension: the SNR is per REAL dimension. The posterior is von Mises-Fisher with direction
    ``y_hat/|y_hat|`` and concentration ``kappa = sqrt(d+1) |y_hat|/sigma^2``. Radii are chordal.
    No number below is simulated: with R = |y_hat|/sigma,

    - R is noncentral chi with d+1 degrees of freedom and noncentrality (d+1)/sigma^2,
    - given R, the angle between x and ``y_hat`` has the von Mises-Fisher law,
    - given R, the angle gamma between two posterior draws has the density
      ``sin^(d-1)(gamma) M(2 kappa cos(gamma/2)) / M(kappa)^2``, for the sum of both draws has
      the length 2 cos(gamma/2) and a uniform direction.

    Args:
        dim: d of S^d.
        snr_db: SNR per real dimension in dB.

    Raises:
        InputError: If the dimension or the SNR is out of range.

    References:
        Mardia and Jupp, Directional Statistics, 2000, sections 9.3 and 9.6.

    >>> round(SphereChannel(dim=2, snr_db=5.0).mutual_information_bits(), 3)
    2.885
    """

    @property
    def volume(self) -> float:
        """Area of S^d, ``2 pi^((d+1)/2) / Gamma((d+1)/2)``."""
        half = 0.5 * self.ambient_dim
        return 2.0 * math.exp(half * math.log(math.pi) - float(gammaln(half)))

    @property
    def log2_geometric_constant(self) -> float:
        """log2 of ``C = lim r^d / q(r)``."""
        return log2_cap_constant(self.dim)

    @cached_property
    def law(self) -> SphereLaw:
        """Joint law of |y_hat| and of the angles to it."""
        return SphereLaw(self.dim, math.sqrt(self.ambient_dim / self.noise_power))

    def mutual_information_bits(self) -> float:
        """Return ``I(X; Y_hat) = E[kappa A(kappa) - log M(kappa)] / ln 2`` in bits."""
        return nats_to_bits(self.law.mutual_information_nats())

    def mmse(self) -> float:
        """Return ``E|X - E[X|Y_hat]|^2 = 1 - E A(kappa)^2``."""
        return self.law.mmse()

    def coincidence_probability(self, radius: float) -> float:
        """Return ``q(r) = P(|X - X'| <= r)``, the share of a cap.

        Args:
            radius: Chordal radius.

        Returns:
            Probability.

        Raises:
            InputError: If the radius is NaN or negative.
        """
        return cap_probability(check_radius(radius), self.dim)

    def radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the radius where ``q(r) = 2^log2_probability``, to thousands of bits.

        Args:
            log2_probability: log2 q, at most 0.

        Returns:
            Chordal radius.

        Raises:
            InputError: If the probability is above 1.
        """
        return cap_radius_at_log2_probability(log2_probability, self.dim)

    def ambient_small_ball_probability(self, radius: float) -> float:
        """Return S(r) over all centres of R^(d+1), for decoders that may leave the sphere.

        A centre inside can do better than those on the sphere that
        ``small_ball_probability`` speaks of. The best lies at distance sqrt(1 - r^2)
        from the origin: its ball meets the sphere in the cap of angle arcsin(r), whose chord is
        ``sqrt(2 - 2 sqrt(1 - r^2))``.

        Args:
            radius: Euclidean radius.

        Returns:
            Probability, 1 from r = 1 on.
        """
        radius = min(check_radius(radius), 1.0)
        return cap_probability(2.0 * math.sin(0.5 * math.asin(radius)), self.dim)

    def ambient_small_ball_radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the least radius of a ball anywhere in R^(d+1) with a share of the sphere.

        Args:
            log2_probability: log2 S, at most 0.

        Returns:
            Euclidean radius, at most 1.
        """
        chord = self.radius_at_log2_probability(log2_probability)
        angle = 2.0 * math.asin(min(1.0, 0.5 * chord))
        return math.sin(angle) if angle < 0.5 * math.pi else 1.0

    def log2_beta(self, outage_probability: float) -> float:
        """Return log2 beta_a at ``a = 1 - P_e`` by quadrature, see ``SphereNeymanPearson``.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            log2 of the least product-law probability of a test that keeps a of the joint law.

        Raises:
            InputError: If P_e is outside (0, 1).
        """
        return self._test.log2_beta(check_probability(outage_probability))

    @cached_property
    def _test(self) -> SphereNeymanPearson:
        return SphereNeymanPearson(self.law)

    def radius_best(self, outage_probability: float) -> float:
        """Return the (1 - P_e) radius of the best decoder on the sphere, the direction of y_hat.

        The posterior is symmetric and unimodal about it, so every cap holds most when centred
        there.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            Chordal radius.

        Raises:
            InputError: If P_e is outside (0, 1).
        """
        return _chord_exceeded(self.law.angle_law_best, outage_probability)

    def radius_posterior(self, outage_probability: float) -> float:
        """Return the (1 - P_e) radius of the exact posterior sampler.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            Chordal radius.

        Raises:
            InputError: If P_e is outside (0, 1).
        """
        return _chord_exceeded(self.law.angle_law_posterior, outage_probability)


def _chord_exceeded(angle_law: DensityLaw, outage_probability: float) -> float:
    """Return the chord of the angle that is exceeded with a given probability."""
    outage = check_probability(outage_probability)
    return 2.0 * math.sin(0.5 * angle_law.quantile_from_above(outage))
