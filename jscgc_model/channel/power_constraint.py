"""The transmitter's power, exactly one."""

import torch
from jaxtyping import Complex, Float
from torch import Tensor


def constrain_power(
    symbols: Complex[Tensor, "batch n_symbols"], constraint: str
) -> Complex[Tensor, "batch n_symbols"]:
    """Scale symbols so that the mean of |s|^2 is one over what the constraint names.

    Whatever the scale of the input, so that the result does not depend on it. Symbols that are
    all zero have no direction to be scaled along and are sent as they are: silence, with the
    gradient of the identity. NaN stays NaN, in the samples that share its power.

    Args:
        symbols: What the encoder would send.
        constraint: ``per_sample``, ``per_batch``, ``per_symbol`` or ``none``.

    Returns:
        What is sent.
    """
    if constraint == "none":
        return symbols
    batch, n_symbols = symbols.shape
    groups = {
        "per_sample": (batch, n_symbols),
        "per_batch": (1, batch * n_symbols),
        "per_symbol": (batch * n_symbols, 1),
    }
    parts = torch.view_as_real(symbols.contiguous())
    scaled = _unit_mean_power(parts.reshape(groups[constraint][0], -1), groups[constraint][1])
    return torch.view_as_complex(scaled.reshape(parts.shape))


def _unit_mean_power(
    parts: Float[Tensor, "groups n_parts"], n_symbols: int
) -> Float[Tensor, "groups n_parts"]:
    # The result is the same for any scale of the input, so the peak, which only keeps squares
    # from overflowing, is a constant to the gradient.
    peak = parts.detach().abs().amax(dim=1, keepdim=True)
    level = parts / torch.where(peak == 0, 1.0, peak)
    power = level.square().sum(dim=1, keepdim=True) / n_symbols
    return level * torch.where(peak == 0, 1.0, power).rsqrt()
