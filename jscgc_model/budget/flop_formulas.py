"""Operations of the products that torch's own counter leaves out or counts too high.

The product of an (n, k) with a (k, m) matrix is 2 n k m operations; nothing else is counted.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch

Shape = Sequence[int]
_TRANSPOSED, _OUTPUT_MASK = 4, 7
"""Places in what ``aten.convolution_backward`` is given after its three tensors."""


def attention_flops(query: Shape, key: Shape, value: Shape, *_: Any, **__: Any) -> int:
    """Return ``2 B H S L (d_k + d_v)``: the scores, and the sums that they weigh.

    Args:
        query: (B, H, S, d_k).
        key: (B, H, L, d_k).
        value: (B, H, L, d_v).

    Returns:
        Operations of the forward pass.
    """
    batch, n_heads, length, width = query
    return 2 * batch * n_heads * length * key[2] * (width + value[3])


def attention_backward_flops(
    gradient: Shape, query: Shape, key: Shape, value: Shape, *_: Any, **__: Any
) -> int:
    """Return twice the forward's: each of its two products has two gradients.

    The scores that flash attention computes again are not counted, as no model needs that.

    Args:
        gradient: Not used.
        query: (B, H, S, d_k).
        key: (B, H, L, d_k).
        value: (B, H, L, d_v).

    Returns:
        Operations of the backward pass.
    """
    return 2 * attention_flops(query, key, value)


def convolution_backward_flops(
    gradient: Shape, inputs: Shape, weight: Shape, *settings: Any, **_: Any
) -> int:
    """Return the forward's, ``2 B (places) (weights)``, for each gradient that is asked for.

    torch's own formula takes grouped convolutions for full ones.

    Args:
        gradient: Of the output, (B, channels, ...).
        inputs: (B, channels, ...).
        weight: (channels, channels of a group, ...).
        *settings: What else the operator is given.

    Returns:
        Operations of the backward pass.
    """
    places = inputs[2:] if settings[_TRANSPOSED] else gradient[2:]
    forward = 2 * inputs[0] * math.prod(places) * math.prod(weight)
    return forward * sum(settings[_OUTPUT_MASK][:2])


FLOP_FORMULAS: dict[Any, Callable[..., int]] = {
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: attention_flops,
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward: attention_backward_flops,
    torch.ops.aten.convolution_backward: convolution_backward_flops,
}
"""For ``torch.utils.flop_counter.FlopCounterMode(custom_mapping=...)``."""
