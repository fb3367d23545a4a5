"""The scan with one decay a column and state, as in Mamba-1 and MambaJSCC (S6)."""

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from jscgc_model.encoder.selective_scan.odd_even import odd_even_recurrence


def s6_loop_scan(
    x: Float[Tensor, "batch length d_inner"],
    dt: Float[Tensor, "batch length d_inner"],
    a: Float[Tensor, "d_inner d_state"],
    b: Float[Tensor, "batch length n_groups d_state"],
    c: Float[Tensor, "batch length n_groups d_state"],
    initial: Float[Tensor, "batch d_inner d_state"] | None = None,
) -> tuple[Float[Tensor, "batch length d_inner"], Float[Tensor, "batch d_inner d_state"]]:
    """Run the selective scan of ``sequential_scan``, made for CPUs.

    A loop in place, whose reverse loop is written out: each step works within the cache, and
    only the states are kept.

    Args:
        x: Sequences; the d_inner columns form n_groups equal neighbouring groups.
        dt: Step sizes, positive.
        a: Diagonal of the state matrix of every column, negative.
        b: Input vectors of each token and group.
        c: Output vectors of each token and group.
        initial: State before the first token; None for zero.

    Returns:
        Outputs, and the state after the last token.
    """
    start = x.new_zeros(x.shape[0], *a.shape) if initial is None else initial
    by_token = [values.transpose(0, 1).contiguous() for values in (x, dt, b, c)]
    y, final = _loop_scan(*by_token, a, start)
    return y.transpose(0, 1), final


def s6_odd_even_scan(
    x: Float[Tensor, "batch length d_inner"],
    dt: Float[Tensor, "batch length d_inner"],
    a: Float[Tensor, "d_inner d_state"],
    b: Float[Tensor, "batch length n_groups d_state"],
    c: Float[Tensor, "batch length n_groups d_state"],
    initial: Float[Tensor, "batch d_inner d_state"] | None = None,
) -> tuple[Float[Tensor, "batch length d_inner"], Float[Tensor, "batch d_inner d_state"]]:
    """Run the selective scan of ``sequential_scan``, made for GPUs: few launches, more memory.

    Args:
        x: Sequences; the d_inner columns form n_groups equal neighbouring groups.
        dt: Step sizes, positive.
        a: Diagonal of the state matrix of every column, negative.
        b: Input vectors of each token and group.
        c: Output vectors of each token and group.
        initial: State before the first token; None for zero.

    Returns:
        Outputs, and the state after the last token.
    """
    start = x.new_zeros(x.shape[0], *a.shape) if initial is None else initial
    x, dt, b, c = (values.transpose(0, 1) for values in (x, dt, b, c))
    drive = (_grouped(dt * x, b)[..., None] * b[..., None, :]).flatten(2, 3)
    states = odd_even_recurrence(torch.exp(dt[..., None] * a), drive, start)
    y = _grouped(states, c) @ c[..., None]
    return y.squeeze(-1).flatten(2).transpose(0, 1), states[-1]


def _grouped(values: Tensor, b: Tensor) -> Tensor:
    """Split the columns, axis 2, into the groups of b."""
    return torch.unflatten(values, 2, (b.shape[2], -1))


class _LoopScan(torch.autograd.Function):
    """The states and their adjoint, token by token; tokens come first in x, dt, b and c."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, dt: Tensor, b: Tensor, c: Tensor, a: Tensor, initial: Tensor
    ) -> tuple[Tensor, Tensor]:
        states = x.new_empty(len(x) + 1, *initial.shape)
        states[0] = initial
        y = _grouped(torch.empty_like(x), b)
        by_group, drive = _grouped(states, b), _grouped(dt * x, b)
        for token in range(len(x)):
            state = torch.mul(dt[token, ..., None], a, out=states[token + 1])
            state.exp_().mul_(states[token])
            by_group[token + 1].addcmul_(drive[token, ..., None], b[token, :, :, None])
            y[token] = (by_group[token + 1] @ c[token, ..., None]).squeeze(-1)
        ctx.save_for_backward(x, dt, b, c, a, states)
        return y.flatten(2), states[-1].clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, ...]:
        x, dt, b, c, a, states = ctx.saved_tensors
        grad_y, drive, by_group = (_grouped(values, b) for values in (grads[0], dt * x, states))
        grad_drive, grad_dt, grad_b, grad_c = (torch.empty_like(v) for v in (drive, dt, b, c))
        grad_a = torch.zeros_like(states[0])
        adjoint = grads[1].clone()
        adjoint_by_group = torch.unflatten(adjoint, 1, drive.shape[2:])
        for token in range(len(x) - 1, -1, -1):
            adjoint_by_group.addcmul_(grad_y[token, ..., None], c[token, :, :, None])
            grad_c[token] = (grad_y[token, ..., None, :] @ by_group[token + 1]).squeeze(-2)
            grad_b[token] = (drive[token, ..., None, :] @ adjoint_by_group).squeeze(-2)
            grad_drive[token] = (adjoint_by_group @ b[token, ..., None]).squeeze(-1)
            adjoint.mul_(torch.exp(dt[token, ..., None] * a))
            grad_exponent = adjoint * states[token]
            grad_dt[token] = (grad_exponent * a).sum(dim=-1)
            grad_a.addcmul_(grad_exponent, dt[token, ..., None])
        grad_product = grad_drive.flatten(2)
        grad_dt.addcmul_(grad_product, x)
        return grad_product * dt, grad_dt, grad_b, grad_c, grad_a.sum(dim=0), adjoint


_loop_scan: Callable[..., tuple[Tensor, Tensor]] = _LoopScan.apply
