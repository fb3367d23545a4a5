"""The Euclidean distance on the torus: squared chords of the circles, convolved on a lattice."""

import math
from functools import cached_property, lru_cache

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.bounds.power_law import exp2_saturating, log2_power_law_radius
from jscgc_theory.bounds.roots import bracketed_root
from jscgc_theory.sources.channel_constant import log2_constant_of_volume
from jscgc_theory.sources.chord_law import chord_law, uniform_chord_law
from jscgc_theory.sources.iid_sum import PositiveLaw, log_probability_sum_below
from jscgc_theory.sources.torus_distance import TorusDistance
from jscgc_theory.units import nats_to_bits

# Below this the chord and the arc agree to nine digits and q is the power law.
_SMALL_RADIUS = 1e-5


class EuclideanTorusDistance(TorusDistance):
    """The distance of R^(2k): ``rho^2 = sum_j |x_j - x'_j|^2``, k independent squared chords."""

    def log2_coincidence_probability(self, radius: float) -> float:
        """Return log2 q(r), to thousands of bits.

        Args:
            radius: Euclidean distance, positive.

        Returns:
            log2 q.
        """
        return _log2_coincidence(radius, self._n_circles)

    def radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the radius where ``q(r) = 2^log2_probability``, to thousands of bits.

        Args:
            log2_probability: log2 q, at most 0.

        Returns:
            Euclidean distance.
        """
        return _coincidence_radius(log2_probability, self._n_circles)

    def radius_best(self, outage_probability: float) -> float:
        """Return the distance that the directions of the outputs keep with 1 - P_e.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            Euclidean distance.
        """
        return self._radius(self._best_law, outage_probability)

    def radius_posterior(self, outage_probability: float) -> float:
        """Return the distance that a posterior draw keeps with 1 - P_e.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            Euclidean distance.
        """
        return self._radius(self._posterior_law, outage_probability)

    def lengths(
        self, differences: Float[NDArray[np.float64], "n_draws ambient_dim"]
    ) -> Float[NDArray[np.float64], " n_draws"]:
        """Return the Euclidean length of each row.

        Args:
            differences: Differences of points, shape (n_draws, 2 k).

        Returns:
            Distances, shape (n_draws,).
        """
        return np.asarray(np.linalg.norm(differences, axis=1))

    @cached_property
    def _best_law(self) -> PositiveLaw:
        return chord_law(self._circle.law.angle_law_best)

    @cached_property
    def _posterior_law(self) -> PositiveLaw:
        return chord_law(self._circle.law.angle_law_posterior)

    def _radius(self, law: PositiveLaw, outage: float) -> float:
        log_kept = math.log1p(-outage)
        return bracketed_root(
            lambda radius: _log_within(law, self._n_circles, radius) - log_kept,
            1e-12,
            2.0 * math.sqrt(self._n_circles),
        )


def log2_flat_torus_constant(n_circles: int) -> float:
    """Return log2 of ``C = (2 pi)^k / V_k``, V_k the volume of the unit ball of R^k.

    Args:
        n_circles: Number k of circles.

    Returns:
        log2 C.
    """
    return log2_constant_of_volume(n_circles * math.log(2.0 * math.pi), n_circles)


def _log_within(law: PositiveLaw, n_circles: int, radius: float) -> float:
    """Return the log probability that k independent squared chords add up to at most r^2."""
    if radius >= 2.0 * math.sqrt(n_circles):
        return 0.0
    return min(0.0, log_probability_sum_below(law, n_circles, radius * radius))


def _log2_coincidence(radius: float, n_circles: int) -> float:
    if radius < _SMALL_RADIUS:
        return n_circles * math.log2(radius) - log2_flat_torus_constant(n_circles)
    return nats_to_bits(_log_within(uniform_chord_law(), n_circles, radius))


# R2 and R3 ask for the same radius, at every SNR anew.
@lru_cache(maxsize=1024)
def _coincidence_radius(log2_probability: float, n_circles: int) -> float:
    log2_constant = log2_flat_torus_constant(n_circles)
    flat = exp2_saturating(log2_power_law_radius(log2_probability, n_circles, log2_constant))
    if flat < _SMALL_RADIUS:
        return flat
    # A chord is at most its arc and at least 2/pi of it.
    return bracketed_root(
        lambda radius: _log2_coincidence(radius, n_circles) - log2_probability,
        flat * 2.0 / math.pi,
        min(flat, 2.0 * math.sqrt(n_circles)),
    )
