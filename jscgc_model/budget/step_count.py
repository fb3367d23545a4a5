"""Operations and kept activations of a training step, and operations of a generated sample."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils.flop_counter import FlopCounterMode

from jscgc_model.budget.flop_formulas import FLOP_FORMULAS
from jscgc_model.budget.saved_activations import SavedActivations
from jscgc_model.channel import Received
from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.system import CommunicationSystem
from jscgc_model.training.activation_recomputation import checkpointed_blocks
from jscgc_model.training.draws import draw_transmission
from jscgc_model.training.settings import TrainingSettings


@dataclass(frozen=True, kw_only=True)
class StepCount:
    """What a training step of some samples takes."""

    flops: int
    kept_bytes: int
    """Of activations, when the forward pass ends."""
    largest_block_bytes: int
    """Of those, within the block that keeps most, of those that can be computed again."""


class DryRun:
    """A system that runs without numbers, so that what it does can be counted.

    Args:
        system: Fake, see :func:`jscgc_model.budget.unallocated.pretend_on_cpu`.
        mode: The mode that it was made in.
        sample_shape: Of one sample or latent.
        settings: How it is trained.
    """

    def __init__(
        self,
        system: CommunicationSystem,
        mode: FakeTensorMode,
        sample_shape: tuple[int, ...],
        settings: TrainingSettings,
    ) -> None:
        self.system = system
        self.mode = mode
        self.sample_shape = sample_shape
        self.settings = settings
        with self._counting():
            self.n_symbols: int = system.encoder(*self._inputs(1)).shape[1]

    def training_step(self, n_samples: int, *, has_backward: bool = True) -> StepCount:
        """Count a forward and a backward pass.

        Args:
            n_samples: Samples of the step.
            has_backward: Whether the backward pass is made too; what is kept is known before.

        Returns:
            The count.
        """
        settings = replace(self.settings, batch_size=n_samples)
        draw = draw_transmission(
            settings, self.system.channel, self.sample_shape, self.n_symbols, step=0
        )
        kept = SavedActivations(self.system, checkpointed_blocks(self.system))
        with self._counting() as counter:
            x, _ = self._inputs(n_samples)
            is_mixed = settings.precision == "bf16"
            with kept.watched(), torch.autocast("cpu", torch.bfloat16, enabled=is_mixed):
                losses = self.system(x, draw)
            kept_bytes = kept.total
            if has_backward:
                losses.mean().backward()
        return StepCount(
            flops=counter.get_total_flops(),
            kept_bytes=kept_bytes,
            largest_block_bytes=kept.largest_block,
        )

    def sample_flops(self, sampler: SamplerSettings) -> int:
        """Count the operations of sending and generating one sample.

        Args:
            sampler: How it is generated; each of its steps costs the same.

        Returns:
            Operations.
        """
        one, two = (self._generated(replace(sampler, n_steps=count)) for count in (1, 2))
        return one + (sampler.n_steps - 1) * (two - one)

    @torch.no_grad()
    def _generated(self, sampler: SamplerSettings) -> int:
        with self._counting() as counter:
            x, _ = self._inputs(1)
            self.system.generate(self._received(x).features(), torch.empty_like(x), sampler)
        return counter.get_total_flops()

    def _received(self, x: Tensor) -> Received:
        channel = self.system.channel
        draw = channel.draw(len(x), self.n_symbols, torch.Generator())
        return self.system.transmit(x, x.new_empty(len(x)), draw)

    def _inputs(self, n_samples: int) -> tuple[Tensor, Tensor]:
        return torch.empty(n_samples, *self.sample_shape), torch.empty(n_samples)

    @contextmanager
    def _counting(self) -> Iterator[FlopCounterMode]:
        counter = FlopCounterMode(display=False, custom_mapping=FLOP_FORMULAS)
        with self.mode, counter:
            yield counter
