"""The times at which a sampler stands on its way from noise to data."""

import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_theory.validation import check_count, check_positive


def sigma_schedule(n_steps: int, *, shift: float = 1.0) -> Float[Tensor, " n_times"]:
    """Return times from 1 to 0, ``sigma' = shift sigma / (1 + (shift - 1) sigma)``.

    ``sigma`` is uniform, so that shift 1 is the paper's Euler rule (14). Shift 3 with 9 steps is
    the recipe of Z-Image-Turbo: its 9 sigmas and the 0 at their end, with no tenth network call.

    Args:
        n_steps: Steps; one network call each for Euler.
        shift: Above 1 more steps stand near noise.

    Returns:
        n_steps + 1 times, float64, the first 1, the last 0.

    Raises:
        InputError: If there is no step or the shift is not positive.

    References:
        Esser et al., "Scaling rectified flow transformers for high-resolution image synthesis",
        ICML 2024, eq. 23.
    """
    count = check_count(n_steps, name="n_steps")
    factor = check_positive(shift, name="shift")
    sigma = torch.linspace(1.0, 0.0, count + 1, dtype=torch.float64)
    return sigma / (sigma + (1.0 - sigma) / factor)
