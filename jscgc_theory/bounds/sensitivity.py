"""How delta* answers to errors in d, C and I, and the interval they give it together."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from jscgc_theory.bounds.power_law import check_log2_probability, log2_of_geometric_constant
from jscgc_theory.errors import InputError
from jscgc_theory.units import bits_to_nats
from jscgc_theory.validation import check_nonnegative, check_positive


class Sensitivities(NamedTuple):
    """Partial derivatives of the natural logarithm of a power-law radius."""

    intrinsic_dim: float
    """d ln r / d d = -ln r / d."""
    log_geometric_constant: float
    """d ln r / d ln C = 1/d."""
    geometric_constant: float
    """d ln r / d C = 1/(d C)."""
    mi_bits: float
    """d ln r / d I per bit, with log2 q = -(I + const): -ln 2 / d."""


def power_law_sensitivities(
    log2_probability: float, intrinsic_dim: float, geometric_constant: float
) -> Sensitivities:
    """Return the derivatives of ``ln r = (ln C + ln q)/d`` at any probability q.

    Serves every bound that inverts the power law: (18) at log2 q = -(I + 1), R1 and R3 at theirs.

    Args:
        log2_probability: log2 q, at most 0.
        intrinsic_dim: d, positive.
        geometric_constant: C in (data unit)^d.

    Returns:
        The derivatives; ``mi_bits`` is minus the derivative by log2 q.

    Raises:
        InputError: If an argument is out of range.
    """
    log2_probability = check_log2_probability(log2_probability)
    dim = check_positive(intrinsic_dim, name="intrinsic_dim")
    log_radius = (
        bits_to_nats(log2_of_geometric_constant(geometric_constant) + log2_probability) / dim
    )
    return Sensitivities(
        intrinsic_dim=-log_radius / dim,
        log_geometric_constant=1.0 / dim,
        geometric_constant=1.0 / dim / geometric_constant,
        mi_bits=-bits_to_nats(1.0) / dim,
    )


def delta_star_sensitivities(
    mi_bits: float, intrinsic_dim: float, geometric_constant: float
) -> Sensitivities:
    """Return the derivatives of ``ln delta* = (ln C - (I + 1) ln 2)/d``, equation (18).

    A relative error of d moves delta* by ((I + 1) ln 2 - ln C)/d times as much, a relative error
    of C only by 1/d: the error budget belongs to d.

    Args:
        mi_bits: Mutual information in bits.
        intrinsic_dim: d, positive.
        geometric_constant: C in (data unit)^d.

    Returns:
        The derivatives by d, ln C, C and I.

    Raises:
        InputError: If an argument is out of range.

    >>> delta_star_sensitivities(7.0, intrinsic_dim=4.0, geometric_constant=1.0).geometric_constant
    0.25
    """
    mi_bits = check_nonnegative(mi_bits, name="mi_bits")
    return power_law_sensitivities(-(mi_bits + 1.0), intrinsic_dim, geometric_constant)


def log_radius_standard_error(
    sensitivities: Sensitivities, covariance: ArrayLike, mi_bits_standard_error: float = 0.0
) -> float:
    """Return the standard error of ln r from the joint errors of (d, ln C) and the error of I.

    ``Var ln r = g^T Sigma g + (d ln r/d I)^2 Var I``, to first order. The errors of d and ln C
    are strongly correlated, so their covariance matters: the radius is known best at the scale
    where they were fitted.

    Args:
        sensitivities: The derivatives.
        covariance: Joint covariance Sigma of (d, ln C), shape (2, 2); ln is natural.
        mi_bits_standard_error: Standard error of I in bits, independent of both.

    Returns:
        Standard error of ln r; r times exp(+-1.96 times it) is a 95 % interval.

    Raises:
        InputError: If the matrix is no 2 x 2 covariance or the error is negative.

    >>> g = delta_star_sensitivities(7.0, intrinsic_dim=4.0, geometric_constant=1.0)
    >>> round(log_radius_standard_error(g, [[0.0, 0.0], [0.0, 0.04]]), 3)
    0.05
    """
    mi_error = check_nonnegative(mi_bits_standard_error, name="mi_bits_standard_error")
    sigma = np.asarray(covariance, dtype=np.float64)
    if sigma.shape != (2, 2) or not np.isfinite(sigma).all():
        raise InputError(
            f"covariance has shape {sigma.shape}; give the finite 2 x 2 covariance of (d, ln C)"
        )
    scale = max(float(np.abs(sigma).max()), np.finfo(float).tiny)
    if (
        abs(sigma[0, 1] - sigma[1, 0]) > 1e-9 * scale
        or np.linalg.eigvalsh(sigma)[0] < -1e-9 * scale
    ):
        raise InputError(
            "covariance of (d, ln C) is not symmetric with eigenvalues of at least 0; "
            "check how it was formed"
        )
    gradient = np.array([sensitivities.intrinsic_dim, sensitivities.log_geometric_constant])
    variance = max(0.0, float(gradient @ sigma @ gradient))
    return math.hypot(math.sqrt(variance), sensitivities.mi_bits * mi_error)
