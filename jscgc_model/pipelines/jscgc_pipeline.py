"""JSCGC as a pipeline."""

from typing import Any, ClassVar

from torch import nn

from jscgc_model.channel import Channel, ChannelSettings
from jscgc_model.pipelines.communication_pipeline import CommunicationPipeline
from jscgc_model.system import JSCGCSystem


class JSCGCPipeline(CommunicationPipeline):
    """Sends samples over the channel and generates from what arrives.

    Args:
        encoder: Makes channel symbols.
        adapter: Makes residuals of what was received.
        backbone: The velocity field.
        channel_settings: Of the channel, as a dictionary; the defaults if None.
        sampler_settings: Of the sampler, likewise.
        latent_shift: The networks work on ``(sample - latent_shift) * latent_scale``.
        latent_scale: See there.
        vae: An autoencoder whose latents the networks work on instead; None for none.
    """

    takes_codec: ClassVar[bool] = True
    _optional_components: ClassVar[list[str]] = ["vae"]
    _system: JSCGCSystem

    def __init__(
        self,
        encoder: nn.Module,
        adapter: nn.Module,
        backbone: nn.Module,
        channel_settings: dict[str, Any] | None = None,
        sampler_settings: dict[str, Any] | None = None,
        latent_shift: float = 0.0,
        latent_scale: float = 1.0,
        vae: nn.Module | None = None,
    ) -> None:
        channel = Channel(ChannelSettings(**(channel_settings or {})))
        system = JSCGCSystem(encoder, channel, adapter, backbone)
        super().__init__(system, sampler_settings, latent_shift, latent_scale, vae)

    @property
    def system(self) -> JSCGCSystem:
        """The networks and the channel."""
        return self._system
