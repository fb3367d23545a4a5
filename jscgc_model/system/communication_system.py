"""What every trained system offers: the trainer, pipelines and judges know no more of one."""

import abc
from collections.abc import Callable
from typing import ClassVar, cast

from jaxtyping import Complex, Float
from torch import Tensor, nn

from jscgc_model.channel import Channel, ChannelDraw, Received
from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.system.transmission_draw import TransmissionDraw

Encoder = Callable[[Tensor, Tensor], Complex[Tensor, "batch n_symbols"]]
"""(x, snr_db) to symbols."""


class CommunicationSystem(nn.Module, abc.ABC):
    """An encoder, a channel, and what makes samples of what arrives, as one module.

    Its children are the networks that a pipeline saves, each under its name.

    Args:
        encoder: Makes channel symbols of x.
        channel: Sends them.
    """

    draws_differ: ClassVar[bool] = True
    """Whether :meth:`generate` makes different samples of different noise."""

    def __init__(self, encoder: nn.Module, channel: Channel) -> None:
        super().__init__()
        self.encoder = encoder
        self.channel = channel

    def transmit(
        self, x: Float[Tensor, "batch ..."], snr_db: Float[Tensor, " batch"], draw: ChannelDraw
    ) -> Received:
        """Encode samples and send them.

        Args:
            x: Samples or latents of unit scale.
            snr_db: Es/N0 of each in dB.
            draw: Randomness of the channel.

        Returns:
            What was sent and what was received.
        """
        symbols = cast(Encoder, self.encoder)(x, snr_db)
        return self.channel.transmit(symbols, snr_db, draw)

    @abc.abstractmethod
    def train_backbone(self, is_trainable: bool) -> None:
        """Say whether the generator learns too, or what stands around it alone.

        Args:
            is_trainable: Whether it does.
        """

    @abc.abstractmethod
    def forward(
        self, x: Float[Tensor, "batch ..."], draw: TransmissionDraw
    ) -> Float[Tensor, " batch"]:
        """Return the loss of each sample; its gradient reaches the encoder through the channel.

        Args:
            x: Samples or latents.
            draw: Everything that is random in the loss.

        Returns:
            Losses.
        """

    @abc.abstractmethod
    def generate(
        self,
        features: Float[Tensor, "batch n_symbols n_features"],
        noise: Float[Tensor, "batch ..."],
        sampler: SamplerSettings,
        *,
        guidance_scale: float = 1.0,
    ) -> Float[Tensor, "batch ..."]:
        """Make samples of what was received.

        Args:
            features: What the receiver knows of each symbol.
            noise: x_T, one draw for each sample; it says the shape of the samples too.
            sampler: Solver and number of steps.
            guidance_scale: w of classifier-free guidance; 1 for none.

        Returns:
            Samples or latents.
        """
