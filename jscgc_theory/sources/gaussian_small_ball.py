"""The probability of a ball about the mean of a Gaussian vector, its inverse and its power law."""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.bounds.power_law import (
    check_log2_probability,
    exp2_saturating,
    log2_power_law_radius,
)
from jscgc_theory.sources.channel_constant import log2_constant_of_volume
from jscgc_theory.sources.channel_inputs import check_radius
from jscgc_theory.sources.gaussian_quadratic_form import GaussianQuadraticForm
from jscgc_theory.units import bits_to_nats

# Below this share of the smallest deviation, q and S follow their power law to ten digits.
_SMALL_RADIUS = 1e-5


class GaussianSmallBall:
    """``S(r) = P(|X| <= r)`` for a centred Gaussian X, a generalised chi-square probability.

    The difference of two copies is sqrt(2) X, so ``q(r) = S(r / sqrt(2))`` and the constant
    below serves both.

    Args:
        deviations: Standard deviations along the axes of X, all positive.
    """

    def __init__(self, deviations: Float[NDArray[np.float64], " dim"]) -> None:
        self._dim = deviations.size
        self._log_deviations = float(np.log(deviations).sum())
        self._power_law_reach = _SMALL_RADIUS * float(deviations.min())
        self._form = GaussianQuadraticForm(deviations**2)

    @property
    def log2_geometric_constant(self) -> float:
        """log2 of ``C = lim r^d/q(r) = (4 pi)^(d/2) |Sigma|^(1/2) / V_d``."""
        log_volume = 0.5 * self._dim * math.log(4.0 * math.pi) + self._log_deviations
        return log2_constant_of_volume(log_volume, self._dim)

    def probability(self, radius: float) -> float:
        """Return S(r).

        Args:
            radius: Euclidean distance, infinity allowed.

        Returns:
            Probability.

        Raises:
            InputError: If the radius is NaN or negative.
        """
        radius = check_radius(radius)
        if radius == 0.0 or math.isinf(radius):
            return 1.0 if radius else 0.0
        if radius < self._power_law_reach:
            log2_q = self._dim * math.log2(math.sqrt(2.0) * radius) - self.log2_geometric_constant
            return exp2_saturating(log2_q)
        return min(1.0, math.exp(self._form.log_tail(radius**2, upper=False)))

    def radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the radius where S takes the value ``2^log2_probability``, to thousands of bits.

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
        flat = exp2_saturating(
            log2_power_law_radius(exponent, self._dim, self.log2_geometric_constant)
        )
        if flat < self._power_law_reach:
            return flat / math.sqrt(2.0)
        log_probability = bits_to_nats(exponent)
        if exponent > -1.0:
            # Near 1 the other tail carries the digits.
            other = math.log(-math.expm1(log_probability))
            return math.sqrt(self._form.value_at_log_tail(other, upper=True))
        return math.sqrt(self._form.value_at_log_tail(log_probability, upper=False))
