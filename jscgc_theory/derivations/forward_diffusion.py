"""The diffusions with the path's marginals, and their reversals: what Propositions 3 and 4 use."""

import sympy as sp

from jscgc_theory.derivations.gaussian_path import score_from_velocity
from jscgc_theory.derivations.step import Proof, Step
from jscgc_theory.derivations.symbols import n_steps, normal_density, t, x_0

_x = sp.Symbol("x", real=True)
_field = sp.Symbol(r"\nu^*", real=True)


def drift() -> sp.Expr:
    """Return ``f = -x/(T - t)``, the drift of the forward diffusion."""
    return -_x / (n_steps - t)


def squared_diffusion() -> sp.Expr:
    """Return ``g^2 = 2 t/(T (T - t))`` of the forward diffusion."""
    return 2 * t / (n_steps * (n_steps - t))


def reverse_drift(field: sp.Expr) -> sp.Expr:
    """Return ``(2/T) nu - f``, the drift of the reversed diffusion."""
    return 2 * field / n_steps - drift()


def divergence_weight() -> sp.Expr:
    """Return ``2/(g^2 T^2) = (T - t)/(T t)``, the weight of Propositions 3 and 4."""
    return (n_steps - t) / (n_steps * t)


def proof_of_diffusion() -> Proof:
    """Show that the forward diffusion has the path's marginals, and derive its reversals.

    Returns:
        The steps.
    """
    kernel = normal_density(_x, (1 - t / n_steps) * x_0, (t / n_steps) ** 2)
    spreading = squared_diffusion() / 2 * sp.diff(kernel, _x, 2) - sp.diff(drift() * kernel, _x)
    score = score_from_velocity(_field)
    return (
        Step(
            "given x_0 the path's law solves the diffusion's Fokker-Planck equation",
            sp.diff(kernel, t) / kernel,
            spreading / kernel,
            simplify=sp.simplify,
        ),
        Step(
            "reversed diffusion: f - g^2 score, the score by Proposition 2",
            drift() - squared_diffusion() * score,
            reverse_drift(_field),
            simplify=sp.cancel,
        ),
        Step(
            "flow of the same marginals: f - g^2 score/2 = nu/T, which is (12)",
            drift() - squared_diffusion() * score / 2,
            _field / n_steps,
            simplify=sp.cancel,
        ),
        Step(
            "Girsanov's weight of two reversed drifts: (2/T)^2/(2 g^2)",
            (2 / n_steps) ** 2 / (2 * squared_diffusion()),
            divergence_weight(),
            simplify=sp.cancel,
        ),
    )
