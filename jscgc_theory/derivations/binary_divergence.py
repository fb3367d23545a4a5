"""Entropy and divergence of a coin, and the inequality d2(1 - P_e, q) <= I of R2 and R3."""

import sympy as sp

from jscgc_theory.derivations.symbols import log2


def binary_entropy(p: sp.Expr) -> sp.Expr:
    """Return ``h(p) = -p log2 p - (1-p) log2(1-p)`` in bits."""
    return -p * log2(p) - (1 - p) * log2(1 - p)


def binary_divergence(a: sp.Expr, b: sp.Expr) -> sp.Expr:
    """Return ``d2(a, b) = a log2(a/b) + (1-a) log2((1-a)/(1-b))`` in bits."""
    return a * log2(a / b) + (1 - a) * log2((1 - a) / (1 - b))
