"""Systems as the evaluation sees them: images in, images and the bill for the channel out."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.baselines.capacity_separated import (
    CapacitySeparatedReference,
    SeparatedCodingSettings,
)
from jscgc_model.channel import ChannelSettings
from jscgc_model.pipelines import CommunicationPipeline


@dataclass(frozen=True, eq=False, kw_only=True)
class Delivered:
    """What became of a batch of images."""

    images: Float[Tensor, "batch n_draws channels height width"]
    """As the system made them, values outside [0, 1] included."""
    n_symbols: int
    """Complex symbols of each image."""
    channel: ChannelSettings
    n_failed: int = 0
    """Images for which the system had nothing to send but one colour."""


@runtime_checkable
class EvaluatedSystem(Protocol):
    """A system that can be held beside others."""

    n_parameters: int
    n_steps: int | None
    """Steps of the sampler; None for a system that has none."""
    digest: str
    """What tells the system from others: of weights and settings."""

    def deliver(
        self,
        images: Float[Tensor, "batch channels height width"],
        snr_db: float,
        *,
        n_draws: int,
        generator: torch.Generator,
    ) -> Delivered:
        """Send images.

        Args:
            images: Pixels in [0, 1].
            snr_db: Es/N0 in dB.
            n_draws: Draws for each image.
            generator: All randomness; the noise of the channel is drawn first.

        Returns:
            What arrived.
        """


class PipelineSystem:
    """A trained system.

    Args:
        pipeline: Its pipeline.
        n_steps: Steps of the sampler; None for the pipeline's own.
    """

    def __init__(self, pipeline: CommunicationPipeline, *, n_steps: int | None = None) -> None:
        self._pipeline = pipeline
        self._asked_steps = n_steps
        system = pipeline.system
        self.n_parameters = sum(one.numel() for one in system.parameters())
        self.n_steps = (n_steps or pipeline.sampler.n_steps) if system.draws_differ else None
        told = {key: one for key, one in pipeline.config.items() if not key.startswith("_")}
        self.digest = _digest(system, f"{told} {n_steps}")

    @property
    def channel(self) -> ChannelSettings:
        """The channel it was trained for."""
        return self._pipeline.system.channel.settings

    def deliver(
        self,
        images: Float[Tensor, "batch channels height width"],
        snr_db: float,
        *,
        n_draws: int,
        generator: torch.Generator,
    ) -> Delivered:
        """Send images through the pipeline, at once."""
        output = self._pipeline(
            images,
            snr_db,
            num_inference_steps=self._asked_steps,
            num_draws=n_draws,
            generator=generator,
            batch_size=len(images),
        )
        received = output.received
        return Delivered(
            images=output.samples,
            n_symbols=received.sent.shape[1],
            channel=received.settings,
        )

    def n_symbols(self, images: Float[Tensor, "batch channels height width"]) -> int:
        """Return how many symbols an image of some size takes.

        Args:
            images: Images of the size.

        Returns:
            Complex symbols.
        """
        received = self._pipeline.transmit(images[:1], 0.0, torch.Generator().manual_seed(0))
        return received.sent.shape[1]


class ReferenceSystem:
    """Image files at the capacity of the channel, in as many symbols as another system takes.

    Args:
        channel: The channel.
        n_symbols: Images of one size to the symbols each may take.
        coding: The files, and which of their bits count.
    """

    n_parameters = 0
    n_steps: int | None = None

    def __init__(
        self,
        channel: ChannelSettings,
        n_symbols: Callable[[Tensor], int],
        coding: SeparatedCodingSettings,
    ) -> None:
        self._channel = channel
        self._n_symbols = n_symbols
        self._coding = coding
        self.digest = f"{channel} {coding}"

    def deliver(
        self,
        images: Float[Tensor, "batch channels height width"],
        snr_db: float,
        *,
        n_draws: int,
        generator: torch.Generator,
    ) -> Delivered:
        """Send images as files; nothing is random."""
        n_symbols = self._n_symbols(images)
        reference = CapacitySeparatedReference(
            self._channel, n_symbols=n_symbols, settings=self._coding
        )
        output = reference(images, snr_db, num_draws=n_draws)
        return Delivered(
            images=output.samples,
            n_symbols=n_symbols,
            channel=self._channel,
            n_failed=output.received.n_without_file,
        )


def as_system(given: CommunicationPipeline | EvaluatedSystem) -> EvaluatedSystem:
    """Return a pipeline, or a system that is none, as a system.

    Args:
        given: The pipeline or system.

    Returns:
        The system.
    """
    return PipelineSystem(given) if isinstance(given, CommunicationPipeline) else given


def _digest(module: nn.Module, settings: str) -> str:
    found = hashlib.sha256(settings.encode())
    for name, tensor in sorted(module.state_dict().items()):
        raw = tensor.detach().cpu().contiguous().flatten().view(torch.uint8)
        found.update(name.encode() + raw.numpy().tobytes())
    return found.hexdigest()[:16]
