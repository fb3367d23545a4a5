"""Circular Gaussian noise, and its power at a stated SNR."""

import torch
from jaxtyping import Complex, Float
from torch import Tensor


def noise_power(snr_db: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch"]:
    """Return N0 at unit symbol power, ``N0 = 10^(-snr_db / 10)``.

    Args:
        snr_db: Es/N0 per complex symbol in dB.

    Returns:
        Noise power per complex symbol, half of it per real dimension.
    """
    return torch.pow(10.0, -snr_db / 10.0)


def power_in_db(power: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch"]:
    """Return ``10 log10(power)``; none at all is minus infinity.

    Args:
        power: Powers, or ratios of powers.

    Returns:
        The same in dB.
    """
    return 10.0 * torch.log10(power)


def unit_noise(
    shape: tuple[int, ...], generator: torch.Generator, dtype: torch.dtype, device: torch.device
) -> Complex[Tensor, "..."]:
    """Draw CN(0, 1): variance 1/2 per real dimension.

    Drawn where the generator lives, so that one generator gives the same numbers on any device.

    Args:
        shape: How many.
        generator: Source of randomness.
        dtype: A complex type.
        device: Where the numbers are wanted.

    Returns:
        Independent draws.
    """
    drawn = torch.randn(shape, generator=generator, dtype=dtype, device=generator.device)
    return drawn.to(device)
