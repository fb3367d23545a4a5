"""Mutual information from velocity fields, exact on Gaussian data; one coordinate, nats."""

import sympy as sp

from jscgc_theory.derivations.diffusion_divergence import field_error
from jscgc_theory.derivations.gaussian_path import DATA, GaussianData, tau
from jscgc_theory.derivations.simplifications import (
    evaluate,
    expand_logarithms,
    factor_logarithms,
)
from jscgc_theory.derivations.step import Proof, Step

snr = sp.Symbol("snr", positive=True)
SOURCE = GaussianData(sp.Integer(0), sp.Integer(1))
"""X, N(0, 1)."""
received = sp.Symbol("y", real=True)
POSTERIOR = GaussianData(snr / (1 + snr) * received, 1 / sp.sqrt(1 + snr))
"""X given Y_hat = y, which is X plus noise of variance 1/snr."""


def gaussian_mi_nats() -> sp.Expr:
    """Return ``I = ln(1 + snr)/2``."""
    return sp.log(1 + snr) / 2


def loss_integral(data: GaussianData) -> sp.Expr:
    """Return ``int_tau^1 ((1-u)/u) loss(u) du = ln(V(tau)/tau^2)/2``, V the variance of x_t.

    It is I(X; x_t), the information of the noisy point on the data.
    """
    return sp.log(data.path_variance() / tau**2) / 2


def mean_field_gap() -> sp.Expr:
    """Return E|v(x_t, y_hat) - v(x_t)|^2 over x_t and y_hat for the Gaussian source."""
    return _gap_by_variances(POSTERIOR.path_variance(), SOURCE.path_variance())


def proof_of_loss_gap() -> Proof:
    """Show ``I = int_0^1 ((1-tau)/tau) (loss without y_hat - loss with it) dtau``.

    Returns:
        The steps.
    """
    difference = loss_integral(SOURCE) - loss_integral(POSTERIOR)
    return (
        Step(
            "the weighted loss is the derivative of I(X; x_t)",
            -sp.diff(loss_integral(DATA), tau),
            (1 - tau) / tau * DATA.least_loss(),
            simplify=sp.cancel,
        ),
        Step("nothing is left at the noise", loss_integral(DATA).subs(tau, 1), sp.Integer(0)),
        Step(
            "at the data the two integrals differ by I",
            expand_logarithms(difference).subs(tau, 0),
            gaussian_mi_nats(),
            simplify=factor_logarithms,
        ),
    )


def proof_of_velocity_gap() -> Proof:
    """Show ``I = int_0^1 ((1-tau)/tau) E|v(x_t, y_hat) - v(x_t)|^2 dtau``.

    Returns:
        The steps.
    """
    return (*_mean_gap_of_fields(), *_gap_of_losses())


def _mean_gap_of_fields() -> Proof:
    conditional, total = sp.symbols("V_c V_u", positive=True)
    given_y = field_error(POSTERIOR, SOURCE)
    slope_gap = tau / (1 - tau) * (1 / conditional - 1 / total)
    # The mean of x_t given y_hat varies by what the variance loses.
    at_means = (tau / ((1 - tau) * total)) ** 2 * (total - conditional)
    return (
        Step(
            "variance of y_hat: what X given y_hat has less, its mean varies",
            SOURCE.path_variance() - POSTERIOR.path_variance(),
            (POSTERIOR.path_mean() / received) ** 2 * (1 + snr) / snr,
            simplify=sp.cancel,
        ),
        Step(
            "squared gap of the fields: of their slopes, and of their values at the mean",
            slope_gap**2 * conditional + at_means,
            _gap_by_variances(conditional, total),
            simplify=sp.cancel,
        ),
        Step(
            "for one y_hat, at its mean square 1 + 1/snr, it is the field error of Proposition 3",
            given_y.subs({snr: 2, received: sp.sqrt(sp.Rational(3, 2))}),
            mean_field_gap().subs(snr, 2),
            simplify=sp.cancel,
        ),
    )


def _gap_of_losses() -> Proof:
    conditional, total = sp.symbols("V_c V_u", positive=True)
    losses = [(1 - tau**2 / variance) / (1 - tau) ** 2 for variance in (total, conditional)]
    return (
        Step(
            "the loss by the variance of x_t",
            DATA.least_loss(),
            (1 - tau**2 / DATA.path_variance()) / (1 - tau) ** 2,
            simplify=sp.cancel,
        ),
        Step(
            "so the squared gap of the fields is the gap of their losses, at each tau",
            _gap_by_variances(conditional, total),
            losses[0] - losses[1],
            simplify=sp.cancel,
        ),
    )


def proof_of_dimension_and_entropy() -> Proof:
    """Show how the loss near the data tells d and the differential entropy.

    Returns:
        The steps.
    """
    regular = sp.log(DATA.path_variance()) / 2 - sp.log(1 - tau)
    return (
        Step(
            "(1 - tau)^2 loss -> d = 1",
            sp.Limit((1 - tau) ** 2 * DATA.least_loss(), tau, 0, dir="+"),
            sp.Integer(1),
            simplify=evaluate,
        ),
        Step(
            "the loss integral less d ln((1 - tau)/tau)",
            loss_integral(DATA) - sp.log((1 - tau) / tau),
            regular,
            simplify=expand_logarithms,
        ),
        Step(
            "tends, with (d/2) ln(2 pi e), to the differential entropy of N(m, s^2)",
            regular.subs(tau, 0) + sp.log(2 * sp.pi * sp.E) / 2,
            sp.log(2 * sp.pi * sp.E * DATA.deviation**2) / 2,
            simplify=expand_logarithms,
        ),
    )


def _gap_by_variances(conditional: sp.Expr, total: sp.Expr) -> sp.Expr:
    return (tau / (1 - tau)) ** 2 * (1 / conditional - 1 / total)
