"""How the chords of k circles make a distance on the torus: what that decides, and the largest."""

import abc
import math

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.sources.sphere_channel import SphereChannel
from jscgc_theory.sources.spherical_caps import log2_cap_probability

_Differences = Float[NDArray[np.float64], "n_draws ambient_dim"]
_Lengths = Float[NDArray[np.float64], " n_draws"]


class TorusDistance(abc.ABC):
    """A distance on the torus and the probabilities and radii that follow from it.

    Arguments come checked from the channel.

    Args:
        circle: The channel of one circle.
        n_circles: Number k of circles.
    """

    def __init__(self, circle: SphereChannel, n_circles: int) -> None:
        self._circle = circle
        self._n_circles = n_circles

    @abc.abstractmethod
    def log2_coincidence_probability(self, radius: float) -> float:
        """Return log2 q(r) for r > 0."""

    @abc.abstractmethod
    def radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the radius where q takes the value ``2^log2_probability``."""

    @abc.abstractmethod
    def radius_best(self, outage_probability: float) -> float:
        """Return the (1 - P_e) radius of the directions of the circles' outputs."""

    @abc.abstractmethod
    def radius_posterior(self, outage_probability: float) -> float:
        """Return the (1 - P_e) radius of the exact posterior sampler."""

    @abc.abstractmethod
    def lengths(self, differences: _Differences) -> _Lengths:
        """Return the distances that the rows of a difference of points stand for."""


class LargestChord(TorusDistance):
    """The max metric ``rho = max_j |x_j - x'_j|``: all circles stay within r on their own.

    Probabilities are k-th powers of the circle's, radii the circle's at the k-th root.
    """

    def log2_coincidence_probability(self, radius: float) -> float:
        """Return ``k log2((2/pi) arcsin(r/2))``.

        Args:
            radius: Largest chord, positive.

        Returns:
            log2 q.
        """
        return self._n_circles * log2_cap_probability(radius, 1)

    def radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the circle's radius at the k-th root of the probability.

        Args:
            log2_probability: log2 q, at most 0.

        Returns:
            Largest chord.
        """
        return self._circle.radius_at_log2_probability(log2_probability / self._n_circles)

    def radius_best(self, outage_probability: float) -> float:
        """Return the circle's best radius at the outage ``1 - (1 - P_e)^(1/k)``.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            Largest chord.
        """
        return self._circle.radius_best(self._outage_per_circle(outage_probability))

    def radius_posterior(self, outage_probability: float) -> float:
        """Return the circle's posterior radius at the outage ``1 - (1 - P_e)^(1/k)``.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            Largest chord.
        """
        return self._circle.radius_posterior(self._outage_per_circle(outage_probability))

    def lengths(self, differences: _Differences) -> _Lengths:
        """Return the largest chord of each row.

        Args:
            differences: Differences of points, shape (n_draws, 2 k).

        Returns:
            Distances, shape (n_draws,).
        """
        chords = np.linalg.norm(differences.reshape(-1, self._n_circles, 2), axis=2)
        return np.asarray(chords.max(axis=1))

    def _outage_per_circle(self, outage: float) -> float:
        return -math.expm1(math.log1p(-outage) / self._n_circles)
