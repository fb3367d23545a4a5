"""The kernels of the package mamba-ssm, where it is installed and works."""

import functools
import logging
from collections.abc import Callable
from importlib import import_module

from jaxtyping import Float
from torch import Tensor

Kernel = Callable[..., Tensor]

_TOKENS_PER_BLOCK = 256
logger = logging.getLogger(__name__)


@functools.cache
def ssd_kernel() -> Kernel | None:
    """Return the Triton kernel of mamba-ssm for one decay a head, or None."""
    return _kernel("mamba_ssm.ops.triton.ssd_combined", "mamba_chunk_scan_combined")


@functools.cache
def s6_kernel() -> Kernel | None:
    """Return the CUDA kernel of mamba-ssm for one decay a column and state, or None."""
    return _kernel("mamba_ssm.ops.selective_scan_interface", "selective_scan_fn")


def ssd_by_kernel(
    kernel: Kernel,
    x: Float[Tensor, "batch length n_heads head_dim"],
    dt: Float[Tensor, "batch length n_heads"],
    a: Float[Tensor, " n_heads"],
    b: Float[Tensor, "batch length n_groups d_state"],
    c: Float[Tensor, "batch length n_groups d_state"],
) -> Float[Tensor, "batch length n_heads head_dim"]:
    """Call the kernel of :func:`ssd_kernel` with the arguments of ``chunked_ssd_scan``.

    Args:
        kernel: The kernel.
        x: Sequences.
        dt: Step sizes.
        a: State matrix of every head.
        b: Input vectors of each token and group.
        c: Output vectors of each token and group.

    Returns:
        Outputs.
    """
    return kernel(x, dt, a, b, c, chunk_size=_TOKENS_PER_BLOCK)


def s6_by_kernel(
    kernel: Kernel,
    x: Float[Tensor, "batch length d_inner"],
    dt: Float[Tensor, "batch length d_inner"],
    a: Float[Tensor, "d_inner d_state"],
    b: Float[Tensor, "batch length n_groups d_state"],
    c: Float[Tensor, "batch length n_groups d_state"],
) -> Float[Tensor, "batch length d_inner"]:
    """Call the kernel of :func:`s6_kernel`, which has the tokens last.

    Args:
        kernel: The kernel.
        x: Sequences.
        dt: Step sizes.
        a: Diagonal of the state matrix of every column.
        b: Input vectors of each token and group.
        c: Output vectors of each token and group.

    Returns:
        Outputs.
    """
    x, dt, b, c = (values.movedim(1, -1).contiguous() for values in (x, dt, b, c))
    return kernel(x, dt, a, b, c).mT


def _kernel(module: str, name: str) -> Kernel | None:
    try:
        kernel: Kernel = getattr(import_module(module), name)
    except Exception:
        # Not only ImportError: a missing driver, compiler or extension has many names.
        logger.info("%s of mamba-ssm cannot be used; scanning in PyTorch", name, exc_info=True)
        return None
    return kernel
