"""Where the bytes of a training step lie, for each way of sharing them between GPUs.

Learning weights, their gradients, two moments of AdamW (one of Muon) and their average are kept
in single precision; frozen weights in the precision they were built in. ZeRO-2 shares gradients,
moments and average, every GPU having all weights; ZeRO-3 and FSDP2 share the weights too and
collect those of the block at work, and of the next, in time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jscgc_model.budget.records import MemoryPlan, ParameterCount

_SINGLE = 4
_SHARES_STATES = ("zero2", "zero3", "fsdp2")
_SHARES_WEIGHTS = ("zero3", "fsdp2")


@dataclass(frozen=True, kw_only=True)
class ActivationBytes:
    """``fixed + per_sample * samples``; fixed are the casts of weights in mixed precision."""

    fixed: int
    per_sample: int

    def of(self, n_samples: int) -> int:
        """Return the bytes of some samples.

        Args:
            n_samples: Samples on one GPU.

        Returns:
            Bytes.
        """
        return self.fixed + self.per_sample * n_samples


@dataclass(frozen=True, kw_only=True)
class MemoryNeeds:
    """What a step keeps, however it is shared."""

    parameters: Sequence[ParameterCount]
    n_moments: int
    """Numbers that the optimisers keep, over all learning weights."""
    largest_block_weights: int
    """Bytes of the largest block's weights."""
    activations: ActivationBytes
    checkpointed_activations: ActivationBytes
    batch_size: int


def memory_plans(needs: MemoryNeeds, n_gpus: int) -> tuple[MemoryPlan, ...]:
    """Return the memory of one GPU: alone, then one of several for each sharding.

    Args:
        needs: What a step keeps.
        n_gpus: GPUs that share batch and states; they divide the batch.

    Returns:
        The plans, the single GPU first.
    """
    alone = (_plan(needs, "none", 1),)
    if n_gpus == 1:
        return alone
    return alone + tuple(_plan(needs, sharding, n_gpus) for sharding in _SHARES_STATES)


def _plan(needs: MemoryNeeds, sharding: str, n_gpus: int) -> MemoryPlan:
    n_trainable = sum(one.n_trainable for one in needs.parameters)
    frozen = sum(one.frozen_bytes for one in needs.parameters)
    of_states = n_gpus if sharding in _SHARES_STATES else 1
    of_weights = n_gpus if sharding in _SHARES_WEIGHTS else 1
    samples = -(-needs.batch_size // n_gpus)
    return MemoryPlan(
        sharding=sharding,
        n_gpus=n_gpus,
        weights=_share(_SINGLE * n_trainable + frozen, of_weights),
        gathered_weights=2 * needs.largest_block_weights if of_weights > 1 else 0,
        gradients=_share(_SINGLE * n_trainable, of_states),
        optimiser=_share(_SINGLE * needs.n_moments, of_states),
        average=_share(_SINGLE * n_trainable, of_states),
        activations=needs.activations.of(samples),
        checkpointed_activations=needs.checkpointed_activations.of(samples),
    )


def _share(n_bytes: int, n_gpus: int) -> int:
    return -(-n_bytes // n_gpus)
