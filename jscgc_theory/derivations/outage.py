"""Equations (16), (17): outage and least radius, and why (18) speaks of vanishing outage only."""

import sympy as sp

from jscgc_theory.derivations.fano import fano_right_side, relaxed_fano
from jscgc_theory.derivations.radius_bound import most_cells
from jscgc_theory.derivations.simplifications import evaluate, expand_logarithms, integrate
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import log2, mi_bits, n_cells, outage, radius

_probability = sp.Function("P")
_distance = sp.Symbol(r"\rho(x,\hat{x})", nonnegative=True)
_delta_star = sp.Symbol(r"\delta^*", nonnegative=True)
_system = sp.Symbol("k", integer=True, positive=True)
_outage_of_system = sp.Function("P_e")
erased = sp.Symbol("epsilon", positive=True)


def outage_probability() -> sp.Eq:
    """Return (16), ``P_e = P(rho(x, x_hat) > r)``."""
    return sp.Eq(outage, _probability(sp.Gt(_distance, radius)))


def least_radius_of_vanishing_outage() -> sp.Eq:
    """Return (17), ``delta* = inf {r : P_e(r) -> 0}``.

    The limit needs something that runs: here a sequence of systems k with the same I. For one
    system at one SNR the set is empty, or holds the data's whole diameter and nothing less.
    """
    vanishes = sp.Eq(sp.Limit(_outage_of_system(radius, _system), _system, sp.oo), 0)
    radii = sp.ConditionSet(radius, vanishes, sp.Interval.open(0, sp.oo))
    return sp.Eq(_delta_star, sp.Function(r"\inf")(radii))


def gaussian_outage(variance: sp.Expr) -> sp.Expr:
    """Return P_e(r) if the error is N(0, variance) in each of two dimensions."""
    return sp.exp(-(radius**2) / (2 * variance))


def erasure_mi_bits() -> sp.Expr:
    """Return I of K even cells of which the channel delivers one with probability 1 - eps."""
    return (1 - erased) * log2(n_cells)


def erasure_outage() -> sp.Expr:
    """Return P_e of the posterior sampler there: erased, and the guess misses."""
    return erased * (1 - 1 / n_cells)


def erratum_of_definition_3() -> Proof:
    """Show that (17), read for one system, gives infinity.

    Returns:
        The steps.
    """
    variance = sp.Symbol("s", positive=True) ** 2
    at_outage = sp.sqrt(-2 * variance * sp.log(outage))
    return (
        Step(
            "Gaussian errors are beyond this radius with probability P_e",
            gaussian_outage(variance).subs(radius, at_outage),
            outage,
            simplify=sp.simplify,
        ),
        Step(
            "which grows without limit as P_e -> 0",
            1 / sp.Limit(at_outage, outage, 0, dir="+"),
            sp.Integer(0),
            simplify=evaluate,
        ),
    )


def erratum_of_cell_error() -> Proof:
    """Show that Fano's error, a wrong cell, is not the P_e of (16), a point outside the ball.

    On a line cut into cells of length 2 r, X_hat = X + u with u even on (-r, r) never leaves the
    ball of radius r, yet its cell differs with probability |u|/(2 r).

    Returns:
        The steps.
    """
    shift, w = sp.symbols("u w", positive=True)
    return (
        Step(
            "X_hat stays within r of X (|u| = r/(1 + w)): P_e of (16) is 0",
            radius - radius / (1 + w),
            sp.Integer(0),
            ">=",
            sp.factor,
        ),
        Step(
            "but one point in four lies in another cell",
            sp.Integral(shift / (2 * radius) / radius, (shift, 0, radius)),
            sp.Rational(1, 4),
            simplify=integrate,
        ),
    )


def erratum_of_finite_outage() -> Proof:
    """Show that (18), (21), (22) fail at finite P_e, where (19) and (20) hold.

    K cells, sent whole with probability 1 - eps and else erased. The sampler's radius at this
    outage is smaller than a cell.

    Returns:
        The steps.
    """
    case = {n_cells: 2**10, erased: sp.Rational(1, 2)}
    mi, p_e = erasure_mi_bits().subs(case), erasure_outage().subs(case)
    allowed = most_cells().rhs.subs(mi_bits, mi)
    floor = relaxed_fano().rhs.subs(mi_bits, mi).subs(case)
    fano = fano_right_side().subs(outage, p_e).subs(case)
    return (
        Step("1024 cells, half of them erased: 5 bits", mi, sp.Integer(5), simplify=sp.simplify),
        Step("so (21) allows 64 cells, not 1024", allowed, sp.Integer(64), simplify=sp.simplify),
        Step(
            "(22) is broken by 4 bits",
            log2(n_cells.subs(case) / allowed),
            sp.Integer(4),
            simplify=sp.simplify,
        ),
        Step("yet (20) holds", p_e - floor, sp.Integer(0), ">=", sp.simplify),
        Step("and (19) holds", sp.N(fano - (10 - mi)), sp.Integer(0), ">="),
        Step(
            "for any K the excess over (21) is eps log2 K - 1 bits",
            log2(n_cells) - log2(most_cells().rhs).subs(mi_bits, erasure_mi_bits()),
            erased * log2(n_cells) - 1,
            simplify=expand_logarithms,
        ),
    )
