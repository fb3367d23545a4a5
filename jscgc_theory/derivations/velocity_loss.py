"""Equations (3), (9), (10): from the divergence of posteriors to the loss on velocities."""

import sympy as sp

from jscgc_theory.derivations.gaussian_posterior import (
    deviation,
    divergence_of_posteriors,
    learned_mean,
    true_mean,
)
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.straight_path import posterior_mean
from jscgc_theory.derivations.symbols import (
    expectation,
    loss,
    n_steps,
    predicted_velocity,
    velocity,
    x_0,
    x_T,
    x_t,
)


def velocity_loss() -> sp.Eq:
    """Return (3) and (10), ``L = E |(x_T - x_0) - nu_theta(x_t, t, y_hat)|^2``."""
    return sp.Eq(loss, expectation((x_T - x_0 - predicted_velocity) ** 2))


def learned_posterior_mean() -> sp.Eq:
    """Return (9), ``mu_theta = x_t - nu_theta(x_t, t, y_hat)/T``."""
    return sp.Eq(learned_mean, x_t - predicted_velocity / n_steps)


def proof_of_velocity_loss() -> Proof:
    """Derive (10) from (7), (8) and (9): each posterior term is a squared velocity error.

    Returns:
        The steps.
    """
    means = {true_mean: posterior_mean().rhs, learned_mean: learned_posterior_mean().rhs}
    term = divergence_of_posteriors().rhs.subs(means)
    weight = 1 / (2 * deviation**2 * n_steps**2)
    squared_error = (x_T - x_0 - predicted_velocity) ** 2
    return (
        Step(
            "(7) with (8) and (9)",
            term,
            weight * (velocity - predicted_velocity) ** 2,
        ),
        Step(
            "with v = x_T - x_0; the weight is free of t, so dropping it keeps the minimum",
            term.subs(velocity, x_T - x_0),
            weight * squared_error,
        ),
        Step("which is the integrand of (10)", velocity_loss().rhs.args[0], squared_error),
    )


def proof_of_best_field() -> Proof:
    """Show that the loss is least for the conditional mean of the velocity.

    Returns:
        The steps.
    """
    mean, variance, field = sp.symbols("m V nu", real=True)
    second_moment = mean**2 + variance
    mean_loss = second_moment - 2 * mean * field + field**2
    return (
        Step(
            "given (x_t, y_hat) the loss is variance plus squared distance to the mean",
            mean_loss,
            variance + (field - mean) ** 2,
        ),
        Step("least at the mean", sp.diff(mean_loss, field).subs(field, mean), sp.Integer(0)),
    )
