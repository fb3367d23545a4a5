"""Equations (12), (13), (14): the flow from noise to data, and Euler's steps along it."""

import sympy as sp

from jscgc_theory.derivations.simplifications import integrate
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.straight_path import path_point
from jscgc_theory.derivations.symbols import n_steps, network, t, velocity, x_0, x_T, x_t, y_hat
from jscgc_theory.derivations.velocity_loss import learned_posterior_mean

_path = sp.Function("x")
_v = sp.Function("v")
_generated = sp.Symbol(r"\hat{x}", real=True)
_first_variance, _slope = sp.symbols("V_T A", positive=True)


def flow() -> sp.Eq:
    """Return (12), ``dx_t/dt = v/T``."""
    return sp.Eq(sp.Derivative(_path(t), t), velocity / n_steps)


def data_from_flow() -> sp.Eq:
    """Return (13), ``x_0 = x_T + (1/T) int_T^0 v dt``."""
    return sp.Eq(x_0, x_T + sp.Integral(_v(t), (t, n_steps, 0)) / n_steps)


def sampler() -> sp.Eq:
    """Return (14), ``x_hat = x_T + (1/T) int_T^0 nu_theta(x_t, t, y_hat) dt``."""
    along = network(_path(t), t, y_hat)
    return sp.Eq(_generated, x_T + sp.Integral(along, (t, n_steps, 0)) / n_steps)


def euler_step(step: sp.Expr) -> sp.Expr:
    """Return the point one Euler step of (14) nearer to the data, ``x_t - (step/T) nu_theta``."""
    return x_t - step / n_steps * network(x_t, t, y_hat)


def euler_gain(n_euler_steps: int) -> sp.Expr:
    """Return by what Euler's steps multiply the noise if all data are 0.

    Then the field is ``v(x_t, t) = (T/t) x_t`` and a step from t multiplies by 1 - step/t: the
    last one, from t = step, lands on the data.
    """
    step = n_steps / n_euler_steps
    times = [n_steps - k * step for k in range(n_euler_steps)]
    return sp.prod([1 - step / time for time in times])


def proof_of_flow() -> Proof:
    """Derive (12) and (13) on the straight path, where v = x_T - x_0 does not change.

    Returns:
        The steps.
    """
    here = path_point(t)
    true_velocity = x_T - x_0
    return (
        Step("(12): the derivative of the path", sp.diff(here, t), true_velocity / n_steps),
        Step(
            "(13): from noise back to data",
            x_T + sp.Integral(true_velocity, (t, n_steps, 0)) / n_steps,
            x_0,
            simplify=integrate,
        ),
    )


def proof_of_euler_steps() -> Proof:
    """Show what Euler's method makes of (14).

    Returns:
        The steps.
    """
    exact = path_point(t)
    return (
        Step(
            "a step of length 1 is the posterior mean (9)",
            euler_step(sp.Integer(1)),
            learned_posterior_mean().rhs,
        ),
        Step(
            "with the straight path's own velocity a step makes no error",
            exact - (x_T - x_0) / n_steps,
            path_point(t - 1),
        ),
        Step("data at one point are reached whatever the steps", euler_gain(9), sp.Integer(0)),
    )
