"""Bound R1: Fano's inequality at a finite outage, with the power law."""

import sympy as sp

from jscgc_theory.derivations.binary_divergence import binary_entropy
from jscgc_theory.derivations.manifold_covering import power_law_count
from jscgc_theory.derivations.radius_bound import delta_star, vanishing_outage_radius
from jscgc_theory.derivations.simplifications import evaluate, expand_logarithms, merge_powers
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import (
    geometric_constant,
    intrinsic_dim,
    log2,
    mi_bits,
    n_cells,
    outage,
    radius,
)

_entropy = sp.Symbol("h", nonnegative=True)


def finite_outage_radius() -> sp.Expr:
    """Return R1, ``C^(1/d) 2^(-(I + h(P_e))/((1 - P_e) d))``, in data units."""
    return _radius(binary_entropy(outage))


def finite_outage_fano() -> sp.Ge:
    """Return R1 as a relation, ``r >= C^(1/d) 2^(-(I + h(P_e))/((1 - P_e) d))``."""
    return sp.Ge(radius, finite_outage_radius())


def proof_of_finite_outage_fano() -> Proof:
    """Derive R1 from (19), and compare it with (20).

    Returns:
        The steps.
    """
    log_ratio = sp.log(n_cells) - sp.log(n_cells - 1)
    one_bit = (mi_bits + 1) / (1 - outage)
    count_at_r1 = power_law_count().subs(radius, _radius(_entropy))
    return (
        Step(
            "(19) has P_e log2(K - 1) below P_e log2 K: it implies (1 - P_e) log2 K <= I + h",
            log2(n_cells) - _entropy - outage * log2(n_cells - 1),
            (1 - outage) * log2(n_cells) - _entropy + outage * log_ratio / sp.log(2),
        ),
        Step(
            "at R1 the power law counts 2^((I + h)/(1 - P_e)) cells",
            log2(count_at_r1),
            (mi_bits + _entropy) / (1 - outage),
            simplify=lambda gap: sp.cancel(expand_logarithms(gap)),
        ),
        Step(
            "with h = 1 bit, (20) puts 1 - (I + 1)/log2 K = P_e exactly there",
            1 - (mi_bits + 1) / one_bit,
            outage,
            simplify=sp.cancel,
        ),
    )


def proof_of_limits() -> Proof:
    """Show what R1 becomes as P_e -> 0, and at P_e = 1/2.

    Returns:
        The steps.
    """
    return (
        Step(
            "P_e -> 0 with h -> 0 gives (C 2^-I)^(1/d)",
            _radius(sp.Integer(0)).subs(outage, 0),
            vanishing_outage_radius(),
            simplify=merge_powers,
        ),
        Step(
            "and h(P_e), here in nats, does vanish",
            sp.Limit(sp.expand(binary_entropy(outage) * sp.log(2)), outage, 0, dir="+"),
            sp.Integer(0),
            simplify=evaluate,
        ),
        Step(
            "P_e -> 0 with h -> 1 gives (18)",
            _radius(sp.Integer(1)).subs(outage, 0),
            delta_star(),
            simplify=merge_powers,
        ),
        Step(
            "at P_e = 1/2, R1 is (I + 1)/d octaves below (18)",
            log2(delta_star()) - log2(finite_outage_radius().subs(outage, sp.Rational(1, 2))),
            (mi_bits + 1) / intrinsic_dim,
            simplify=expand_logarithms,
        ),
    )


def _radius(entropy: sp.Expr) -> sp.Expr:
    exponent = -(mi_bits + entropy) / ((1 - outage) * intrinsic_dim)
    return geometric_constant ** (1 / intrinsic_dim) * 2**exponent
