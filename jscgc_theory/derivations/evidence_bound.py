"""Equation (4): the evidence bound on H(X | Y_hat) and its terms."""

import sympy as sp

from jscgc_theory.derivations.gibbs_inequality import tangent_gap
from jscgc_theory.derivations.simplifications import expand_logarithms
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import divergence, expectation, n_steps, t, y_hat

_N_STEPS_OF_PROOF = 4
_at = sp.IndexedBase("x")
_p, _q = sp.Function("p"), sp.Function(r"q_{\theta}")
_entropy = sp.Symbol(r"H(X|\hat{Y})")


def evidence_bound() -> sp.Le:
    """Return (4), ``H(X|Y_hat) <= E[reconstruction + prior + sum over t of posterior terms]``.

    Conditions stand among the arguments: ``p(x_T, x_0)`` is the law of x_T given x_0.
    """
    reconstruction = -sp.log(_q(_at[0], _at[1], y_hat))
    prior = divergence(_p(_at[n_steps], _at[0]), _p(_at[n_steps]))
    posterior = divergence(_p(_at[t - 1], _at[t], _at[0], y_hat), _q(_at[t - 1], _at[t], y_hat))
    terms = reconstruction + prior + sp.Sum(posterior, (t, 2, n_steps))
    return sp.Le(_entropy, expectation(terms))


def proof_of_evidence_bound() -> Proof:
    """Derive (4) with four steps of the path: two uses of Gibbs' inequality and one of logarithms.

    p_t, q_t stand for p(x_{t-1} | x_t, x_0) and q_theta(x_{t-1} | x_t, y_hat); p_T and m_T for
    p(x_T | x_0) and p(x_T).

    Returns:
        The steps.
    """
    times = range(2, _N_STEPS_OF_PROOF + 1)
    p = {k: sp.Symbol(f"p_{k}", positive=True) for k in times}
    q = {k: sp.Symbol(f"q_{k}", positive=True) for k in times}
    reconstruction, p_end, m_end = sp.symbols("q_1 p_T m_T", positive=True)
    model_path = m_end * sp.prod(q.values()) * reconstruction
    true_path = p_end * sp.prod(p.values())
    terms = [sp.log(p[k] / q[k]) for k in times]
    marginal, truth, posterior = (
        sp.Symbol(name, positive=True) for name in ("q(x_0)", "p(x_0)", "q(x_{1:T}|x_0)")
    )
    return (
        Step(
            "first: E[-log q] exceeds H by a divergence, E[-log(q/p)] >= E[1 - q/p] = 0",
            -sp.log(marginal) + sp.log(truth) - (1 - marginal / truth),
            tangent_gap(marginal / truth),
            simplify=expand_logarithms,
        ),
        Step(
            "second: the path adds the divergence of the two laws of x_{1:T}, at least 0 as well",
            -sp.log(marginal * posterior / true_path),
            -sp.log(marginal) + sp.log(true_path / posterior),
            simplify=expand_logarithms,
        ),
        Step(
            "both laws of the path factor backwards in time, which gives the three terms",
            -sp.log(model_path / true_path),
            -sp.log(reconstruction) + sp.log(p_end / m_end) + sum(terms, sp.Integer(0)),
            simplify=expand_logarithms,
        ),
    )
