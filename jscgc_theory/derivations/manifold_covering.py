"""Equation (15), Lemma 1: how many balls a manifold needs, and what the limit does not say."""

import sympy as sp

from jscgc_theory.derivations.simplifications import evaluate, merge_powers
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import geometric_constant, intrinsic_dim, radius


def power_law_count() -> sp.Expr:
    """Return ``C r^-d``, the number of balls of radius r in Lemma 1."""
    return geometric_constant * radius**-intrinsic_dim


def log_power_law_count() -> sp.Expr:
    """Return ``log C - d log r``, the logarithm of :func:`power_law_count`."""
    return sp.log(geometric_constant) - intrinsic_dim * sp.log(radius)


def lemma_1() -> sp.Eq:
    """Return (15), ``lim log K(r) / (-log r) = d`` as r -> 0, for the power law's K."""
    return sp.Eq(_dimension_limit(log_power_law_count()), intrinsic_dim, evaluate=False)


def cube_covering_constant() -> sp.Expr:
    """Return C of the least cover of a unit cube by balls of the maximum metric, ``2^-d``."""
    return 2**-intrinsic_dim


def cube_packing_constant() -> sp.Expr:
    """Return C of the most points of a unit cube more than r apart in that metric, 1."""
    return sp.Integer(1)


def disc_covering_constant() -> sp.Expr:
    """Return C of the least cover of a unit area by discs, ``2/sqrt(27)``.

    References:
        Kershner, Amer. J. Math. 61(3), 1939.
    """
    return 2 / sp.sqrt(27)


def disc_packing_constant() -> sp.Expr:
    """Return C of the most points of a unit area more than r apart, ``2/sqrt(3)``.

    References:
        Thue (1910); Fejes Toth, Math. Z. 46, 1940.
    """
    return 2 / sp.sqrt(3)


def proof_of_lemma_1() -> Proof:
    """Show that the power law has the limit of (15).

    Returns:
        The steps.
    """
    return (
        Step(
            "C drops out of the limit",
            _dimension_limit(log_power_law_count()),
            intrinsic_dim,
            simplify=evaluate,
        ),
    )


def erratum_of_disjoint_cover() -> Proof:
    """Show that Lemma 1's "covered by disjoint balls" mixes two counts.

    Returns:
        The steps.
    """
    # Disjoint balls of radius r have centres more than 2 r apart.
    disjoint_discs = disc_packing_constant() / 2**2
    moved = (cube_packing_constant() / cube_covering_constant()) ** (1 / intrinsic_dim)
    return (
        Step(
            "discs: a cover needs 4/3 as many as can be disjoint, so none is both",
            disc_covering_constant() / disjoint_discs,
            sp.Rational(4, 3),
            simplify=sp.simplify,
        ),
        Step(
            "discs: points more than r apart are 3 times the covering discs",
            disc_packing_constant() / disc_covering_constant(),
            sp.Integer(3),
            simplify=sp.simplify,
        ),
        Step(
            "cubes: packing(r) is 2^d times covering(r), the most there can be",
            cube_packing_constant() / cube_covering_constant(),
            2**intrinsic_dim,
        ),
        Step("which moves delta* by a factor 2", moved, sp.Integer(2), simplify=merge_powers),
    )


def erratum_of_power_law() -> Proof:
    """Show that the limit in (15) does not imply ``K = C r^-d``, as its arrow says.

    ``K = C r^-d log(1/r)`` has the same limit, and K r^d grows without bound.

    Returns:
        The steps.
    """
    log_count = log_power_law_count() + sp.log(-sp.log(radius))
    ratio = -geometric_constant * sp.log(radius)
    return (
        Step(
            "a count with a logarithm has the same limit",
            _dimension_limit(log_count),
            intrinsic_dim,
            simplify=evaluate,
        ),
        Step(
            "yet K r^d has none",
            1 / sp.Limit(ratio, radius, 0, dir="+"),
            sp.Integer(0),
            simplify=evaluate,
        ),
    )


def _dimension_limit(log_count: sp.Expr) -> sp.Limit:
    return sp.Limit(log_count / -sp.log(radius), radius, 0, dir="+")
