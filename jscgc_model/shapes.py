"""The legend of axis names, and the one place where complex symbols become real numbers.

Axes: ``batch``; ``channels height width`` of an image or latent; ``n_symbols`` complex channel
symbols of one sample; ``n_tokens`` cells of the grid that encoder and generator share, row by
row; ``symbols_per_token`` so that ``n_symbols = n_tokens * symbols_per_token`` with the symbols
of one token beside each other; ``dim`` the width of a token.
"""

import torch
from jaxtyping import Complex, Float
from torch import Tensor

from jscgc_theory.errors import InputError


def to_complex(
    reals: Float[Tensor, "*batch n_reals"],
) -> Complex[Tensor, "*batch n_symbols"]:
    """Join neighbouring real numbers to complex symbols, ``s_k = r_(2k) + i r_(2k+1)``.

    Args:
        reals: An even number of real values; half precision is widened, as complex half is rare.

    Returns:
        Half as many complex symbols.

    Raises:
        InputError: If the number of values is odd.
    """
    if reals.shape[-1] % 2:
        raise InputError(
            f"{reals.shape[-1]} real values make no whole number of complex symbols; give an even "
            "number"
        )
    wide = reals if reals.dtype == torch.float64 else reals.float()
    return torch.view_as_complex(wide.reshape(*wide.shape[:-1], -1, 2).contiguous())


def to_reals(
    symbols: Complex[Tensor, "*batch n_symbols"],
) -> Float[Tensor, "*batch n_reals"]:
    """Return real and imaginary parts, neighbours; the inverse of :func:`to_complex`.

    Args:
        symbols: Complex symbols.

    Returns:
        Twice as many real values.
    """
    return torch.view_as_real(symbols).flatten(-2)
