"""Which form of a scan runs where; always in float32 or better."""

import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.encoder.selective_scan.kernels import (
    s6_by_kernel,
    s6_kernel,
    ssd_by_kernel,
    ssd_kernel,
)
from jscgc_model.encoder.selective_scan.s6 import s6_loop_scan, s6_odd_even_scan
from jscgc_model.encoder.selective_scan.ssd import chunked_ssd_scan


def ssd_scan(
    x: Float[Tensor, "batch length n_heads head_dim"],
    dt: Float[Tensor, "batch length n_heads"],
    a: Float[Tensor, " n_heads"],
    b: Float[Tensor, "batch length n_groups d_state"],
    c: Float[Tensor, "batch length n_groups d_state"],
) -> Float[Tensor, "batch length n_heads head_dim"]:
    """Scan from a zero state with one decay a head; half precision is widened.

    The Triton kernel of mamba-ssm rounds the factors of its products to TF32, so it is taken only
    where the input was in half precision or torch may do the same.

    Args:
        x: Sequences; the heads form n_groups equal neighbouring groups.
        dt: Step sizes, positive.
        a: State matrix of every head, a negative number.
        b: Input vectors of each token and group.
        c: Output vectors of each token and group.

    Returns:
        Outputs, float64 if x is, else float32.
    """
    may_round = x.dtype.itemsize < 4 or torch.get_float32_matmul_precision() != "highest"
    wide = _widened(x, dt, a, b, c)
    kernel = ssd_kernel() if may_round and _suits_kernels(wide[0]) else None
    with torch.autocast(x.device.type, enabled=False):
        return ssd_by_kernel(kernel, *wide) if kernel else chunked_ssd_scan(*wide)[0]


def s6_scan(
    x: Float[Tensor, "batch length d_inner"],
    dt: Float[Tensor, "batch length d_inner"],
    a: Float[Tensor, "d_inner d_state"],
    b: Float[Tensor, "batch length n_groups d_state"],
    c: Float[Tensor, "batch length n_groups d_state"],
) -> Float[Tensor, "batch length d_inner"]:
    """Scan from a zero state with one decay a column and state; half precision is widened.

    Args:
        x: Sequences; the d_inner columns form n_groups equal neighbouring groups.
        dt: Step sizes, positive.
        a: Diagonal of the state matrix of every column, negative.
        b: Input vectors of each token and group.
        c: Output vectors of each token and group.

    Returns:
        Outputs, float64 if x is, else float32.
    """
    wide = _widened(x, dt, a, b, c)
    kernel = s6_kernel() if _suits_kernels(wide[0]) else None
    with torch.autocast(x.device.type, enabled=False):
        if kernel:
            return s6_by_kernel(kernel, *wide)
        scan = s6_odd_even_scan if x.is_cuda else s6_loop_scan
        return scan(*wide)[0]


def _widened(x: Tensor, *others: Tensor) -> list[Tensor]:
    dtype = torch.float64 if x.dtype == torch.float64 else torch.float32
    return [values.to(dtype) for values in (x, *others)]


def _suits_kernels(x: Tensor) -> bool:
    return x.is_cuda and x.dtype == torch.float32
