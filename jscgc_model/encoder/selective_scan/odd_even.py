"""A linear recurrence in a logarithmic number of parallel steps, for GPUs."""

import torch
from jaxtyping import Float
from torch import Tensor


def odd_even_recurrence(
    decay: Float[Tensor, "length ..."],
    drive: Float[Tensor, "length ..."],
    initial: Float[Tensor, "..."],
) -> Float[Tensor, "length ..."]:
    """Solve ``h_l = decay_l h_(l-1) + drive_l`` for all l.

    Neighbouring steps are joined to one, the recurrence of half the length is solved, and the
    states between are filled in: log2(length) rounds, work proportional to the length.

    Args:
        decay: Factors; they spread over the state.
        drive: What enters at each step.
        initial: State before the first step.

    Returns:
        The state after each step.

    References:
        Blelloch, Prefix Sums and Their Applications, 1990.
    """
    return _from_zero(decay, torch.cat([drive[:1] + decay[:1] * initial, drive[1:]]))


def _from_zero(
    decay: Float[Tensor, "length ..."], drive: Float[Tensor, "length ..."]
) -> Float[Tensor, "length ..."]:
    length = len(drive)
    if length == 1:
        return drive
    n_pairs = length // 2
    first, second = slice(0, 2 * n_pairs, 2), slice(1, 2 * n_pairs, 2)
    after_pairs = _from_zero(
        decay[second] * decay[first], drive[second] + decay[second] * drive[first]
    )
    later = slice(2, None, 2)
    before_later = after_pairs[: (length - 1) // 2]
    between = torch.cat([drive[:1], drive[later] + decay[later] * before_later])
    in_pairs = torch.stack([between[:n_pairs], after_pairs], dim=1).flatten(0, 1)
    return torch.cat([in_pairs, between[n_pairs:]])
