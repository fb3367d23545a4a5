"""The straight path from data to noise and the velocity along it.

Time s lies in [0, 1], one value a sample: 0 is data, 1 is noise.
"""

from jaxtyping import Float
from torch import Tensor


def interpolate(
    x_0: Float[Tensor, " batch *shape"],
    x_T: Float[Tensor, " batch *shape"],
    time: Float[Tensor, " batch"],
) -> Float[Tensor, " batch *shape"]:
    """Return the point of the path, ``x_s = (1 - s) x_0 + s x_T``.

    Args:
        x_0: Data.
        x_T: Noise.
        time: s of each sample.

    Returns:
        The noisy data.
    """
    s = _beside(time, x_0)
    return (1.0 - s) * x_0 + s * x_T


def velocity_target(
    x_0: Float[Tensor, " batch *shape"], x_T: Float[Tensor, " batch *shape"]
) -> Float[Tensor, " batch *shape"]:
    """Return the derivative of the path, ``v = x_T - x_0``: the target of loss (3).

    Args:
        x_0: Data.
        x_T: Noise.

    Returns:
        The velocity, the same at every time.
    """
    return x_T - x_0


def data_from_velocity(
    noisy: Float[Tensor, " batch *shape"],
    velocity: Float[Tensor, " batch *shape"],
    time: Float[Tensor, " batch"],
) -> Float[Tensor, " batch *shape"]:
    """Return the data end of the line, ``x_0 = x_s - s v``.

    Args:
        noisy: Point of the path.
        velocity: Velocity there; with the best field the result is E[x_0 | x_s].
        time: s of each sample.

    Returns:
        The data.
    """
    return noisy - _beside(time, noisy) * velocity


def noise_from_velocity(
    noisy: Float[Tensor, " batch *shape"],
    velocity: Float[Tensor, " batch *shape"],
    time: Float[Tensor, " batch"],
) -> Float[Tensor, " batch *shape"]:
    """Return the noise end of the line, ``x_T = x_s + (1 - s) v``.

    Args:
        noisy: Point of the path.
        velocity: Velocity there; with the best field the result is E[x_T | x_s].
        time: s of each sample.

    Returns:
        The noise.
    """
    return noisy + (1.0 - _beside(time, noisy)) * velocity


def _beside(time: Tensor, values: Tensor) -> Tensor:
    return time.to(values.dtype).reshape(-1, *(1,) * (values.dim() - 1))
