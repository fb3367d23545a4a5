"""Proposition 3 of the journal version: the divergence of what a reversed diffusion generates.

Exact on Gaussian data; one coordinate, tau = t/T, nats.
"""

import sympy as sp

from jscgc_theory.derivations.forward_diffusion import divergence_weight
from jscgc_theory.derivations.gaussian_path import DATA, OTHER_DATA, GaussianData, tau, x
from jscgc_theory.derivations.simplifications import expand_logarithms
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import divergence, expectation, n_steps, t

_p, _q = sp.symbols("p q")
_best, _learned = sp.symbols(r"\nu^* \nu", real=True)


def diffusion_bound() -> sp.Le:
    """Return Proposition 3, ``KL(p, q) <= int_0^T ((T-t)/(T t)) E|nu* - nu|^2 dt``.

    References:
        Journal version (arXiv 2606.12858), Proposition 3.
    """
    squared = expectation((_best - _learned) ** 2)
    return sp.Le(divergence(_p, _q), sp.Integral(divergence_weight() * squared, (t, 0, n_steps)))


def gaussian_divergence(true: GaussianData, other: GaussianData) -> sp.Expr:
    """Return KL between the laws of x_t of two Gaussian data, in nats; at tau = 0 of the data."""
    return normal_divergence(
        true.path_mean() - other.path_mean(), true.path_variance(), other.path_variance()
    )


def normal_divergence(mean_gap: sp.Expr, true: sp.Expr, other: sp.Expr) -> sp.Expr:
    """Return KL of two normal laws by the gap of their means and their variances, in nats."""
    return (sp.log(other) - sp.log(true) + (true + mean_gap**2) / other - 1) / 2


def field_error(true: GaussianData, other: GaussianData) -> sp.Expr:
    """Return E|nu* - nu|^2 if the learned field is the best one of other data."""
    slope_gap = true.field_slope() - other.field_slope()
    at_mean = (true.best_field() - other.best_field()).subs(x, true.path_mean())
    return slope_gap**2 * true.path_variance() + at_mean**2


def proof_of_diffusion_bound() -> Proof:
    """Show Proposition 3 on Gaussian data: it holds with equality if nu is a best field.

    Both diffusions then reverse one forward diffusion, so the divergence of paths is that of data.

    Returns:
        The steps.
    """
    along = gaussian_divergence(DATA, OTHER_DATA)
    at_data = normal_divergence(
        DATA.mean - OTHER_DATA.mean, DATA.deviation**2, OTHER_DATA.deviation**2
    )
    return (
        *_gaussian_rates(),
        _fall_of_divergence(),
        Step("it is 0 at the noise", along.subs(tau, 1), sp.Integer(0)),
        Step("and KL(p, q) at the data", along.subs(tau, 0), at_data, simplify=expand_logarithms),
        Step(
            "the weight in tau is the one of the mutual information, (1 - tau)/tau",
            n_steps * divergence_weight().subs(t, tau * n_steps),
            (1 - tau) / tau,
            simplify=sp.cancel,
        ),
    )


def _gaussian_rates() -> Proof:
    """Write slope, variance's derivative and error at the mean by the variance alone."""
    variance = DATA.path_variance()
    gap = DATA.path_mean() - OTHER_DATA.path_mean()
    at_mean = (DATA.best_field() - OTHER_DATA.best_field()).subs(x, DATA.path_mean())
    return (
        Step(
            "the variance of x_t changes at the rate 2 (tau - V)/(1 - tau)",
            sp.diff(variance, tau),
            2 * (tau - variance) / (1 - tau),
            simplify=sp.cancel,
        ),
        Step(
            "the field's slope is half of that over V",
            DATA.field_slope(),
            _slope_by_variance(variance),
            simplify=sp.cancel,
        ),
        Step(
            "at the mean of p the fields differ by the gap of means times -tau/((1 - tau) V_q)",
            at_mean,
            -gap * tau / ((1 - tau) * OTHER_DATA.path_variance()),
            simplify=sp.cancel,
        ),
    )


def _fall_of_divergence() -> Step:
    gap = sp.Symbol("g", real=True)
    variances = sp.symbols("V_p V_q", positive=True)
    kl = normal_divergence(gap, *variances)
    fall = sp.diff(kl, gap) * gap / (1 - tau) - sum(
        sp.diff(kl, variance) * 2 * (tau - variance) / (1 - tau) for variance in variances
    )
    slope_gap = _slope_by_variance(variances[0]) - _slope_by_variance(variances[1])
    at_mean = gap * tau / ((1 - tau) * variances[1])
    return Step(
        "so the divergence of the laws of x_t falls at the rate of the integrand",
        fall,
        (1 - tau) / tau * (slope_gap**2 * variances[0] + at_mean**2),
        simplify=sp.cancel,
    )


def _slope_by_variance(variance: sp.Expr) -> sp.Expr:
    return (tau - variance) / ((1 - tau) * variance)
