"""The constant of the power law of a channel's source, in logarithms: C itself may overflow."""

import math

from scipy.special import gammaln

from jscgc_theory.units import nats_to_bits


def log2_constant_of_volume(log_volume: float, dim: int) -> float:
    """Return log2 of ``C = lim r^d/q(r) = volume / V_d``, V_d the volume of the unit ball of R^d.

    Args:
        log_volume: Natural logarithm of the volume of the support of a uniform source; of
            ``1 / E f(X)`` in general, f the density.
        dim: d.

    Returns:
        log2 C.

    >>> round(log2_constant_of_volume(math.log(8.0), 1), 12)  # intervals of length 2 r in one of 8
    2.0
    """
    half = 0.5 * dim
    log_ball = half * math.log(math.pi) - float(gammaln(half + 1.0))
    return nats_to_bits(log_volume - log_ball)
