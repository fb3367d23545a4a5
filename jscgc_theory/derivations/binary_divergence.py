"""Bounds R2 and R3: the test rho <= r, its data processing, and d2(1 - P_e, q) <= I."""

import sympy as sp

from jscgc_theory.derivations.simplifications import factor_logarithms
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import log2, mi_bits, outage

coincidence = sp.Symbol("q", positive=True)
small_ball = sp.Symbol("S", positive=True)


def binary_entropy(p: sp.Expr) -> sp.Expr:
    """Return ``h(p) = -p log2 p - (1-p) log2(1-p)`` in bits."""
    return -p * log2(p) - (1 - p) * log2(1 - p)


def binary_divergence(a: sp.Expr, b: sp.Expr) -> sp.Expr:
    """Return ``d2(a, b) = a log2(a/b) + (1-a) log2((1-a)/(1-b))`` in bits."""
    return a * log2(a / b) + (1 - a) * log2((1 - a) / (1 - b))


def small_ball_converse() -> sp.Le:
    """Return R2, ``d2(1 - P_e, S(r)) <= I`` wherever ``S(r) <= 1 - P_e``."""
    return sp.Le(binary_divergence(1 - outage, small_ball), mi_bits)


def perception_converse() -> sp.Le:
    """Return R3, ``d2(1 - P_e, q(r)) <= I`` wherever ``q(r) <= 1 - P_e``."""
    return sp.Le(binary_divergence(1 - outage, coincidence), mi_bits)


def proof_of_binary_converse() -> Proof:
    """Derive R2 and R3.

    The divergence I of the joint law from the product law is at least that of the test's two
    outcomes (log-sum inequality), d2(1 - P_e, q). R2 then replaces q by a larger S.

    Returns:
        The steps.
    """
    a, b, u, w = sp.symbols("a b u w", positive=True)
    fall = -sp.diff(binary_divergence(a, b), b)
    # 0 < b < a < 1 written with two free positive numbers.
    ordered = {b: u / (1 + u + w), a: (u + w) / (1 + u + w)}
    return (
        Step(
            "d2(a, b) falls in b at the rate",
            fall,
            (a - b) / (b * (1 - b) * sp.log(2)),
            simplify=lambda gap: sp.cancel(gap.doit()),
        ),
        Step(
            "which is positive for b < a: d2 <= I forbids every smaller b",
            ((a - b) / (b * (1 - b))).subs(ordered),
            sp.Integer(0),
            ">=",
            sp.factor,
        ),
        Step("d2 rises from 0 at b = a", binary_divergence(a, b).subs(b, a), sp.Integer(0)),
    )


def proof_of_strength_over_fano() -> Proof:
    """Show that R3 is at least as strong as R1 with K = 1/q, and where both end.

    Returns:
        The steps.
    """
    return (
        Step(
            "R3 exceeds R1: d2(1 - P_e, q) adds -P_e log2(1 - q) >= 0 to R1's left side",
            binary_divergence(1 - outage, coincidence),
            -(1 - outage) * log2(coincidence)
            - binary_entropy(outage)
            - outage * log2(1 - coincidence),
            simplify=factor_logarithms,
        ),
        Step(
            "P_e -> 0 leaves -log2 q <= I, with the power law r >= (C 2^-I)^(1/d)",
            sp.Limit(binary_divergence(1 - outage, coincidence), outage, 0, dir="+"),
            -log2(coincidence),
            simplify=lambda gap: sp.expand(gap.doit()),
        ),
    )
