r"""The constant C of Lemma 1 from the volume of the set, in each reading of K.

For a d-dimensional set of volume vol, ``K(eps) ~ C eps^-d`` as eps falls to 0, with

* volume reading, K = 1/q for the uniform law: ``C = vol / V_d``, exactly;
* covering reading, fewest balls of radius eps: ``C = theta_d vol / V_d``, where theta_d is the
  least density of a covering of R^d by equal balls;
* packing reading, most points pairwise more than eps apart: ``C = 2^d Delta_d vol / V_d``, where
  Delta_d is the greatest density of a packing of R^d by equal balls (here of radius eps/2).

theta_d and Delta_d are known in few dimensions and bracketed in the others. "Covered by disjoint
balls", as Lemma 1 has it, would need ``theta_d = Delta_d = 1``, which holds for d = 1 alone.
"""

import math
from typing import NamedTuple

from scipy.special import zeta

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count, check_finite_number, check_positive

# Exact: d = 1, 2 (Thue 1910, Fejes Toth 1940), 3 (Hales 2005), 8 (Viazovska 2017), 24 (Cohn,
# Kumar, Miller, Radchenko, Viazovska 2017).
_GREATEST_PACKING = {
    1: 1.0,
    2: math.pi / math.sqrt(12.0),
    3: math.pi / math.sqrt(18.0),
    8: math.pi**4 / 384.0,
    24: math.pi**12 / math.factorial(12),
}
# The densest lattices D4, D5, E6, E7 (Korkine and Zolotareff 1877; Blichfeldt 1935).
_LATTICE_PACKING = {
    4: math.pi**2 / 16.0,
    5: math.pi**2 * math.sqrt(2.0) / 30.0,
    6: math.pi**3 * math.sqrt(3.0) / 144.0,
    7: math.pi**3 / 105.0,
}


class Bounds(NamedTuple):
    """A quantity known to lie between two numbers, equal where it is known."""

    lower: float
    upper: float


def log2_unit_ball_volume(intrinsic_dim: int) -> float:
    r"""Logarithm to base 2 of the volume of the unit ball, ``V_d = pi^(d/2) / Gamma(d/2 + 1)``.

    Args:
        intrinsic_dim: Dimension d.

    Returns:
        ``log2 V_d``; V_d itself leaves the range of floats near d = 340.

    Raises:
        InputError: If the dimension is no whole number of at least 1.

    >>> round(2.0 ** log2_unit_ball_volume(2), 12) == round(math.pi, 12)
    True
    """
    dim = check_count(intrinsic_dim, name="intrinsic_dim")
    return 0.5 * dim * math.log2(math.pi) - math.lgamma(0.5 * dim + 1.0) / math.log(2.0)


def log2_covering_density_bounds(intrinsic_dim: int) -> Bounds:
    r"""Bracket the least density theta_d of a covering of R^d by equal balls.

    Above by the lattice A_d*, ``V_d sqrt(d+1) (d(d+2) / (12(d+1)))^(d/2)`` (Conway and Sloane,
    Sphere Packings, Lattices and Groups, ch. 4), and for d >= 3 by Rogers (1957),
    ``d ln d + d ln ln d + 5 d``. Below by 1; d = 1 and 2 (Kershner 1939) are exact.

    Args:
        intrinsic_dim: Dimension d.

    Returns:
        Bounds on ``log2 theta_d``.

    Raises:
        InputError: If the dimension is no whole number of at least 1.
    """
    dim = check_count(intrinsic_dim, name="intrinsic_dim")
    lattice = (
        log2_unit_ball_volume(dim)
        + 0.5 * math.log2(dim + 1.0)
        + 0.5 * dim * math.log2(dim * (dim + 2.0) / (12.0 * (dim + 1.0)))
    )
    if dim <= 2:
        return Bounds(lattice, lattice)
    rogers = math.log2(dim * (math.log(dim) + math.log(math.log(dim)) + 5.0))
    return Bounds(0.0, min(lattice, rogers))


def log2_packing_density_bounds(intrinsic_dim: int) -> Bounds:
    r"""Bracket the greatest density Delta_d of a packing of R^d by equal balls.

    Exact for d = 1, 2, 3, 8, 24; elsewhere below by the densest lattice (d = 4 to 7) or Minkowski
    and Hlawka, ``zeta(d) / 2^(d-1)``, and above by Blichfeldt (1929), ``(d + 2)/2 2^(-d/2)``.

    Args:
        intrinsic_dim: Dimension d.

    Returns:
        Bounds on ``log2 Delta_d``.

    Raises:
        InputError: If the dimension is no whole number of at least 1.
    """
    dim = check_count(intrinsic_dim, name="intrinsic_dim")
    if dim in _GREATEST_PACKING:
        known = math.log2(_GREATEST_PACKING[dim])
        return Bounds(known, known)
    blichfeldt = math.log2(0.5 * (dim + 2.0)) - 0.5 * dim
    if dim in _LATTICE_PACKING:
        return Bounds(math.log2(_LATTICE_PACKING[dim]), blichfeldt)
    return Bounds(math.log2(float(zeta(float(dim)))) + 1.0 - dim, blichfeldt)


def log2_geometric_constant_bounds(
    log2_volume: float, intrinsic_dim: int, *, reading: str
) -> Bounds:
    """Bracket log2 C of a set of known volume in one reading of K.

    Args:
        log2_volume: Logarithm to base 2 of the d-dimensional volume, in (data units)^d.
        intrinsic_dim: Dimension d.
        reading: Which K is counted: ``volume``, ``covering`` or ``packing``.

    Returns:
        Bounds on ``log2 C``; equal where the constant is known.

    Raises:
        InputError: If an argument is out of range or the reading is unknown.
    """
    volume = check_finite_number(log2_volume, name="log2_volume")
    base = volume - log2_unit_ball_volume(intrinsic_dim)
    if reading == "volume":
        return Bounds(base, base)
    if reading == "covering":
        density = log2_covering_density_bounds(intrinsic_dim)
        return Bounds(base + density.lower, base + density.upper)
    if reading == "packing":
        density = log2_packing_density_bounds(intrinsic_dim)
        return Bounds(base + intrinsic_dim + density.lower, base + intrinsic_dim + density.upper)
    raise InputError(f"reading = {reading!r} is unknown; choose volume, covering or packing")


def geometric_constant_bounds(volume: float, intrinsic_dim: int, *, reading: str) -> Bounds:
    """Bracket C of a set of known volume in one reading of K.

    Args:
        volume: The d-dimensional volume, in (data units)^d.
        intrinsic_dim: Dimension d.
        reading: Which K is counted: ``volume``, ``covering`` or ``packing``.

    Returns:
        Bounds on C in (data units)^d; equal where the constant is known.

    Raises:
        InputError: If an argument is out of range or C overflows a float.

    >>> geometric_constant_bounds(6.0, 1, reading="covering")
    Bounds(lower=3.0, upper=3.0)
    """
    log2_volume = math.log2(check_positive(volume, name="volume"))
    bounds = log2_geometric_constant_bounds(log2_volume, intrinsic_dim, reading=reading)
    if bounds.upper >= 1024.0:
        raise InputError(
            f"C of intrinsic_dim = {intrinsic_dim} is about 2^{bounds.upper:.0f}, too large for a "
            "float; use log2_geometric_constant_bounds"
        )
    return Bounds(2.0**bounds.lower, 2.0**bounds.upper)
