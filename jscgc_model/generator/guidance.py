"""Classifier-free guidance: away from the unconditional field, past the conditional one."""

from jaxtyping import Float, Shaped
from torch import Tensor

from jscgc_model.generator.samplers import Velocity
from jscgc_theory.validation import check_finite_number


def guided(conditional: Velocity, unconditional: Velocity, scale: float) -> Velocity:
    """Return the field ``v_u + w (v_c - v_u)``.

    At w = 1 it is the conditional field itself and at w = 0 the unconditional one, so each
    evaluation costs one network call there, and two at any other scale.

    Args:
        conditional: v_c, the field that is told y_hat.
        unconditional: v_u, the field that is not.
        scale: w.

    Returns:
        The guided field.

    References:
        Ho and Salimans, "Classifier-free diffusion guidance", 2022.
    """
    weight = check_finite_number(scale, name="guidance scale")
    if weight == 1.0:
        return conditional
    if weight == 0.0:
        return unconditional

    def velocity(
        noisy: Float[Tensor, " batch *shape"], time: Shaped[Tensor, " batch"]
    ) -> Float[Tensor, " batch *shape"]:
        free = unconditional(noisy, time)
        return free + weight * (conditional(noisy, time) - free)

    return velocity
