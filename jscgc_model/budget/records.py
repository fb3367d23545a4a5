"""What a budget says."""

from jscgc_theory.records import Record


class ParameterCount(Record):
    """Parameters of one component."""

    component: str
    n_trainable: int
    n_frozen: int
    frozen_bytes: int
    """Of the frozen parameters, in the precision they are kept in."""


class MemoryPlan(Record):
    """Bytes on one GPU at the peak of a training step, without workspace and fragmentation."""

    sharding: str
    """``none``, ``zero2``, ``zero3`` or ``fsdp2``, see ``memory.py``."""
    n_gpus: int
    weights: int
    gathered_weights: int
    """Of the block at work and the next, collected from all GPUs."""
    gradients: int
    optimiser: int
    average: int
    """Moving average of the weights."""
    activations: int
    """Kept for the backward pass, for this GPU's share of the batch."""
    checkpointed_activations: int
    """The same where each block is computed again in the backward pass."""

    @property
    def states(self) -> int:
        """Bytes of everything but activations."""
        kept = self.weights + self.gathered_weights + self.gradients
        return kept + self.optimiser + self.average

    @property
    def total(self) -> int:
        """Bytes in all."""
        return self.states + self.activations

    @property
    def checkpointed_total(self) -> int:
        """Bytes in all where each block is computed again."""
        return self.states + self.checkpointed_activations


class TrainingBudget(Record):
    """What a recipe costs and what its channel carries."""

    recipe: str
    parameters: tuple[ParameterCount, ...]
    memory: tuple[MemoryPlan, ...]
    batch_size: int
    n_steps: int
    step_flops: int
    """Products of one training step, for the whole batch, nothing computed twice."""
    checkpointed_step_flops: int
    """The same with what gradient checkpointing computes again."""
    sample_flops: int
    """Products of sending and generating one sample."""
    n_velocity_calls: int
    """Calls of the velocity field for one sample."""
    n_symbols: int
    """Complex channel symbols of a sample."""
    bandwidth_ratio: float
    """Symbols over values of a sample in data units."""
    capacity_bits: dict[str, float]
    """Most bits a sample, by Es/N0 in dB."""
