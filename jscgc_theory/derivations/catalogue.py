"""Everything derived here by name: the paper's equations by number, and the proofs."""

from collections.abc import Callable

import sympy as sp

from jscgc_theory.derivations import fano, manifold_covering, radius_bound
from jscgc_theory.derivations.gibbs_inequality import (
    proof_of_gibbs_inequality,
    proof_of_log_sum_inequality,
)
from jscgc_theory.derivations.step import Proof

_EQUATIONS: dict[int, Callable[[], sp.Basic]] = {
    15: manifold_covering.lemma_1,
    18: radius_bound.theorem_1,
    19: fano.fano_inequality,
    20: fano.relaxed_fano,
    21: radius_bound.most_cells,
    22: radius_bound.least_radius,
}

_PROOFS: dict[str, Callable[[], Proof]] = {
    "Gibbs' inequality": proof_of_gibbs_inequality,
    "log-sum inequality": proof_of_log_sum_inequality,
    "(15) Lemma 1": manifold_covering.proof_of_lemma_1,
    "(18), (21), (22) Theorem 1": radius_bound.proof_of_theorem_1,
    "(19) Fano": fano.proof_of_fano,
    "(19) as a divergence": fano.proof_of_divergence_form,
    "(20) relaxed Fano": fano.proof_of_relaxation,
}

_ERRATA: dict[str, Callable[[], Proof]] = {
    "(15): the limit does not give the power law": manifold_covering.erratum_of_power_law,
    "Lemma 1: no cover by disjoint balls": manifold_covering.erratum_of_disjoint_cover,
    "(18): loose by 2^(1/d)": radius_bound.proof_of_looseness,
    "(20): uniform source only": fano.erratum_of_uniform_source,
    "Corollary 1: a lower bound": radius_bound.proof_of_monotonicity,
}


def equations() -> dict[int, Callable[[], sp.Basic]]:
    """Return the equations of the JSCGC paper by number; each function returns a relation.

    >>> equations()[21]()
    K <= 2**(I + 1)
    """
    return dict(_EQUATIONS)


def proofs() -> dict[str, Callable[[], Proof]]:
    """Return the derivations by what they prove.

    >>> all(step.holds() for step in proofs()["(18), (21), (22) Theorem 1"]())
    True
    """
    return dict(_PROOFS)


def errata() -> dict[str, Callable[[], Proof]]:
    """Return the proofs that something must be read otherwise than printed.

    >>> all(step.holds() for step in errata()["(18): loose by 2^(1/d)"]())
    True
    """
    return dict(_ERRATA)
