"""Proposition 4 of the journal version: the divergence of what the flow generates.

Exact on Gaussian laws and affine fields; one coordinate, tau = t/T, nats.
"""

import sympy as sp

from jscgc_theory.derivations.diffusion_divergence import normal_divergence
from jscgc_theory.derivations.forward_diffusion import divergence_weight
from jscgc_theory.derivations.gaussian_path import (
    DATA,
    GaussianData,
    score_from_velocity,
    tau,
    x,
)
from jscgc_theory.derivations.simplifications import (
    evaluate,
    evaluate_asinh,
    expand_logarithms,
    integrate,
)
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import divergence, expectation, n_steps, t

bias = sp.Symbol("c", positive=True)
"""A constant error of the learned field."""
_p, _q = sp.symbols("p q")
_best, _learned, _remainder = sp.symbols(r"\nu^* \nu r", real=True)
_cut = sp.Symbol("epsilon", positive=True)


def flow_bound() -> sp.Le:
    """Return Proposition 4, that of the flow: Proposition 3's and ``(1/T) E[(nu* - nu) r]``.

    ``r = grad log q_t + ((T-t)/t) nu + (T/t) x``, 0 if nu is the best field of q.

    References:
        Journal version (arXiv 2606.12858), Proposition 4.
    """
    gap = _best - _learned
    integrand = divergence_weight() * expectation(gap**2) + expectation(gap * _remainder) / n_steps
    return sp.Le(divergence(_p, _q), sp.Integral(integrand, (t, 0, n_steps)))


def biased_divergence() -> sp.Expr:
    """Return KL(p, q) of the flow if the field of N(m, 1) is learned with a bias c.

    ``c^2 asinh(1)^2``, in nats.
    """
    return (bias * sp.asinh(1)) ** 2


def proof_of_flow_bound() -> Proof:
    """Derive Proposition 4 as an equality, on Gaussian laws that any two affine fields carry.

    Returns:
        The steps.
    """
    score_p, score_q = score_from_velocity(_best), sp.Symbol(r"{\nabla\log q_t(x_t)}", real=True)
    remainder = score_q + (n_steps - t) / t * _learned + n_steps / t * x
    gap = _best - _learned
    return (
        *_divergence_along_affine_flows(),
        Step(
            "with the score of p by Proposition 2 this is the integrand of Proposition 4",
            -gap * (score_p - score_q) / n_steps,
            divergence_weight() * gap**2 + gap * remainder / n_steps,
        ),
        Step(
            "r is 0 where nu is the best field of q",
            remainder.subs(score_q, score_from_velocity(_learned)),
            sp.Integer(0),
        ),
    )


def proof_of_biased_field() -> Proof:
    """Solve a case with r not 0: the best field of N(m, 1) with a constant bias c.

    Returns:
        The steps.
    """
    u = sp.Symbol("u", positive=True)
    variance = GaussianData(DATA.mean, sp.Integer(1)).path_variance()
    antiderivative = sp.asinh(2 * tau - 1) / sp.sqrt(2)
    shift = -bias * sp.sqrt(variance) * (antiderivative.subs(tau, 1) - antiderivative)
    slope = sp.diff(variance, tau) / (2 * variance)
    return (
        Step(
            "the generated point is shifted by e, with de/dtau = A e + c",
            sp.diff(shift, tau),
            slope * shift + bias,
            simplify=sp.simplify,
        ),
        Step("and none at the noise", shift.subs(tau, 1), sp.Integer(0)),
        Step(
            "so KL(p, q) = e^2/2 at the data",
            normal_divergence(shift.subs(tau, 0), sp.Integer(1), sp.Integer(1)),
            biased_divergence(),
            simplify=evaluate_asinh,
        ),
        Step(
            "the first term of Proposition 4 alone, cut at t = epsilon T",
            sp.Integral((1 - u) / u * bias**2, (u, _cut, 1)),
            bias**2 * (sp.log(1 / _cut) - 1 + _cut),
            simplify=lambda gap: expand_logarithms(integrate(gap)),
        ),
        Step(
            "grows without limit: only with the cross term is the bound finite",
            1 / sp.Limit(sp.log(1 / _cut) - 1 + _cut, _cut, 0, dir="+"),
            sp.Integer(0),
            simplify=evaluate,
        ),
    )


def _divergence_along_affine_flows() -> Proof:
    """Show d KL(p_t, q_t)/dt = (1/T) E_p[(nu* - nu)(score of p - score of q)], T = 1."""
    variances = sp.symbols("V_p V_q", positive=True)
    means = sp.symbols("m_p m_q", real=True)
    slopes = sp.symbols("A_p A_q", real=True)
    offsets = sp.symbols("b_p b_q", real=True)
    kl = normal_divergence(means[0] - means[1], *variances)
    growth = sum(
        sp.diff(kl, variances[k]) * 2 * slopes[k] * variances[k]
        + sp.diff(kl, means[k]) * (slopes[k] * means[k] + offsets[k])
        for k in range(2)
    )
    fields = [slopes[k] * x + offsets[k] for k in range(2)]
    scores = [-(x - means[k]) / variances[k] for k in range(2)]
    product = sp.Poly(sp.expand((fields[0] - fields[1]) * (scores[0] - scores[1])), x)
    moments = [sp.Integer(1), means[0], means[0] ** 2 + variances[0]]
    mean_product = sum(
        (product.coeff_monomial(x**k) * moments[k] for k in range(3)), sp.Integer(0)
    )
    return (
        Step(
            "along two flows the divergence grows by E[(nu* - nu)(score of p - score of q)]",
            growth,
            mean_product,
            simplify=sp.cancel,
        ),
    )
