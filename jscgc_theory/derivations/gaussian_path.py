"""The path of Gaussian data, its best velocity field, and Proposition 2 of the journal version.

One coordinate; tau = t/T. The data are N(m, s^2), conditioned on y_hat or not.
"""

from typing import NamedTuple

import sympy as sp

from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import n_steps, t

tau = sp.Symbol("tau", positive=True)
x = sp.Symbol("x", real=True)
_score = sp.Symbol(r"{\nabla\log p_t(x_t)}", real=True)
_best = sp.Symbol(r"\nu^*", real=True)


class GaussianData(NamedTuple):
    """Data of the law N(m, s^2)."""

    mean: sp.Expr
    """m."""
    deviation: sp.Expr
    """s, positive."""

    def path_mean(self) -> sp.Expr:
        """Return the mean of x_t, ``(1 - tau) m``."""
        return (1 - tau) * self.mean

    def path_variance(self) -> sp.Expr:
        """Return the variance of x_t, ``(1 - tau)^2 s^2 + tau^2``."""
        return (1 - tau) ** 2 * self.deviation**2 + tau**2

    def score(self) -> sp.Expr:
        """Return the slope of the log density of x_t at x."""
        return -(x - self.path_mean()) / self.path_variance()

    def field_slope(self) -> sp.Expr:
        """Return the slope of the best field in x, ``(tau - (1 - tau) s^2)/variance``."""
        return (tau - (1 - tau) * self.deviation**2) / self.path_variance()

    def best_field(self) -> sp.Expr:
        """Return ``E[x_T - x_0 | x_t = x]``, by regression of the velocity on x_t."""
        return -self.mean + self.field_slope() * (x - self.path_mean())

    def least_loss(self) -> sp.Expr:
        """Return the loss (10) of the best field, the variance of the velocity given x_t."""
        return self.deviation**2 / self.path_variance()


DATA = GaussianData(sp.Symbol("m", real=True), sp.Symbol("s", positive=True))
OTHER_DATA = GaussianData(sp.Symbol("mu", real=True), sp.Symbol("s_q", positive=True))


def best_velocity() -> sp.Eq:
    """Return Proposition 2, ``nu* = -(t grad log p_t + T x_t)/(T - t)``.

    References:
        Journal version (arXiv 2606.12858), Proposition 2.
    """
    return sp.Eq(_best, -(t * _score + n_steps * x) / (n_steps - t))


def score_from_velocity(field: sp.Expr) -> sp.Expr:
    """Return the score of which a field would be the best one, ``-((T - t) nu + T x)/t``."""
    return -((n_steps - t) * field + n_steps * x) / t


def proof_of_best_velocity() -> Proof:
    """Derive Proposition 2 for any data, by Tweedie's formula.

    Returns:
        The steps.
    """
    noise_mean, data, share = sp.symbols(r"\bar{n} x_0 w", real=True)
    kernel = -((x - (1 - share) * data) ** 2) / (2 * share**2)
    data_mean = (x - share * noise_mean) / (1 - share)
    at_share = {share: t / n_steps}
    return (
        Step(
            "slope of the kernel's logarithm: minus the noise over its deviation w = t/T",
            sp.diff(kernel, x).subs(x, (1 - share) * data + share * noise_mean),
            -noise_mean / share,
        ),
        Step(
            "x = (1 - w) E[x_0] + w E[n] gives the mean velocity E[n] - E[x_0]",
            noise_mean - data_mean,
            (noise_mean - x) / (1 - share),
            simplify=sp.cancel,
        ),
        Step(
            "with E[n] = -w score this is Proposition 2",
            ((noise_mean - x) / (1 - share)).subs(noise_mean, -share * _score).subs(at_share),
            best_velocity().rhs,
            simplify=sp.cancel,
        ),
        Step(
            "solved for the score",
            best_velocity().rhs.subs(_score, score_from_velocity(_best)),
            _best,
            simplify=sp.cancel,
        ),
    )


def proof_of_gaussian_field() -> Proof:
    """Show Proposition 2 on Gaussian data, where regression gives the field by another way.

    Returns:
        The steps.
    """
    from_score = -(tau * DATA.score() + x) / (1 - tau)
    covariance = sp.Matrix([[1, -1], [tau, 1 - tau]])
    joint = covariance * sp.diag(1, DATA.deviation**2) * covariance.T
    return (
        Step("variance of x_t", joint[1, 1], DATA.path_variance()),
        Step(
            "slope of the regression of the velocity on x_t",
            joint[0, 1] / joint[1, 1],
            DATA.field_slope(),
            simplify=sp.cancel,
        ),
        Step(
            "variance of the velocity given x_t",
            joint.det() / joint[1, 1],
            DATA.least_loss(),
            simplify=sp.cancel,
        ),
        Step(
            "the field of Proposition 2 is the regression",
            from_score,
            DATA.best_field(),
            simplify=sp.cancel,
        ),
    )


def proof_of_gaussian_flow() -> Proof:
    """Show that the flow with the best field carries x_T to the data's law.

    x_t = mean + (deviation of x_t) x_T: the noise N(0, 1) becomes N(m, s^2).

    Returns:
        The steps.
    """
    start = sp.Symbol("x_T", real=True)
    solution = DATA.path_mean() + sp.sqrt(DATA.path_variance()) * start
    return (
        Step("it starts at the noise", solution.subs(tau, 1), start),
        Step(
            "it obeys (12)",
            sp.diff(solution, tau),
            DATA.best_field().subs(x, solution),
            simplify=sp.simplify,
        ),
        Step("it ends at the data", solution.subs(tau, 0), DATA.mean + DATA.deviation * start),
    )
