"""The power law K(eps) = C eps^-d of Lemma 1, read as q(r) = r^d / C, in logarithms."""

import math

import numpy as np

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_finite_number, check_positive


def log2_power_law_radius(
    log2_probability: float, intrinsic_dim: float, log2_geometric_constant: float
) -> float:
    """Return log2 of the radius where ``q(r) = r^d / C`` takes a value, ``(log2 C + log2 q)/d``.

    Args:
        log2_probability: log2 q, at most 0; minus log2 K in the reading K = 1/q.
        intrinsic_dim: d, positive.
        log2_geometric_constant: log2 C, C in (data unit)^d.

    Returns:
        log2 r, r in data units.

    Raises:
        InputError: If d is not positive, log2 q is positive, or any is not finite.
    """
    log2_probability = check_log2_probability(log2_probability)
    intrinsic_dim = check_positive(intrinsic_dim, name="intrinsic_dim")
    log2_constant = check_finite_number(log2_geometric_constant, name="log2_geometric_constant")
    return (log2_constant + log2_probability) / intrinsic_dim


def power_law_radius(
    log2_probability: float, intrinsic_dim: float, geometric_constant: float
) -> float:
    """Return the radius where ``q(r) = r^d / C`` takes a value, ``r = (C q)^(1/d)``.

    This is the ``radius_at_log2_probability`` of the small-ball, perception and meta-converse
    bounds where only the power law is known.

    Args:
        log2_probability: log2 q, at most 0.
        intrinsic_dim: d, positive.
        geometric_constant: C in (data unit)^d, positive.

    Returns:
        r in data units.

    Raises:
        InputError: If an argument is out of range.

    >>> power_law_radius(-6.0, intrinsic_dim=2.0, geometric_constant=4.0)
    0.25
    """
    log2_constant = log2_of_geometric_constant(geometric_constant)
    return exp2_saturating(log2_power_law_radius(log2_probability, intrinsic_dim, log2_constant))


def log2_of_geometric_constant(geometric_constant: float) -> float:
    """Return log2 C after checking that C is positive.

    Args:
        geometric_constant: C in (data unit)^d.

    Returns:
        log2 C.

    Raises:
        InputError: If C is not a positive finite number.
    """
    return math.log2(check_positive(geometric_constant, name="geometric_constant"))


def check_log2_probability(log2_probability: float) -> float:
    """Check the logarithm of a probability.

    Args:
        log2_probability: log2 q.

    Returns:
        The value as a float.

    Raises:
        InputError: If it is positive or not finite.
    """
    number = check_finite_number(log2_probability, name="log2_probability")
    if number > 0.0:
        raise InputError(f"log2_probability = {number:g} is above 0; a probability is at most 1")
    return number


def exp2_saturating(exponent: float) -> float:
    """Return 2^exponent, 0 or infinity where floating point has no such number.

    Args:
        exponent: Any real number.

    Returns:
        The power of two.

    >>> exp2_saturating(4096.0)
    inf
    """
    with np.errstate(over="ignore", under="ignore"):
        return float(np.exp2(exponent))
