"""The paper's radius bound, equations (18), (21), (22), and its inverse.

Theorem 1 speaks of vanishing outage: at finite outage probability P_e the (1 - P_e) quantile of
the distance may be smaller than delta* without contradiction. Use
:func:`~jscgc_theory.bounds.fano.finite_outage_fano_bound` or a stronger bound at finite P_e.
"""

import math

from jscgc_theory.bounds.power_law import (
    exp2_saturating,
    log2_of_geometric_constant,
    log2_power_law_radius,
)
from jscgc_theory.validation import check_nonnegative, check_positive


def delta_star_bound(mi_bits: float, intrinsic_dim: float, geometric_constant: float) -> float:
    """Return the semantic inconsistency bound (18), ``delta* = (C 2^-(I+1))^(1/d)``.

    A lower bound on the radius as P_e -> 0 only; it says nothing about a radius measured at a
    finite outage probability.

    Args:
        mi_bits: Mutual information I(X; Y_hat) in bits.
        intrinsic_dim: d, positive.
        geometric_constant: C of K(eps) = C eps^-d, in (data unit)^d.

    Returns:
        delta* in data units; 0 or infinity only where floating point ends, see
        :func:`log2_delta_star_bound`.

    Raises:
        InputError: If I is negative, or d or C is not positive.

    References:
        JSCGC paper (arXiv 2601.12808), Theorem 1, equations (18) and (22).

    >>> delta_star_bound(3.0, intrinsic_dim=2.0, geometric_constant=4.0)
    0.5
    """
    log2_constant = log2_of_geometric_constant(geometric_constant)
    return exp2_saturating(log2_delta_star_bound(mi_bits, intrinsic_dim, log2_constant))


def log2_delta_star_bound(
    mi_bits: float, intrinsic_dim: float, log2_geometric_constant: float
) -> float:
    """Return the logarithm of (18), ``log2 delta* = (log2 C - I - 1)/d``.

    Args:
        mi_bits: Mutual information in bits.
        intrinsic_dim: d, positive.
        log2_geometric_constant: log2 C; C itself leaves floating point when d is in the hundreds.

    Returns:
        log2 delta*, delta* in data units.

    Raises:
        InputError: If an argument is out of range.

    >>> log2_delta_star_bound(1999.0, intrinsic_dim=1000.0, log2_geometric_constant=-3000.0)
    -5.0
    """
    mi_bits = check_nonnegative(mi_bits, name="mi_bits")
    return log2_power_law_radius(-(mi_bits + 1.0), intrinsic_dim, log2_geometric_constant)


def mi_bits_needed(radius: float, intrinsic_dim: float, geometric_constant: float) -> float:
    """Return the information at which delta* equals a radius, ``I = log2 C - d log2 r - 1``.

    The inverse of (18), and like it a statement for P_e -> 0.

    Args:
        radius: r in data units, positive.
        intrinsic_dim: d, positive.
        geometric_constant: C in (data unit)^d.

    Returns:
        Bits; negative where the radius is so large that (18) asks for no information at all.

    Raises:
        InputError: If an argument is not positive.

    >>> mi_bits_needed(0.5, intrinsic_dim=2.0, geometric_constant=4.0)
    3.0
    """
    log2_constant = log2_of_geometric_constant(geometric_constant)
    intrinsic_dim = check_positive(intrinsic_dim, name="intrinsic_dim")
    log2_radius = math.log2(check_positive(radius, name="radius"))
    return log2_constant - intrinsic_dim * log2_radius - 1.0


def log2_most_cells(mi_bits: float) -> float:
    """Return log2 of the number of cells (21) allows as P_e -> 0, ``log2 K <= I + 1``.

    Args:
        mi_bits: Mutual information in bits.

    Returns:
        log2 K.

    Raises:
        InputError: If I is negative.
    """
    return check_nonnegative(mi_bits, name="mi_bits") + 1.0


def most_cells(mi_bits: float) -> float:
    """Return the number of cells (21) allows as P_e -> 0, ``K <= 2^(I+1)``.

    Args:
        mi_bits: Mutual information in bits.

    Returns:
        K; infinite above 1022 bits, where :func:`log2_most_cells` still answers.

    Raises:
        InputError: If I is negative.

    >>> most_cells(3.0)
    16.0
    """
    return exp2_saturating(log2_most_cells(mi_bits))
