"""DiffJSCC as a pipeline."""

from typing import Any, ClassVar

from torch import nn

from jscgc_model.baselines.diff_jscc import ConditionControlNet, DiffJSCCSystem, UNetBackbone
from jscgc_model.channel import Channel, ChannelSettings
from jscgc_model.pipelines.communication_pipeline import CommunicationPipeline


class DiffJSCCPipeline(CommunicationPipeline):
    """Sends images over the channel, reconstructs them, and draws images that look alike.

    Args:
        encoder: Makes channel symbols.
        decoder: Makes the images of stage one.
        backbone: The diffusion model.
        controlnet: Tells it the image of stage one.
        vae: Autoencoder of the diffusion model's latents; None if it works on pixels.
        channel_settings: Of the channel, as a dictionary; the defaults if None.
        sampler_settings: Of the sampler, likewise.
        latent_shift: The networks work on ``(sample - latent_shift) * latent_scale``.
        latent_scale: See there.
    """

    _system: DiffJSCCSystem
    _optional_components: ClassVar[list[str]] = ["vae"]

    def __init__(
        self,
        encoder: nn.Module,
        decoder: nn.Module,
        backbone: UNetBackbone,
        controlnet: ConditionControlNet,
        vae: nn.Module | None = None,
        channel_settings: dict[str, Any] | None = None,
        sampler_settings: dict[str, Any] | None = None,
        latent_shift: float = 0.0,
        latent_scale: float = 1.0,
    ) -> None:
        channel = Channel(ChannelSettings(**(channel_settings or {})))
        system = DiffJSCCSystem(encoder, channel, decoder, backbone, controlnet, vae)
        super().__init__(system, sampler_settings, latent_shift, latent_scale)

    @property
    def system(self) -> DiffJSCCSystem:
        """The networks and the channel."""
        return self._system
