"""The scan with one decay a head, as matrix products over chunks of tokens (SSD)."""

import math
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from jscgc_model.encoder.selective_scan.recurrence import linear_recurrence

CHUNK_LENGTH = 32
"""Tokens joined in one matrix product; 16 to 64 are equally fast."""


def chunked_ssd_scan(
    x: Float[Tensor, "batch length n_heads head_dim"],
    dt: Float[Tensor, "batch length n_heads"],
    a: Float[Tensor, " n_heads"],
    b: Float[Tensor, "batch length n_groups d_state"],
    c: Float[Tensor, "batch length n_groups d_state"],
    initial: Float[Tensor, "batch n_heads head_dim d_state"] | None = None,
) -> tuple[
    Float[Tensor, "batch length n_heads head_dim"],
    Float[Tensor, "batch n_heads head_dim d_state"],
]:
    """Run the selective scan whose decay is one number a head and token.

    With ``s_ij = a (dt_(j+1) + ... + dt_i)`` in a chunk that the state h_0 enters,
    ``y_i = sum_(j<=i) exp(s_ij) (c_i . b_j) dt_j x_j + exp(s_i0) c_i . h_0``. No exponent is
    positive, so nothing overflows.

    Args:
        x: Sequences; the heads form n_groups equal neighbouring groups.
        dt: Step sizes, positive.
        a: State matrix of every head, a negative number.
        b: Input vectors of each token and group.
        c: Output vectors of each token and group.
        initial: State before the first token; None for zero.

    Returns:
        Outputs, and the state after the last token.

    References:
        Dao and Gu, Transformers are SSMs, 2024, section 6.
    """
    length, n_heads = x.shape[1:3]
    heads = (b.shape[2], n_heads // b.shape[2])
    chunks = _Chunks(
        x=_cut(torch.unflatten(x, 2, heads)),
        dt=_cut(torch.unflatten(dt, 2, heads)),
        log_decay=_cut(torch.unflatten(dt * a, 2, heads)),
        b=_cut(b),
        c=_cut(c),
    )
    y = _within(chunks)
    if initial is None and length <= CHUNK_LENGTH:
        final = _gathered(chunks)[:, 0]
    else:
        entering, final = _passed_on(chunks, initial)
        y = y + _of_entering(chunks, entering)
    y = y.movedim(2, 3).flatten(1, 2)[:, :length].flatten(2, 3)
    return y, final.movedim(2, -1).flatten(1, 2)


class _Chunks(NamedTuple):
    """A batch cut into chunks of tokens."""

    x: Float[Tensor, "batch n_chunks n_groups chunk heads_per_group head_dim"]
    dt: Float[Tensor, "batch n_chunks n_groups chunk heads_per_group"]
    log_decay: Float[Tensor, "batch n_chunks n_groups chunk heads_per_group"]
    b: Float[Tensor, "batch n_chunks n_groups chunk d_state"]
    c: Float[Tensor, "batch n_chunks n_groups chunk d_state"]

    @property
    def log_decay_from_start(self) -> Tensor:
        return self.log_decay.cumsum(dim=3)


def _cut(
    values: Float[Tensor, "batch length n_groups *rest"],
) -> Float[Tensor, "batch n_chunks n_groups chunk *rest"]:
    # Zeros behind the last token neither drive the state nor let it decay.
    chunk = min(CHUNK_LENGTH, values.shape[1])
    missing = -values.shape[1] % chunk
    if missing:
        values = functional.pad(values, (0, 0) * (values.ndim - 2) + (0, missing))
    return torch.unflatten(values, 1, (-1, chunk)).movedim(2, 3)


def _within(
    chunks: _Chunks,
) -> Float[Tensor, "batch n_chunks n_groups chunk heads_per_group head_dim"]:
    """Return what the tokens of a chunk give each other."""
    steps = chunks.log_decay.mT
    segments, not_earlier = _segments(steps)
    # Sums over each segment, not differences of long sums: those cancel where decay is strong.
    decay = functional.linear(steps, segments, not_earlier).exp()
    weights = (chunks.c @ chunks.b.mT)[:, :, :, None] * decay.view(*steps.shape, -1)
    return ((weights * chunks.dt.mT[..., None, :]) @ chunks.x.movedim(4, 3)).movedim(3, 4)


def _segments(
    steps: Float[Tensor, "*batch chunk"],
) -> tuple[Float[Tensor, "chunk_squared chunk"], Float[Tensor, " chunk_squared"]]:
    """Return the steps m with j < m <= i in row (i, j), and -inf where token j comes after i."""
    chunk = steps.shape[-1]
    up_to = steps.new_ones(chunk, chunk).tril()
    segments = up_to[:, None, :] * (1.0 - up_to[None, :, :])
    not_earlier = steps.new_full((chunk, chunk), -math.inf).triu(1)
    return segments.flatten(0, 1), not_earlier.flatten()


def _gathered(
    chunks: _Chunks,
) -> Float[Tensor, "batch n_chunks n_groups d_state heads_per_group head_dim"]:
    """Return what each chunk leaves in the state."""
    fall = chunks.log_decay_from_start
    weights = (fall[:, :, :, -1:] - fall).exp() * chunks.dt
    left = chunks.b.mT @ (chunks.x * weights[..., None]).flatten(4)
    return torch.unflatten(left, -1, chunks.x.shape[-2:])


def _passed_on(
    chunks: _Chunks, initial: Float[Tensor, "batch n_heads head_dim d_state"] | None
) -> tuple[
    Float[Tensor, "batch n_chunks n_groups d_state heads_per_group head_dim"],
    Float[Tensor, "batch n_groups d_state heads_per_group head_dim"],
]:
    """Return the state that enters each chunk and the one that leaves the last."""
    gathered = _gathered(chunks).movedim(1, 0)
    decay = chunks.log_decay.sum(dim=3).exp().movedim(1, 0)[:, :, :, None, :, None]
    if initial is None:
        start = torch.zeros_like(gathered[0])
    else:
        start = torch.unflatten(initial, 1, chunks.x.shape[2:5:2]).movedim(-1, 2)
    after = linear_recurrence(decay, gathered, start)
    return torch.cat([start[None], after[:-1]]).movedim(0, 1), after[-1]


def _of_entering(
    chunks: _Chunks,
    entering: Float[Tensor, "batch n_chunks n_groups d_state heads_per_group head_dim"],
) -> Float[Tensor, "batch n_chunks n_groups chunk heads_per_group head_dim"]:
    """Return what the state that enters a chunk gives its tokens."""
    response = torch.unflatten(chunks.c @ entering.flatten(4), -1, entering.shape[-2:])
    return response * chunks.log_decay_from_start.exp()[..., None]
