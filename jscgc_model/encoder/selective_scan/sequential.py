"""The selective scan as it is defined, token by token: the truth that fast forms are held to."""

import torch
from jaxtyping import Float
from torch import Tensor


def sequential_scan(
    x: Float[Tensor, "batch length d_inner"],
    dt: Float[Tensor, "batch length d_inner"],
    a: Float[Tensor, "d_inner d_state"],
    b: Float[Tensor, "batch length n_groups d_state"],
    c: Float[Tensor, "batch length n_groups d_state"],
    initial: Float[Tensor, "batch d_inner d_state"] | None = None,
) -> tuple[Float[Tensor, "batch length d_inner"], Float[Tensor, "batch d_inner d_state"]]:
    """Run ``h_l = exp(dt_l a) h_(l-1) + dt_l b_l x_l`` and read ``y_l = c_l . h_l``.

    Args:
        x: Sequences; the d_inner columns form n_groups equal neighbouring groups.
        dt: Step sizes, positive.
        a: Diagonal of the state matrix of every column, negative.
        b: Input vectors of each token and group.
        c: Output vectors of each token and group.
        initial: State before the first token; None for zero.

    Returns:
        Outputs, and the state after the last token.

    References:
        Gu and Dao, Mamba: Linear-Time Sequence Modeling with Selective State Spaces, 2023, (2).
    """
    group_size = x.shape[-1] // b.shape[2]
    state = x.new_zeros(x.shape[0], *a.shape) if initial is None else initial
    outputs = []
    for token in range(x.shape[1]):
        step = dt[:, token, :, None]
        b_of_column = b[:, token].repeat_interleave(group_size, dim=1)
        c_of_column = c[:, token].repeat_interleave(group_size, dim=1)
        state = torch.exp(step * a) * state + step * b_of_column * x[:, token, :, None]
        outputs.append((state * c_of_column).sum(dim=-1))
    return torch.stack(outputs, dim=1), state
