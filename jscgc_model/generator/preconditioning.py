"""What a velocity network need not learn: the answer for Gaussian data."""

from typing import NamedTuple

from jaxtyping import Float
from torch import Tensor


class Preconditioning(NamedTuple):
    """``v = skip x_s + out F(in x_s, s)``: F's input and target have unit variance at every s."""

    skip: Float[Tensor, "batch 1"]
    out: Float[Tensor, "batch 1"]
    scale_in: Float[Tensor, "batch 1"]


def velocity_preconditioning(
    time: Float[Tensor, " batch"], data_deviation: float
) -> Preconditioning:
    r"""Return the factors for data of variance V = ``data_deviation``^2.

    With ``T = (1-s)^2 V + s^2``, the variance of x_s, the best linear estimate of ``x_T - x_0`` is
    ``(s - (1-s) V)/T x_s`` and leaves the variance ``V/T``, whose root multiplies F.

    Args:
        time: s of each sample.
        data_deviation: Standard deviation of a number of the data.

    Returns:
        The factors.

    References:
        Karras et al., "Elucidating the design space of diffusion-based generative models",
        NeurIPS 2022, whose denoiser this is, written for the velocity.
    """
    s = time[:, None]
    variance = data_deviation**2
    total = (1.0 - s) ** 2 * variance + s**2
    return Preconditioning(
        skip=(s - (1.0 - s) * variance) / total,
        out=data_deviation * total.rsqrt(),
        scale_in=total.rsqrt(),
    )
