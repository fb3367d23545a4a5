"""Probability of a cap of the sphere S^d by its chordal radius, and its inverse, in logarithms."""

import math

import numpy as np
from scipy.special import betainc, betainccinv, betaincinv, betaln

from jscgc_theory.bounds.power_law import check_log2_probability, exp2_saturating
from jscgc_theory.bounds.roots import bracketed_root
from jscgc_theory.units import bits_to_nats, nats_to_bits

# Above this the incomplete beta function and its inverse still hold all their digits.
_LEAST_LOG2_PROBABILITY = -900.0


def cap_probability(radius: float, dim: int) -> float:
    """Return ``q(r) = I_{r^2/4}(d/2, d/2)``, the share of S^d within a chord of a point.

    Args:
        radius: Chordal radius, at least 0.
        dim: d of S^d.

    Returns:
        Probability; 0 where it is below floating point, see :func:`log2_cap_probability`.
    """
    return float(betainc(0.5 * dim, 0.5 * dim, min(0.25 * radius * radius, 1.0)))


def log2_cap_probability(radius: float, dim: int) -> float:
    """Return log2 q(r), also where q itself is no floating-point number.

    Args:
        radius: Chordal radius, at least 0.
        dim: d of S^d.

    Returns:
        log2 q, minus infinity at radius 0.
    """
    probability = cap_probability(radius, dim)
    if probability > 2.0**_LEAST_LOG2_PROBABILITY:
        return math.log2(probability)
    if radius == 0.0:
        return -math.inf
    return _log2_small_cap(2.0 * math.log(0.5 * radius), dim)


def _log2_small_cap(log_share: float, dim: int) -> float:
    """Return log2 I_w(a, a) for a small w = exp(log_share), w <= 1/2, by positive terms."""
    a = 0.5 * dim
    share = math.exp(log_share)
    # 2F1(2a, 1; a+1; w), whose terms past sqrt(a) fall at least like 2^-n for w <= 1/2.
    order = np.arange(100 + math.ceil(20.0 * math.sqrt(a)))
    series = 1.0 + float(np.cumprod(share * (2.0 * a + order) / (a + 1.0 + order)).sum())
    log_power = a * (log_share + math.log1p(-share)) - float(betaln(a, a)) - math.log(a)
    return nats_to_bits(log_power + math.log(series))


def cap_radius_at_log2_probability(log2_probability: float, dim: int) -> float:
    """Return the chordal radius of the cap with a given share of S^d.

    Args:
        log2_probability: log2 q, at most 0, to thousands of bits.
        dim: d of S^d.

    Returns:
        Radius between 0 and 2; 0 only where the radius is below floating point.

    Raises:
        InputError: If the probability is above 1.

    >>> round(cap_radius_at_log2_probability(-4.0, 2), 12)  # q = r^2 / 4 on the 2-sphere
    0.5
    """
    exponent = check_log2_probability(log2_probability)
    if dim == 1:
        return 2.0 * math.sin(0.5 * math.pi * exp2_saturating(exponent))
    a = 0.5 * dim
    if exponent > -1.0:
        # Near the whole sphere the complement carries the digits.
        missing = -math.expm1(bits_to_nats(exponent))
        return 2.0 * math.sqrt(float(betainccinv(a, a, missing)))
    if exponent > _LEAST_LOG2_PROBABILITY:
        return 2.0 * math.sqrt(float(betaincinv(a, a, 2.0**exponent)))
    # For a >= 1 the power law overstates q, so its radius lies below the root.
    low = (bits_to_nats(exponent) + math.log(a) + float(betaln(a, a))) / a
    log_share = bracketed_root(
        lambda value: _log2_small_cap(value, dim) - exponent, low, math.log(0.5)
    )
    return 2.0 * math.exp(0.5 * log_share)


def log2_cap_constant(dim: int) -> float:
    """Return log2 of ``C = lim r^d/q(r) = 2^d (d/2) B(d/2, d/2)``.

    The same as the area of S^d over the volume of the unit d-ball.

    Args:
        dim: d of S^d.

    Returns:
        log2 C.

    >>> round(2.0 ** log2_cap_constant(2), 12)
    4.0
    """
    a = 0.5 * dim
    return dim + math.log2(a) + nats_to_bits(float(betaln(a, a)))
