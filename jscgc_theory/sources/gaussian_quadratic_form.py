"""Tails of ``V = w_1 Z_1^2 + ... + w_n Z_n^2``, Z standard normal: generalised chi-square laws."""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.bounds.roots import bracketed_root

# The integrand is of order exp(-t^2/2) near 0 and falls at least like exp(-t/2) beyond.
_STEP = 0.1
_N_STEPS = 500
# Tangent of the slope at which the path leaves the vertical: away from the cuts on the real axis.
_SLOPE = 0.6
_EDGE = 1e-13

_Vector = Float[NDArray[np.float64], " n"]


class GaussianQuadraticForm:
    r"""V by its weights, which may have either sign.

    With K(s) = -1/2 sum log(1 - 2 w_j s) the logarithm of E exp(s V), the tails are

        ``E[e^(-eta V); V > v] = (1 / 2 pi i) int e^(K(s) - (s + eta) v) / (s + eta) ds``

    along any path that passes the real axis between -eta and the cut (for the lower tail: below
    -eta, and with the sign reversed). The path here is a hyperbola through the saddle point,
    bent towards where e^(-s v) decays, on which the trapezoidal rule converges geometrically:
    far tails of thousands of bits keep their relative accuracy, because the value at the saddle
    is taken out as a logarithm.

    Args:
        weights: w_j; zeros are dropped.

    References:
        Daniels, "Tail probability approximations", Int. Stat. Rev. 55, 1987; Trefethen and
        Weideman, "The exponentially convergent trapezoidal rule", SIAM Review 56, 2014.
    """

    def __init__(self, weights: _Vector) -> None:
        self._weights, self._counts = np.unique(weights[weights != 0.0], return_counts=True)

    @property
    def mean(self) -> float:
        """E V."""
        return float(self._weights @ self._counts)

    def log_tail(self, value: float, *, upper: bool, tilt: float = 0.0) -> float:
        """Return ``log E[e^(-tilt V); V > v]`` or, for the lower tail, of ``V < v``.

        Args:
            value: v.
            upper: Which tail.
            tilt: eta, inside the interval where E exp(-eta V) is finite.

        Returns:
            Natural logarithm; the probability itself at tilt 0.
        """
        if (value < self._mean_tilted(tilt)) == upper:
            # The larger tail follows from the smaller one, whose saddle point lies far from 0.
            log_whole = self._log_moment(-tilt)
            other = self._log_smaller_tail(value, not upper, tilt)
            return log_whole + math.log1p(-math.exp(other - log_whole))
        return self._log_smaller_tail(value, upper, tilt)

    def _mean_tilted(self, tilt: float) -> float:
        return float(self._counts @ (self._weights / (1.0 + 2.0 * self._weights * tilt)))

    def _log_moment(self, point: float) -> float:
        """Return K(s) at a real point."""
        return -0.5 * float(self._counts @ np.log1p(-2.0 * self._weights * point))

    def _log_smaller_tail(self, value: float, upper: bool, tilt: float) -> float:
        saddle = self._saddle(value, upper, tilt)
        pull = 2.0 * self._counts * (self._weights / (1.0 - 2.0 * self._weights * saddle)) ** 2
        scale = 1.0 / math.hypot(math.sqrt(float(pull.sum())), 1.0 / (saddle + tilt))
        t = _STEP * np.arange(_N_STEPS + 1)
        bend = _SLOPE * float(np.sign(value))
        with np.errstate(over="ignore", under="ignore"):
            path = saddle + scale * (bend * (np.cosh(t) - 1.0) + 1j * np.sinh(t))
            velocity = scale * (bend * np.sinh(t) + 1j * np.cosh(t))
            ratio = np.log1p(
                -2.0
                * self._weights[:, None]
                * (path - saddle)
                / (1.0 - 2.0 * self._weights * saddle)[:, None]
            )
            exponent = -0.5 * self._counts @ ratio - (path - saddle) * value
            terms = np.exp(exponent) * velocity * ((saddle + tilt) / (path + tilt))
        terms[0] *= 0.5
        integral = float(terms.imag.sum()) * _STEP / math.pi
        log_height = (
            self._log_moment(saddle) - (saddle + tilt) * value - math.log(abs(saddle + tilt))
        )
        return log_height + math.log(max(integral, 1e-300))

    def value_at_log_tail(self, log_probability: float, *, upper: bool) -> float:
        """Return v with ``log P(V > v)`` (or of ``V < v``) at a given value.

        Args:
            log_probability: Natural logarithm, negative.
            upper: Which tail.

        Returns:
            The quantile; of a form with positive weights it is searched among v > 0.
        """
        positive = bool(self._weights[0] > 0.0)
        deviation = math.sqrt(2.0 * float(self._counts @ self._weights**2))

        def value(x: float) -> float:
            return math.exp(x) if positive else deviation * x

        def rising(x: float) -> float:
            excess = self.log_tail(value(x), upper=upper) - log_probability
            return -excess if upper else excess

        centre = math.log(self.mean) if positive else 0.0
        low, high = _bracket(rising, centre)
        return value(bracketed_root(rising, low, high))

    def _saddle(self, value: float, upper: bool, tilt: float) -> float:
        """Return the least point of K(s) - s v - log|s + tilt| on the side of the tail."""
        side = 1.0 if upper else -1.0
        steepest = float((side * self._weights).max())
        span = 0.5 / steepest + side * tilt if steepest > 0.0 else math.inf

        def slope(distance: float) -> float:
            point = side * distance - tilt
            drift = float(self._counts @ (self._weights / (1.0 - 2.0 * self._weights * point)))
            return side * (drift - value) - 1.0 / distance

        size = abs(value) + float(self._counts @ np.abs(self._weights))
        low = _EDGE / (1.0 / span + size)
        if math.isinf(span):
            high = 1.0 / size
            while slope(high) < 0.0:
                high *= 4.0
        else:
            high = span * (1.0 - _EDGE)
        return side * bracketed_root(slope, low, high) - tilt


def _bracket(rising: Callable[[float], float], centre: float) -> tuple[float, float]:
    """Return two points around the root of a rising function, by doubling steps."""
    step = 1.0
    if rising(centre) > 0.0:
        while rising(centre - step) > 0.0:
            step *= 2.0
        return centre - step, centre
    while rising(centre + step) < 0.0:
        step *= 2.0
    return centre, centre + step
