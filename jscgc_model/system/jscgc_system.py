"""Encoder, channel, adapter and generator as one module."""

from collections.abc import Callable
from typing import cast

from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.channel import Channel
from jscgc_model.generator.guidance import guided
from jscgc_model.generator.interpolation_path import interpolate, velocity_target
from jscgc_model.generator.samplers import SamplerSettings, Velocity, sample
from jscgc_model.generator.velocity_model import VelocityModel
from jscgc_model.system.communication_system import CommunicationSystem
from jscgc_model.system.transmission_draw import TransmissionDraw

Adapter = Callable[[Tensor, Tensor, Tensor], dict[int, Tensor]]
"""(features, noisy, time) to residuals by layer."""


class JSCGCSystem(CommunicationSystem):
    """Encoder, channel, CA-Adapter and generator as one module, as data parallelism needs it.

    Args:
        encoder: Makes channel symbols of x.
        channel: Sends them.
        adapter: Makes residuals of what was received and of x_t.
        backbone: The velocity field nu; without residuals that of the law of x alone.
    """

    def __init__(
        self, encoder: nn.Module, channel: Channel, adapter: nn.Module, backbone: nn.Module
    ) -> None:
        super().__init__(encoder, channel)
        self.adapter = adapter
        self.backbone = backbone

    def train_backbone(self, is_trainable: bool) -> None:
        """Say whether the generator learns too, or encoder and adapter alone.

        Args:
            is_trainable: Whether it does.
        """
        cast(VelocityModel, self.backbone).set_trainable(is_trainable)

    def velocity(
        self,
        noisy: Float[Tensor, "batch ..."],
        time: Float[Tensor, " batch"],
        features: Float[Tensor, "batch n_symbols n_features"] | None = None,
        *,
        keeps_condition: Float[Tensor, " batch"] | None = None,
    ) -> Float[Tensor, "batch ..."]:
        """Return ``nu(x_s, s, y_hat)``, or ``nu(x_s, s)`` where there is no condition.

        Args:
            noisy: Points of the path.
            time: s of each; 0 is data.
            features: What the receiver knows of each symbol; None for the unconditional field.
            keeps_condition: 1 for the samples whose condition counts, 0 for the others; None if
                all count.

        Returns:
            Velocities.
        """
        backbone = cast(VelocityModel, self.backbone)
        if features is None:
            return backbone(noisy, time)
        residuals = cast(Adapter, self.adapter)(features, noisy, time)
        if keeps_condition is not None:
            kept = keeps_condition[:, None, None]
            residuals = {layer: kept * residual for layer, residual in residuals.items()}
        return backbone(noisy, time, residuals)

    def forward(
        self, x: Float[Tensor, "batch ..."], draw: TransmissionDraw
    ) -> Float[Tensor, " batch"]:
        """Return the loss (3) of each sample, ``|(x_T - x_0) - nu(x_s, s, y_hat)|^2`` per value.

        Its gradient reaches the encoder through the channel, (11).

        Args:
            x: Samples or latents.
            draw: Times, noise, SNRs and the channel's randomness.

        Returns:
            Squared errors, averaged over the values of a sample.
        """
        received = self.transmit(x, draw.snr_db, draw.channel)
        noisy = interpolate(x, draw.noise, draw.time)
        found = self.velocity(
            noisy, draw.time, received.features(), keeps_condition=draw.keeps_condition
        )
        return (found - velocity_target(x, draw.noise)).square().flatten(1).mean(dim=1)

    def generate(
        self,
        features: Float[Tensor, "batch n_symbols n_features"],
        noise: Float[Tensor, "batch ..."],
        sampler: SamplerSettings,
        *,
        guidance_scale: float = 1.0,
    ) -> Float[Tensor, "batch ..."]:
        """Sample from ``p(x | y_hat)``, (14).

        Args:
            features: What the receiver knows of each symbol.
            noise: x_T, one draw for each sample.
            sampler: Solver and number of steps.
            guidance_scale: w of ``v_u + w (v_c - v_u)``; 1 for none.

        Returns:
            Generated samples or latents.
        """

        def conditional(noisy: Tensor, time: Tensor) -> Tensor:
            return self.velocity(noisy, time, features)

        field: Velocity = guided(conditional, self.velocity, guidance_scale)
        return sample(field, noise, sampler)
