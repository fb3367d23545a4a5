"""Encoder, channel and decoder as one module: what arrives decides the image."""

from collections.abc import Callable
from typing import ClassVar, cast

from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.baselines.reconstruction_loss import ReconstructionLoss, squared_error
from jscgc_model.channel import Channel
from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.system import CommunicationSystem, TransmissionDraw
from jscgc_theory.errors import InputError

Decoder = Callable[[Tensor, int, int], Float[Tensor, "batch channels height width"]]
"""(features, height, width) to images."""


class ReconstructionSystem(CommunicationSystem):
    """Joint source-channel coding that reconstructs: there is nothing random but the channel.

    Args:
        encoder: Makes channel symbols of images.
        channel: Sends them.
        decoder: Makes images of what was received.
        loss: What is minimised.
    """

    draws_differ: ClassVar[bool] = False

    def __init__(
        self,
        encoder: nn.Module,
        channel: Channel,
        decoder: nn.Module,
        loss: ReconstructionLoss = squared_error,
    ) -> None:
        super().__init__(encoder, channel)
        self.decoder = decoder
        self.loss = loss

    def train_backbone(self, is_trainable: bool) -> None:
        """Refuse to freeze a generator where there is none.

        Args:
            is_trainable: Must be true.

        Raises:
            InputError: If it is not.
        """
        if not is_trainable:
            raise InputError(
                "train_backbone = false freezes a generator, and a system that reconstructs has "
                "none; leave it true"
            )

    def forward(
        self, x: Float[Tensor, "batch channels height width"], draw: TransmissionDraw
    ) -> Float[Tensor, " batch"]:
        """Return the loss of each reconstruction.

        Args:
            x: Images in data units.
            draw: SNRs and the channel's randomness count, the rest has no say.

        Returns:
            Losses.
        """
        received = self.transmit(x, draw.snr_db, draw.channel)
        return self.loss(x, self._decoded(received.features(), x))

    def generate(
        self,
        features: Float[Tensor, "batch n_symbols n_features"],
        noise: Float[Tensor, "batch channels height width"],
        sampler: SamplerSettings,
        *,
        guidance_scale: float = 1.0,
    ) -> Float[Tensor, "batch channels height width"]:
        """Reconstruct what was sent.

        Args:
            features: What the receiver knows of each symbol.
            noise: Says the size of the images alone.
            sampler: Has no say.
            guidance_scale: Has no say.

        Returns:
            Images in data units.
        """
        return self._decoded(features, noise)

    def _decoded(self, features: Tensor, like: Tensor) -> Tensor:
        height, width = like.shape[2:]
        return cast(Decoder, self.decoder)(features, height, width)
