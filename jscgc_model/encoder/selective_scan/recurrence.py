"""A linear recurrence: a loop without autograd's bookkeeping on CPUs, odd-even on GPUs."""

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from jscgc_model.encoder.selective_scan.odd_even import odd_even_recurrence


def linear_recurrence(
    decay: Float[Tensor, "length ..."],
    drive: Float[Tensor, "length ..."],
    initial: Float[Tensor, "..."],
) -> Float[Tensor, "length ..."]:
    """Solve ``h_l = decay_l h_(l-1) + drive_l`` for all l.

    Args:
        decay: Factors; they spread over the state.
        drive: What enters at each step.
        initial: State before the first step.

    Returns:
        The state after each step.
    """
    if drive.is_cuda:
        return odd_even_recurrence(decay, drive, initial)
    return _loop_recurrence(decay, drive, initial)


class _LoopRecurrence(torch.autograd.Function):
    """The loop in place, and backwards its adjoint ``g_l = dL/dh_l + decay_(l+1) g_(l+1)``."""

    @staticmethod
    def forward(ctx: Any, decay: Tensor, drive: Tensor, initial: Tensor) -> Tensor:
        states = torch.cat([initial[None], drive])
        for step in range(len(drive)):
            states[step + 1].addcmul_(decay[step], states[step])
        ctx.save_for_backward(decay, states)
        return states[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        decay, states = ctx.saved_tensors
        adjoint = torch.cat([torch.zeros_like(states[:1]), grads[0]])
        for step in range(len(decay) - 1, -1, -1):
            adjoint[step].addcmul_(decay[step], adjoint[step + 1])
        grad_decay = (adjoint[1:] * states[:-1]).sum_to_size(decay.shape)
        return grad_decay, adjoint[1:], adjoint[0]


_loop_recurrence: Callable[..., Tensor] = _LoopRecurrence.apply
