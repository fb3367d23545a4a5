"""Gibbs' inequality and the log-sum inequality: the two that every converse here rests on."""

import sympy as sp

from jscgc_theory.derivations.simplifications import expand_logarithms, factor_logarithms
from jscgc_theory.derivations.step import Proof, Step

_z, _p, _q = sp.symbols("z p q", positive=True)
_more_p, _more_q = sp.symbols("p_2 q_2", positive=True)


def tangent_gap(z: sp.Expr) -> sp.Expr:
    """Return ``z - 1 - ln z``, at least 0: the logarithm lies below its tangent at 1."""
    return z - 1 - sp.log(z)


def log_sum_gap() -> sp.Expr:
    """Return what merging two outcomes loses of a divergence, in nats.

    ``p ln(p/q) + p_2 ln(p_2/q_2) - (p + p_2) ln((p + p_2)/(q + q_2))``, at least 0: the data
    processing inequality for a test, one pair of outcomes at a time.
    """
    merged_p, merged_q = _p + _more_p, _q + _more_q
    return (
        _p * sp.log(_p / _q)
        + _more_p * sp.log(_more_p / _more_q)
        - merged_p * sp.log(merged_p / merged_q)
    )


def proof_of_gibbs_inequality() -> Proof:
    """Show that a divergence is at least 0.

    Returns:
        The steps.
    """
    gap = tangent_gap(_z)
    return (
        Step("the logarithm meets its tangent at 1", gap.subs(_z, 1), sp.Integer(0)),
        Step("with the same slope", sp.diff(gap, _z).subs(_z, 1), sp.Integer(0)),
        Step("and bends away below it", sp.diff(gap, _z, 2), sp.Integer(0), ">="),
        Step(
            "hence p ln(p/q) >= p - q, and both laws add to 1",
            _p * tangent_gap(_q / _p),
            _p * sp.log(_p / _q) - (_p - _q),
            simplify=expand_logarithms,
        ),
    )


def proof_of_log_sum_inequality() -> Proof:
    """Show that merging outcomes never raises a divergence.

    Returns:
        The steps.
    """
    gap = log_sum_gap()
    proportional = gap.subs(_p, _q * _more_p / _more_q)
    slope = sp.diff(gap, _p).subs(_p, _q * _more_p / _more_q)
    return (
        Step(
            "nothing is lost where both ratios are equal",
            proportional,
            sp.Integer(0),
            simplify=factor_logarithms,
        ),
        Step("there the loss is flat in p", slope, sp.Integer(0), simplify=factor_logarithms),
        Step("and it is convex in p", sp.diff(gap, _p, 2), sp.Integer(0), ">=", sp.factor),
    )
