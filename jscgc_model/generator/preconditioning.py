"""What a velocity network need not learn: the answer for Gaussian data."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

_MOST_EXCESS = 5.0
_LEAST = 1e-4


class Preconditioning(NamedTuple):
    """``v = skip x_s + out F(in x_s, s)``: F's input and target have unit variance at every s."""

    skip: Float[Tensor, "batch 1"]
    out: Float[Tensor, "batch 1"]
    scale_in: Float[Tensor, "batch 1"]
    energy_deviation: Float[Tensor, "batch 1"]
    """Standard deviation of |x_s|^2 / E|x_s|^2 times sqrt(n), for data of constant norm."""

    def excess_energy(self, noisy: Float[Tensor, "batch n_values"]) -> Float[Tensor, "batch 1"]:
        """Return how far |x_s|^2 lies from its mean, of order one and within [-5, 5].

        Where the data have a constant norm, as a sphere has, the noise along x_s is known from it
        to a precision that a network does not reach from the coordinates.

        Args:
            noisy: Points of the path.

        Returns:
            One number a point.
        """
        n_values = noisy.shape[1]
        excess = (self.scale_in * noisy).square().mean(dim=1, keepdim=True) - 1.0
        scaled = excess * n_values**0.5 / self.energy_deviation
        return _MOST_EXCESS * torch.tanh(scaled / _MOST_EXCESS)


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
        energy_deviation=s * (4.0 * (1.0 - s) ** 2 * variance + 2.0 * s**2).sqrt() / total
        + _LEAST,
    )
