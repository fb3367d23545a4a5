"""Equations (19), (20): Fano's inequality over the cells, its relaxation, and its condition."""

import sympy as sp

from jscgc_theory.derivations.binary_divergence import binary_divergence, binary_entropy
from jscgc_theory.derivations.simplifications import expand_logarithms, factor_logarithms
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import log2, mi_bits, n_cells, outage

_source_entropy = sp.Symbol("H(X)", nonnegative=True)


def fano_right_side() -> sp.Expr:
    """Return the right side of (19), ``h(P_e) + P_e log2(K - 1)``, in bits."""
    return binary_entropy(outage) + outage * log2(n_cells - 1)


def fano_inequality() -> sp.Le:
    """Return (19), ``H(X) - I <= h(P_e) + P_e log2(K - 1)``, H(X) that of the cell index."""
    return sp.Le(_source_entropy - mi_bits, fano_right_side())


def relaxed_floor(source_entropy: sp.Expr) -> sp.Expr:
    """Return ``(H - I - 1)/log2 K``, the relaxed floor of P_e for a source of entropy H."""
    return (source_entropy - mi_bits - 1) / log2(n_cells)


def relaxed_fano() -> sp.Ge:
    """Return (20), ``P_e >= 1 - (I + 1)/log2 K``, for a source uniform on the K cells."""
    return sp.Ge(outage, 1 - (mi_bits + 1) / log2(n_cells))


def proof_of_fano() -> Proof:
    """Derive (19): the entropy left after an output, split into hit or miss and which miss.

    Written for three cells; further ones split off in the same way, one by one.

    Returns:
        The steps.
    """
    p, u, share = sp.symbols("p u w", positive=True)
    posterior = (1 - outage, outage * share, outage * (1 - share))
    return (
        Step(
            "entropy of the cell given an output: hit or miss, then which of the others",
            sum((-p * log2(p) for p in posterior), sp.Integer(0)),
            binary_entropy(outage) + outage * binary_entropy(share),
            simplify=expand_logarithms,
        ),
        Step(
            "which other: even shares leave the most, what they leave more is a divergence",
            log2(sp.Integer(2)) - binary_entropy(share),
            binary_divergence(share, sp.Rational(1, 2)),
            simplify=factor_logarithms,
        ),
        Step(
            "h is concave (here at p = u/(1 + u)): averaging over outputs raises the right side",
            -sp.diff(binary_entropy(p), p, 2).subs(p, u / (1 + u)),
            sp.Integer(0),
            ">=",
            sp.factor,
        ),
    )


def proof_of_relaxation() -> Proof:
    """Derive (20) from (19) with H(X) = log2 K.

    Returns:
        The steps.
    """
    half = sp.Rational(1, 2)
    p = sp.Symbol("p", positive=True)
    slope = sp.diff(binary_entropy(p), p)
    return (
        Step(
            "h is at most h(1/2) = 1 bit",
            binary_entropy(half),
            sp.Integer(1),
            simplify=sp.simplify,
        ),
        Step("where its slope is 0", slope.subs(p, half), sp.Integer(0)),
        Step(
            "log2 K - I <= 1 + P_e log2 K, solved for P_e, is (20)",
            relaxed_floor(log2(n_cells)),
            1 - (mi_bits + 1) / log2(n_cells),
        ),
    )


def proof_of_divergence_form() -> Proof:
    """Show that (19) with H(X) = log2 K reads ``d2(1 - P_e, 1/K) <= I``.

    Returns:
        The steps.
    """
    return (
        Step(
            "log2 K - h(P_e) - P_e log2(K - 1) is a binary divergence",
            log2(n_cells) - fano_right_side(),
            binary_divergence(1 - outage, 1 / n_cells),
            simplify=factor_logarithms,
        ),
    )


def erratum_of_uniform_source() -> Proof:
    """Show that (20) needs a source uniform on the K cells, which (19) does not say.

    A source that meets only M of K = 2 (1 + s) M cells, evenly, and a decoder without error:
    I = H(X) = log2 M and P_e = 0.

    Returns:
        The steps.
    """
    met, slack = sp.symbols("M s", positive=True)
    case = {n_cells: 2 * (1 + slack) * met, mi_bits: log2(met)}
    claimed = (1 - (mi_bits + 1) / log2(n_cells)).subs(case)
    return (
        Step(
            "(20) as printed claims errors where there are none",
            claimed * log2(n_cells).subs(case),
            log2(1 + slack),
            simplify=factor_logarithms,
        ),
        Step(
            "with s = 1, M = 4: at least one point in four, which is not 0",
            claimed.subs({slack: 1, met: 4}),
            sp.Integer(0),
            "!=",
            sp.simplify,
        ),
        Step(
            "with H(X) in place of log2 K it claims a negative floor, which is true",
            -relaxed_floor(log2(met)).subs(case) * log2(n_cells).subs(case),
            sp.Integer(1),
            simplify=factor_logarithms,
        ),
    )
