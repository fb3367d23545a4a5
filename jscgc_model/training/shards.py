"""Weights that processes share: each keeps a part and gathers a block's when it is at work."""

from torch import Tensor, nn
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor

from jscgc_model.training.activation_recomputation import checkpointed_blocks


def shard(system: nn.Module) -> None:
    """Share the weights of a system between the processes there are (FSDP2), in place.

    Each block is gathered alone, then what remains of each component: a group of weights must
    have one precision, and components may differ in theirs.

    Args:
        system: On the device of this process.

    References:
        Zhao et al., "PyTorch FSDP: experiences on scaling fully sharded data parallel", VLDB
        2023; FSDP2 is ``torch.distributed.fsdp.fully_shard``.
    """
    blocks = checkpointed_blocks(system)
    for part in list(system.modules()):
        if type(part).__name__ in blocks:
            fully_shard(part)
    for part in system.children():
        fully_shard(part)
    fully_shard(system)


def whole(tensor: Tensor) -> Tensor:
    """Return a tensor of which this process may have only a part.

    All processes must ask for it together.

    Args:
        tensor: The tensor, shared or not.

    Returns:
        All of it.
    """
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


def like(stored: Tensor, wanted: Tensor) -> Tensor:
    """Return a whole tensor in the form in which processes share another.

    Args:
        stored: The whole tensor, the same in all processes.
        wanted: Says how it is shared, and where this process keeps its part.

    Returns:
        The tensor, shared as the other; itself if that is not shared.
    """
    if not isinstance(wanted, DTensor):
        return stored
    on_device = stored.to(wanted.device, copy=True)
    return distribute_tensor(on_device, wanted.device_mesh, wanted.placements)
