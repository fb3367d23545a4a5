"""What a forward pass keeps for its backward pass."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.multiprocessing.reductions import StorageWeakRef


class SavedActivations:
    """Bytes of the tensors that autograd keeps, parameters left out, each storage once.

    Args:
        module: Whose forward pass is watched; its parameters take no memory of their own.
        blocks: Names of the classes that gradient checkpointing takes for a block.
    """

    def __init__(self, module: nn.Module, blocks: Collection[str]) -> None:
        self.largest_block = 0
        """Bytes kept within the largest block."""
        self._module = module
        self._blocks = [one for one in module.modules() if type(one).__name__ in blocks]
        self._parameters = {_storage(one) for one in module.parameters()}
        self._kept: dict[StorageWeakRef, Tensor] = {}
        self._before: list[int] = []

    @property
    def total(self) -> int:
        """Bytes kept so far."""
        return sum(one.untyped_storage().nbytes() for one in self._kept.values())

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch what is kept by forward passes."""
        with ExitStack() as stack:
            for block in self._blocks:
                stack.callback(block.register_forward_pre_hook(self._enter).remove)
                stack.callback(block.register_forward_hook(self._leave).remove)
            stack.enter_context(
                torch.autograd.graph.saved_tensors_hooks(self._keep, lambda kept: kept)
            )
            yield

    def _keep(self, tensor: Tensor) -> Tensor:
        storage = _storage(tensor)
        if storage not in self._parameters:
            # The tensor stays alive, so that no other takes its storage's place.
            self._kept[storage] = tensor
        return tensor

    def _enter(self, *_: Any) -> None:
        self._before.append(self.total)

    def _leave(self, *_: Any) -> None:
        self.largest_block = max(self.largest_block, self.total - self._before.pop())


def _storage(tensor: Tensor) -> StorageWeakRef:
    return StorageWeakRef(tensor.untyped_storage())
