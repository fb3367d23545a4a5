"""A system that reconstructs, as a pipeline."""

from typing import Any

from torch import nn

from jscgc_model.baselines.reconstruction_system import ReconstructionSystem
from jscgc_model.channel import Channel, ChannelSettings
from jscgc_model.pipelines.communication_pipeline import CommunicationPipeline


class ReconstructionPipeline(CommunicationPipeline):
    """Sends images over the channel and decodes what arrives; all draws of one are equal.

    Args:
        encoder: Makes channel symbols.
        decoder: Makes images of what was received.
        channel_settings: Of the channel, as a dictionary; the defaults if None.
        sampler_settings: Without effect.
        latent_shift: The networks work on ``(sample - latent_shift) * latent_scale``.
        latent_scale: See there.
    """

    _system: ReconstructionSystem

    def __init__(
        self,
        encoder: nn.Module,
        decoder: nn.Module,
        channel_settings: dict[str, Any] | None = None,
        sampler_settings: dict[str, Any] | None = None,
        latent_shift: float = 0.0,
        latent_scale: float = 1.0,
    ) -> None:
        channel = Channel(ChannelSettings(**(channel_settings or {})))
        system = ReconstructionSystem(encoder, channel, decoder)
        super().__init__(system, sampler_settings, latent_shift, latent_scale)

    @property
    def system(self) -> ReconstructionSystem:
        """The networks and the channel."""
        return self._system
