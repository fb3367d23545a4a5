"""A uniform point of the torus, a product of circles, sent over additive white Gaussian noise."""

import math
from functools import cached_property

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.bounds import neyman_pearson_log2_beta
from jscgc_theory.bounds.power_law import check_log2_probability, exp2_saturating
from jscgc_theory.errors import InputError
from jscgc_theory.sources.channel_inputs import check_radius
from jscgc_theory.sources.exact_channel import Draws
from jscgc_theory.sources.homogeneous_channel import HomogeneousChannel
from jscgc_theory.sources.iid_sum import lattice_sum
from jscgc_theory.sources.torus_distance import LargestChord, TorusDistance
from jscgc_theory.sources.torus_euclidean_distance import (
    EuclideanTorusDistance,
    log2_flat_torus_constant,
)
from jscgc_theory.sources.torus_sampling import TorusSampling
from jscgc_theory.validation import check_probability


class TorusChannel(TorusSampling, HomogeneousChannel):
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
        self._distance = self._chosen_distance()

    @property
    def log2_geometric_constant(self) -> float:
        """log2 of C: ``(2 pi)^k / V_k``, with the cube 2^k in place of V_k for the max metric."""
        if self.metric == "max":
            return self.dim * math.log2(math.pi)
        return log2_flat_torus_constant(self.dim)

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
        return self._distance.log2_coincidence_probability(radius)

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
        return self._distance.radius_at_log2_probability(exponent)

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
        return self._distance.radius_best(outage)

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
        return self._distance.radius_posterior(outage)

    def _lengths(self, differences: Draws) -> Float[NDArray[np.float64], " n_draws"]:
        return self._distance.lengths(differences)

    def _chosen_distance(self) -> TorusDistance:
        # On one circle the metrics are one, and the largest chord needs no lattice.
        if self.metric == "max" or self.dim == 1:
            return LargestChord(self.circle, self.dim)
        return EuclideanTorusDistance(self.circle, self.dim)
