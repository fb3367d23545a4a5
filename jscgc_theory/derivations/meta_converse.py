"""Bound R4: no test tells the joint law from the product law better than Neyman and Pearson's."""

import sympy as sp

from jscgc_theory.derivations.binary_divergence import binary_divergence
from jscgc_theory.derivations.simplifications import factor_logarithms, integrate
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import n_cells, outage

kept = sp.Symbol("a", positive=True)
_threshold = sp.Symbol("s", positive=True)
_likelihood = sp.Symbol("u", positive=True)
_beta = sp.Symbol(r"\beta_a", positive=True)
_coincidence = sp.Symbol("q", positive=True)


def meta_converse() -> sp.Ge:
    """Return R4, ``q(r) >= beta_a`` (and with it S(r) >= beta_a), a = 1 - P_e."""
    return sp.Ge(_coincidence, _beta)


def uniform_example_beta() -> sp.Expr:
    """Return beta_a = a^2 where 2^-i is uniform on (0, 2) under the joint law.

    The mean of 2^-i is 1 there, as it must be.
    """
    return kept**2


def symmetric_beta() -> sp.Expr:
    """Return beta_a = 1/K at a = 1 - P_e on the symmetric channel of K cells.

    Accepted are the pairs of equal indices, of density log2(K (1 - P_e)).
    """
    density_ratio = n_cells * (1 - outage)
    return (1 - outage) / density_ratio


def proof_of_neyman_pearson() -> Proof:
    """Show that every threshold s = 2^-g bounds every test: a s - E[(s - 2^-i)^+] <= beta_a.

    A test accepts with probability A in [0, 1]; under the joint law one outcome has weight w and
    under the product law w u, u = 2^-i.

    Returns:
        The steps.
    """
    weight, accepted = sp.symbols("w A", positive=True)
    gap, share = sp.symbols("b c", positive=True)
    s, u = _threshold, _likelihood
    # w (s - u) A is at most w (s - u)^+: two cases, u = s + gap and u = s - gap.
    lagrangian = weight * (s - u) * accepted
    return (
        Step(
            "outcomes with u above s: accepting none is best",
            -lagrangian.subs(u, s + gap),
            sp.Integer(0),
            ">=",
        ),
        Step(
            "outcomes with u below s: accepting all is best (A = 1/(1 + c))",
            weight * gap - lagrangian.subs(u, s - gap).subs(accepted, 1 / (1 + share)),
            sp.Integer(0),
            ">=",
            sp.factor,
        ),
    )


def proof_of_attainment() -> Proof:
    """Show on an example that the best threshold's bound is attained: u uniform on (0, 2).

    Returns:
        The steps.
    """
    s, u = _threshold, _likelihood
    dual = kept * s - sp.Integral((s - u) / 2, (u, 0, s))
    return (
        Step(
            "the best test accepts u below 2 a: its product-law probability",
            sp.Integral(u / 2, (u, 0, 2 * kept)),
            uniform_example_beta(),
            simplify=integrate,
        ),
        Step(
            "the lower bound at s = 2 a is the same",
            dual.subs(s, 2 * kept),
            uniform_example_beta(),
            simplify=integrate,
        ),
        Step(
            "where the slope in s, a - P(i > g), is 0",
            sp.diff(kept * s - s**2 / 4, s).subs(s, 2 * kept),
            sp.Integer(0),
        ),
    )


def proof_of_strength() -> Proof:
    """Show that R4 is at least as strong as R3, with equality on the symmetric channel.

    The best test is a test, so d2(a, beta_a) <= I: beta_a is among the q that R3 allows.

    Returns:
        The steps.
    """
    u = _likelihood
    mi_nats = sp.Integral(-sp.log(u) / 2, (u, 0, 2))
    hit = (1 - outage) * sp.log(n_cells * (1 - outage))
    miss = outage * sp.log(n_cells * outage / (n_cells - 1))
    example = binary_divergence(kept, uniform_example_beta()) * sp.log(2)
    return (
        Step("I of the example is 1 - ln 2 nats", mi_nats, 1 - sp.log(2), simplify=integrate),
        Step(
            "d2(a, beta_a) of the example",
            example,
            -kept * sp.log(kept) - (1 - kept) * sp.log(1 + kept),
            simplify=factor_logarithms,
        ),
        Step(
            "symmetric channel: d2(1 - P_e, 1/K) is I, so R3 and R4 agree",
            binary_divergence(1 - outage, symmetric_beta()) * sp.log(2),
            hit + miss,
            simplify=factor_logarithms,
        ),
    )
