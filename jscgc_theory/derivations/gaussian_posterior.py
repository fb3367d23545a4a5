"""Equations (6), (7): the smoothed posterior, the divergence of two, and what smoothing costs."""

import sympy as sp

from jscgc_theory.derivations.simplifications import expand_logarithms, integrate
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.straight_path import previous_point
from jscgc_theory.derivations.symbols import (
    divergence,
    n_steps,
    normal_density,
    t,
    x_0,
    x_t,
)

deviation = sp.Symbol("sigma", positive=True)
true_mean = sp.Symbol(r"\mu", real=True)
learned_mean = sp.Symbol(r"\mu_{\theta}", real=True)
_x = sp.Symbol("x_{t-1}", real=True)
_given = sp.Function("p")(_x, x_t, x_0)


def smoothed_posterior() -> sp.Eq:
    """Return (6), ``p(x_{t-1} | x_t, x_0) = N(((t-1)/t) x_t + (1/t) x_0, sigma^2)``."""
    return sp.Eq(_given, normal_density(_x, previous_point().rhs, deviation**2))


def divergence_of_posteriors() -> sp.Eq:
    """Return (7), ``D_KL = |mu - mu_theta|^2 / (2 sigma^2)`` in nats."""
    pair = divergence(true_mean, learned_mean)
    return sp.Eq(pair, (true_mean - learned_mean) ** 2 / (2 * deviation**2))


def markov_posterior_variance() -> sp.Expr:
    """Return the variance of the posterior in the journal version.

    ``(t-1)^2 (2Tt - 2t^2 + 2t - T) / (T t^2 (T-t+1)^2)``, that of the Markov chain with the
    path's marginals.

    References:
        Journal version (arXiv 2606.12858), appendix A.
    """
    numerator = (t - 1) ** 2 * (2 * n_steps * t - 2 * t**2 + 2 * t - n_steps)
    return numerator / (n_steps * t**2 * (n_steps - t + 1) ** 2)


def proof_of_divergence() -> Proof:
    """Derive (7) from the densities.

    Returns:
        The steps.
    """
    density, other = (normal_density(_x, mean, deviation**2) for mean in (true_mean, learned_mean))
    log_ratio = ((_x - learned_mean) ** 2 - (_x - true_mean) ** 2) / (2 * deviation**2)
    whole_line = (_x, -sp.oo, sp.oo)
    return (
        Step(
            "the normalisations cancel in the logarithm of the ratio",
            sp.log(density / other),
            log_ratio,
            simplify=expand_logarithms,
        ),
        Step(
            "its mean under the first law",
            sp.Integral(density * sp.expand(log_ratio), whole_line),
            divergence_of_posteriors().rhs,
            simplify=integrate,
        ),
    )


def proof_of_markov_variance() -> Proof:
    """Derive the journal's posterior variance from the forward Markov chain.

    Returns:
        The steps.
    """
    shrink = (n_steps - t) / (n_steps - t + 1)
    before = ((t - 1) / n_steps) ** 2
    added = (t / n_steps) ** 2 - shrink**2 * before
    return (
        Step(
            "the chain shrinks the data as the path does",
            shrink * (1 - (t - 1) / n_steps),
            1 - t / n_steps,
            simplify=sp.cancel,
        ),
        Step(
            "precisions add: 1/variance before + shrink^2/variance added",
            1 / (1 / before + shrink**2 / added),
            markov_posterior_variance(),
            simplify=sp.cancel,
        ),
    )


def erratum_of_smoothing() -> Proof:
    """Show what the "vanishingly small" variance of (6) costs.

    Returns:
        The steps.
    """
    noise_share = (t - 1) / t
    spread = noise_share**2 * (t / n_steps) ** 2 + deviation**2
    markov_share = (t - 1) ** 2 * (n_steps - t) / (t**2 * (n_steps - t + 1))
    case = {n_steps: 9, t: 3}
    return (
        Step(
            "a draw of (6) has the path's mean",
            previous_point().rhs.subs(x_t, (1 - t / n_steps) * x_0),
            (1 - (t - 1) / n_steps) * x_0,
        ),
        Step(
            "but sigma^2 more variance than the path at t - 1",
            spread - ((t - 1) / n_steps) ** 2,
            deviation**2,
            simplify=sp.cancel,
        ),
        Step(
            "it is no posterior of a Markov chain, which weighs x_t by less",
            markov_share.subs(case),
            noise_share.subs(case),
            "!=",
        ),
        Step(
            "and the bound (4) grows without limit unless the means agree",
            sp.Limit(1 / divergence_of_posteriors().rhs, deviation, 0, dir="+"),
            sp.Integer(0),
            simplify=integrate,
        ),
    )
