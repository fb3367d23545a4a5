"""Equations (5) and (8): points of the straight path, its velocity, and the posterior mean."""

import sympy as sp

from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import n_steps, t, velocity, x_0, x_T, x_t

_previous = sp.Symbol("x_{t-1}", real=True)
_mean = sp.Symbol(r"\mu", real=True)


def path_point(time: sp.Expr) -> sp.Expr:
    """Return ``x_t = (1 - t/T) x_0 + (t/T) x_T``."""
    return (1 - time / n_steps) * x_0 + time / n_steps * x_T


def previous_point() -> sp.Eq:
    """Return (5), ``x_{t-1} = ((t-1)/t) x_t + (1/t) x_0``."""
    return sp.Eq(_previous, (t - 1) / t * x_t + x_0 / t)


def velocity_from_point() -> sp.Expr:
    """Return what the velocity of (8) must read, ``v = (T/t)(x_t - x_0)``."""
    return n_steps / t * (x_t - x_0)


def posterior_mean() -> sp.Eq:
    """Return (8), ``mu = ((t-1)/t) x_t + (1/t)(x_t - (t/T) v) = x_t - v/T``."""
    return sp.Eq(_mean, x_t - velocity / n_steps)


def proof_of_previous_point() -> Proof:
    """Derive (5): the point a step nearer to the data lies on the same line.

    Returns:
        The steps.
    """
    here = path_point(t)
    return (
        Step(
            "(5) with x_t of the path is the path at t - 1",
            previous_point().rhs.subs(x_t, here),
            path_point(t - 1),
        ),
    )


def proof_of_posterior_mean() -> Proof:
    """Derive (8) with the velocity as it must read.

    Returns:
        The steps.
    """
    here = path_point(t)
    return (
        Step("v is the velocity x_T - x_0", velocity_from_point().subs(x_t, here), x_T - x_0),
        Step(
            "it is T times the derivative of the path",
            n_steps * sp.diff(here, t),
            x_T - x_0,
        ),
        Step("v gives the data back", x_t - t / n_steps * velocity_from_point(), x_0),
        Step(
            "so the mean of (6), x_0 replaced, is x_t - v/T",
            previous_point().rhs.subs(x_0, x_t - t / n_steps * velocity),
            posterior_mean().rhs,
        ),
    )


def erratum_of_velocity() -> Proof:
    """Show that ``v = (x_t - x_0)/t = x_t - x_0``, as printed above (8), is not the velocity.

    Returns:
        The steps.
    """
    here = path_point(t)
    true = x_T - x_0
    by_time, plain = (here - x_0) / t, here - x_0
    # A path of 9 steps from 0 to 1, at its third: the velocity is 1.
    case = {n_steps: 9, t: 3, x_0: 0, x_T: 1}
    data = x_t - t / n_steps * (x_t - x_0) / t
    return (
        Step("the first form is the velocity over T", by_time, true / n_steps),
        Step("the second is the velocity times t/T", plain, true * t / n_steps),
        Step("in numbers 1/9, not 1", by_time.subs(case), true.subs(case), "!="),
        Step("in numbers 1/3, not 1", plain.subs(case), true.subs(case), "!="),
        Step("and the two differ from each other", by_time.subs(case), plain.subs(case), "!="),
        Step(
            "with the first, the step x_0 = x_t - (t/T) v of (8) misses the data by",
            data - x_0,
            (1 - 1 / n_steps) * (x_t - x_0),
        ),
        Step(
            "with v = (T/t)(x_t - x_0) it does not",
            x_t - t / n_steps * velocity_from_point(),
            x_0,
        ),
    )
