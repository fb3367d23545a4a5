"""Equations (18), (21), (22): the radius that vanishing outage leaves."""

import sympy as sp

from jscgc_theory.derivations.manifold_covering import power_law_count
from jscgc_theory.derivations.simplifications import expand_logarithms, merge_powers
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import (
    geometric_constant,
    intrinsic_dim,
    log2,
    mi_bits,
    n_cells,
    radius,
)

_delta = sp.Symbol("delta", positive=True)
_delta_star = sp.Symbol(r"\delta^*", positive=True)


def delta_star() -> sp.Expr:
    """Return the right side of (18), ``C^(1/d) 2^(-(I+1)/d)``, in data units."""
    return geometric_constant ** (1 / intrinsic_dim) * 2 ** (-(mi_bits + 1) / intrinsic_dim)


def theorem_1() -> sp.Eq:
    """Return (18), ``delta* = C^(1/d) 2^(-(I+1)/d)``: Theorem 1, for P_e -> 0."""
    return sp.Eq(_delta_star, delta_star())


def most_cells() -> sp.Le:
    """Return (21), ``K(delta) <= 2^(I+1)``, what (20) leaves as P_e -> 0."""
    return sp.Le(n_cells, 2 ** (mi_bits + 1))


def least_radius() -> sp.Ge:
    """Return (22), ``delta >= C^(1/d) 2^(-(I+1)/d)``: (21) with the power law of Lemma 1."""
    return sp.Ge(_delta, delta_star())


def mi_bits_needed() -> sp.Expr:
    """Return the inverse of (18), ``I = log2 C - d log2 r - 1``, in bits."""
    return log2(geometric_constant) - intrinsic_dim * log2(radius) - 1


def vanishing_outage_radius() -> sp.Expr:
    """Return what Fano gives as P_e -> 0 with h(P_e) -> 0 kept: ``(C 2^-I)^(1/d)``."""
    return (geometric_constant * 2**-mi_bits) ** (1 / intrinsic_dim)


def proof_of_theorem_1() -> Proof:
    """Derive (21), (22) and (18) from (20), and the inverse in I.

    Returns:
        The steps.
    """
    return (*_cells_of_vanishing_outage(), *_radius_of_cells())


def _cells_of_vanishing_outage() -> Proof:
    slack = sp.Symbol("s", nonnegative=True)
    relaxed = 1 - (mi_bits + 1) / log2(n_cells)
    return (
        Step(
            "(20) asks for no error exactly at K = 2^(I+1)",
            relaxed.subs(n_cells, 2 ** (mi_bits + 1)),
            sp.Integer(0),
            simplify=expand_logarithms,
        ),
        Step(
            "with more cells, log2 K = I + 1 + s, it asks for some: hence (21)",
            1 - (mi_bits + 1) / (mi_bits + 1 + slack),
            sp.Integer(0),
            ">=",
            sp.factor,
        ),
    )


def _radius_of_cells() -> Proof:
    slack = sp.Symbol("s", nonnegative=True)
    at_delta_star = power_law_count().subs(radius, delta_star())
    smaller = power_law_count().subs(radius, delta_star() / (1 + slack))
    return (
        Step(
            "the power law counts 2^(I+1) cells at the radius (18)",
            at_delta_star,
            2 ** (mi_bits + 1),
            simplify=sp.powsimp,
        ),
        Step(
            "a radius smaller by 1 + s has (1 + s)^d times the cells: hence (22)",
            smaller / at_delta_star,
            (1 + slack) ** intrinsic_dim,
            simplify=merge_powers,
        ),
        Step(
            "at delta* the information needed is I",
            mi_bits_needed().subs(radius, delta_star()),
            mi_bits,
            simplify=expand_logarithms,
        ),
    )


def erratum_of_looseness() -> Proof:
    """Show that (18) lies a factor 2^(1/d) below what Fano gives as P_e -> 0.

    Returns:
        The steps.
    """
    return (
        Step(
            "keeping h(P_e) -> 0 instead of 1 bit gains the factor 2^(1/d)",
            vanishing_outage_radius(),
            2 ** (1 / intrinsic_dim) * delta_star(),
            simplify=merge_powers,
        ),
    )


def erratum_of_corollary_1() -> Proof:
    """Show that the floor (18) falls as I rises: what Corollary 1 can claim, and no more.

    Returns:
        The steps.
    """
    return (
        Step(
            "one more bit multiplies the lower bound by 2^(-1/d)",
            sp.diff(sp.log(delta_star()), mi_bits),
            -sp.log(2) / intrinsic_dim,
            simplify=expand_logarithms,
        ),
        Step(
            "which is below 1",
            sp.log(2) / intrinsic_dim,
            sp.Integer(0),
            ">=",
        ),
    )
