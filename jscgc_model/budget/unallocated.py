"""Modules whose tensors have sizes and types but no numbers: they take no memory."""

from collections.abc import Callable
from typing import TypeVar

import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode

Module = TypeVar("Module", bound=nn.Module)


def built_without_memory(build: Callable[[], Module]) -> Module:
    """Return a module on the ``meta`` device.

    Args:
        build: Makes it.

    Returns:
        The module; its parameters can be counted, it cannot run on a CPU.
    """
    with torch.device("meta"):
        return build()


def pretend_on_cpu(module: nn.Module, mode: FakeTensorMode) -> None:
    """Turn a module on the ``meta`` device into one that seems to lie on the CPU.

    Unlike tensors on ``meta``, fake ones know the casts of mixed precision.

    Args:
        module: The module, changed in place.
        mode: Under it the module can run; nothing is computed.
    """
    with mode:
        for part in module.modules():
            for name, one in part.named_parameters(recurse=False):
                fake = torch.empty(one.shape, dtype=one.dtype)
                setattr(part, name, nn.Parameter(fake, requires_grad=one.requires_grad))
            for name, buffer in part.named_buffers(recurse=False):
                setattr(part, name, torch.empty(buffer.shape, dtype=buffer.dtype))
