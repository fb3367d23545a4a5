"""Gradient checkpointing: activations are computed again in the backward pass, not kept."""

from collections.abc import Iterator
from typing import Any

from torch import nn


def checkpoint_gradients(module: nn.Module, is_on: bool) -> None:
    """Turn gradient checkpointing on or off, wherever parts of a system offer it.

    It is the variant of torch that re-enters no backward pass (``use_reentrant=False``): gradients
    keep every bit, and inputs without a gradient are allowed.

    Args:
        module: The system.
        is_on: Whether blocks are computed again.
    """
    for part in _parts_that_offer_it(module):
        if is_on:
            part.enable_gradient_checkpointing()
        else:
            part.disable_gradient_checkpointing()


def checkpointed_blocks(module: nn.Module) -> set[str]:
    """Return the names of the classes whose forward is computed again.

    Args:
        module: The system.

    Returns:
        Names of classes.
    """
    return {name for part in _parts_that_offer_it(module) for name in part._no_split_modules or ()}


def _parts_that_offer_it(module: nn.Module) -> Iterator[Any]:
    return (
        part for part in module.modules() if getattr(part, "_supports_gradient_checkpointing", 0)
    )
