"""Proposition 5 of the journal version: the Wasserstein distance of generated from true data."""

import sympy as sp

from jscgc_theory.derivations.flow_divergence import bias
from jscgc_theory.derivations.gaussian_path import DATA, OTHER_DATA, GaussianData, tau
from jscgc_theory.derivations.simplifications import evaluate_asinh, integrate
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import n_steps, t

_s, _u = sp.symbols("s u", positive=True)
_squared_distance = sp.Symbol("{W_2^2}(p,q)", nonnegative=True)
_lipschitz = sp.Function("L")
_squared_error = sp.Function(r"\mathbb{E}\|\nu^*-\nu\|^2")


def transport_bound() -> sp.Le:
    """Return Proposition 5, ``W2^2 <= int_0^T e^(int_0^s (2L+1)/T) (1/T) E|nu* - nu|^2 ds``.

    L(t) is the Lipschitz constant of the learned field at t.

    References:
        Journal version (arXiv 2606.12858), Proposition 5.
    """
    growth = sp.exp(sp.Integral((2 * _lipschitz(t) + 1) / n_steps, (t, 0, _s)))
    integrand = growth * _squared_error(_s) / n_steps
    return sp.Le(_squared_distance, sp.Integral(integrand, (_s, 0, n_steps)))


def squared_transport(mean_gap: sp.Expr, true: sp.Expr, other: sp.Expr) -> sp.Expr:
    """Return W2^2 of two normal laws, ``(gap of means)^2 + (gap of deviations)^2``."""
    return mean_gap**2 + (true - other) ** 2


def biased_squared_transport() -> sp.Expr:
    """Return W2^2 of the flow if the field of N(m, 1) is learned with a bias c: the shift."""
    return 2 * (bias * sp.asinh(1)) ** 2


def biased_bound() -> sp.Expr:
    """Return Proposition 5's bound there, as integrals over u = t/T.

    The slope's size |A| = |V'|/(2V) integrates to -ln V(u)/2 up to u = 1/2, and from there to
    ln(4 V(u))/2; V(u) = (1-u)^2 + u^2.
    """
    falling = sp.Integral(sp.exp(_u) / _standard_variance(), (_u, 0, sp.Rational(1, 2)))
    return bias**2 * (falling + _rising_half())


def proof_of_transport_bound() -> Proof:
    """Derive Proposition 5 by Gronwall's lemma, both flows started at the same noise.

    D(t) = E|x_t - x'_t|^2 obeys -T dD/dt <= (2 L + 1) D + E|nu* - nu|^2.

    Returns:
        The steps.
    """
    distance, error, growth = sp.symbols("D e G", positive=True)
    rate = sp.Symbol("2L+1", positive=True)
    of_distance, of_growth = -rate * distance - error, rate * growth
    return (
        Step(
            "the field's error enters once: 2 D e is at most D^2 + e^2",
            distance**2 + error**2,
            2 * distance * error,
            ">=",
            sp.factor,
        ),
        Step(
            "with G = exp(int (2L + 1)), e the squared error: (G D)' is -G e at worst",
            of_growth * distance + growth * of_distance,
            -growth * error,
        ),
    )


def proof_of_gaussian_transport() -> Proof:
    """Show that Proposition 5 bounds the Wasserstein distance itself on Gaussian data.

    Returns:
        The steps.
    """
    noise = sp.Symbol("x_T", real=True)
    ends = [
        data.path_mean() + sp.sqrt(data.path_variance()) * noise for data in (DATA, OTHER_DATA)
    ]
    gap = sp.Poly(sp.expand(((ends[0] - ends[1]).subs(tau, 0)) ** 2), noise)
    return (
        Step(
            "both flows from one noise pair the data best: E|x_0 - x'_0|^2 = W2^2",
            gap.coeff_monomial(1) + gap.coeff_monomial(noise**2),
            squared_transport(DATA.mean - OTHER_DATA.mean, DATA.deviation, OTHER_DATA.deviation),
        ),
    )


def proof_of_biased_bound() -> Proof:
    """Solve the half of Proposition 5's bound that has a closed form, for the same field.

    Returns:
        The steps.
    """
    return (
        Step(
            "from u = 1/2 to 1; the other half stays an exponential integral",
            _rising_half(),
            12 * sp.E - 18 * sp.exp(sp.Rational(1, 2)),
            simplify=integrate,
        ),
    )


def proof_of_biased_transport() -> Proof:
    """Solve the case of a constant bias c of the field of N(m, 1).

    Returns:
        The steps.
    """
    standard = GaussianData(DATA.mean, sp.Integer(1))
    slope, variance = standard.field_slope(), standard.path_variance()
    antiderivative = sp.asinh(2 * tau - 1) / sp.sqrt(2)
    return (
        Step(
            "the field's slope is half the logarithmic derivative of the variance",
            slope,
            sp.diff(variance, tau) / (2 * variance),
            simplify=sp.cancel,
        ),
        Step(
            "which falls to tau = 1/2 and then rises",
            slope.subs(tau, sp.Rational(1, 2)),
            sp.Integer(0),
        ),
        Step(
            "the shift by a bias c is c times the integral of V^(-1/2)",
            sp.diff(antiderivative, tau),
            1 / sp.sqrt(variance),
            simplify=sp.simplify,
        ),
        Step(
            "whose square is W2^2",
            (bias * (antiderivative.subs(tau, 1) - antiderivative.subs(tau, 0))) ** 2,
            biased_squared_transport(),
            simplify=evaluate_asinh,
        ),
    )


def _rising_half() -> sp.Expr:
    return sp.Integral(4 * _standard_variance() * sp.exp(_u), (_u, sp.Rational(1, 2), 1))


def _standard_variance() -> sp.Expr:
    return (1 - _u) ** 2 + _u**2
