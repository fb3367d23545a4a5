r"""Undoing the gains that the receiver knows of.

With ``y_hat = h y + w``, h known, E|y|^2 = 1 and E|w|^2 = W, every linear equaliser is a positive
weight on the output turned back by the phase of its gain, ``u = y_hat h^* / |h|``:

- zero forcing, ``u / |h| = y + w / h``: unbiased, of unbounded power as h -> 0;
- MMSE, ``u |h| / (|h|^2 + W)``: the linear estimate of least E|y - y_hat|^2, never of more power
  than y.

References:
    Tse and Viswanath, Fundamentals of Wireless Communication, 2005, section 8.3.3.
"""

import torch
from jaxtyping import Complex, Float
from torch import Tensor


def equalise(
    raw: Complex[Tensor, "batch n_symbols"],
    gains: Complex[Tensor, "batch n_symbols"],
    disturbance: Float[Tensor, "batch 1"],
    equaliser: str,
) -> Complex[Tensor, "batch n_symbols"]:
    """Estimate the sent symbols.

    A gain of exactly zero carries nothing and gives zero.

    Args:
        raw: Channel outputs.
        gains: h as the receiver knows it.
        disturbance: W, power of all that is not ``h y``.
        equaliser: ``none``, ``zero_forcing`` or ``mmse``.

    Returns:
        The estimates; with ``none``, the outputs as they are.
    """
    if equaliser == "none":
        return raw
    size = gains.abs()
    if equaliser == "mmse":
        return _turned_back(raw, gains) * (size / (size.square() + disturbance))
    heard = size > 0
    inverse = torch.where(heard, 1.0 / torch.where(heard, size, 1.0), 0.0)
    return _turned_back(raw, gains) * inverse


def bounded(
    raw: Complex[Tensor, "batch n_symbols"],
    gains: Complex[Tensor, "batch n_symbols"],
    disturbance: Float[Tensor, "batch 1"],
    equaliser: str,
) -> Complex[Tensor, "batch n_symbols"]:
    """Return :func:`equalise` with its root mean square brought down to one where it is above.

    Given the gain, zero forcing has power ``1 + W/|h|^2`` and the plain output ``|h|^2 + W``, so
    zero forcing becomes ``u / sqrt(|h|^2 + W)``, computed without the quotient that overflows.
    MMSE has power ``|h|^2 / (|h|^2 + W)`` and stays as it is: a symbol in a deep fade is faint.

    Args:
        raw: Channel outputs.
        gains: h as the receiver knows it; ones without fading.
        disturbance: W, power of all that is not ``h y``.
        equaliser: ``none``, ``zero_forcing`` or ``mmse``.

    Returns:
        Symbols of mean power at most one, whatever the gain.
    """
    if equaliser == "mmse":
        return equalise(raw, gains, disturbance, equaliser)
    power = gains.abs().square() + disturbance
    if equaliser == "zero_forcing":
        return _turned_back(raw, gains) * power.rsqrt()
    return raw * power.clamp(min=1.0).rsqrt()


def _turned_back(
    raw: Complex[Tensor, "batch n_symbols"], gains: Complex[Tensor, "batch n_symbols"]
) -> Complex[Tensor, "batch n_symbols"]:
    return raw * torch.sgn(gains).conj()
