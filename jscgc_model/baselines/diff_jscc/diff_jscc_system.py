"""DiffJSCC: a reconstruction, and a diffusion model that is shown it."""

import math
from typing import NamedTuple, cast

from jaxtyping import Float, Int
from torch import Tensor, nn

from jscgc_model.baselines.diff_jscc.condition_controlnet import ConditionControlNet
from jscgc_model.baselines.diff_jscc.ddim import Prediction, ddim_sample
from jscgc_model.baselines.diff_jscc.unet_backbone import Residuals, UNetBackbone
from jscgc_model.baselines.reconstruction_loss import squared_error
from jscgc_model.baselines.reconstruction_system import Decoder
from jscgc_model.channel import Channel, mean_snr_db
from jscgc_model.generator.guidance import guided
from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.latent import AutoencoderCodec, LatentCodec
from jscgc_model.system import CommunicationSystem, TransmissionDraw
from jscgc_theory.errors import InputError


class Condition(NamedTuple):
    """What the receiver tells the diffusion model."""

    latents: Float[Tensor, "batch channels height width"]
    """Of the image of stage one."""
    snr_db: Float[Tensor, " batch"]
    """Mean over the symbols, given their gains."""


class DiffJSCCSystem(CommunicationSystem):
    """Stage one reconstructs what was sent; stage two draws an image that looks like one.

    Stage one is trained by its own squared error alone: the diffusion loss reaches neither
    encoder nor decoder, so that both stages can be trained in one run.

    Args:
        encoder: Of stage one.
        channel: Sends its symbols.
        decoder: Of stage one.
        backbone: The diffusion model.
        controlnet: Tells it the image of stage one.
        vae: Autoencoder of the diffusion model's latents; None if it works on pixels.

    References:
        Yang et al., DiffJSCC, IEEE Trans. Mach. Learn. Commun. Netw. 3, 2025.
    """

    def __init__(
        self,
        encoder: nn.Module,
        channel: Channel,
        decoder: nn.Module,
        backbone: UNetBackbone,
        controlnet: ConditionControlNet,
        vae: nn.Module | None = None,
    ) -> None:
        super().__init__(encoder, channel)
        self.decoder = decoder
        self.backbone = backbone
        self.controlnet = controlnet
        if vae is not None:
            self.vae = vae
        self._codec: LatentCodec = backbone.codec if vae is None else AutoencoderCodec(vae)

    def train_backbone(self, is_trainable: bool) -> None:
        """Say whether the U-Net learns too; stage one and the ControlNet always do.

        Args:
            is_trainable: Whether it does.
        """
        self.backbone.requires_grad_(is_trainable)

    def reconstruct(
        self,
        features: Float[Tensor, "batch n_symbols n_features"],
        like: Float[Tensor, "batch channels height width"],
    ) -> Float[Tensor, "batch channels height width"]:
        """Return the images of stage one.

        Args:
            features: What the receiver knows of each symbol.
            like: Says the size of the images.

        Returns:
            Images in data units.
        """
        height, width = like.shape[-2:]
        return cast(Decoder, self.decoder)(features, height, width)

    def prediction(
        self,
        noisy: Float[Tensor, "batch channels height width"],
        timesteps: Int[Tensor, " batch"],
        condition: Condition | None = None,
        *,
        keeps_condition: Float[Tensor, " batch"] | None = None,
    ) -> Float[Tensor, "batch channels height width"]:
        """Return what the diffusion model predicts; without condition, of the law of x alone.

        Args:
            noisy: Noisy latents.
            timesteps: Of each sample.
            condition: What the receiver tells; None for the unconditional model.
            keeps_condition: 1 for the samples whose condition counts, 0 for the others; None if
                all count.

        Returns:
            Noise or velocity, as the schedule says.
        """
        if condition is None:
            return self.backbone(noisy, timesteps)
        skips, middle = cast(
            Residuals, self.controlnet(noisy, timesteps, self.backbone.prompt, *condition)
        )
        if keeps_condition is not None:
            kept = keeps_condition[:, None, None, None]
            skips, middle = tuple(kept * one for one in skips), kept * middle
        return self.backbone(noisy, timesteps, (skips, middle))

    def forward(
        self, x: Float[Tensor, "batch channels height width"], draw: TransmissionDraw
    ) -> Float[Tensor, " batch"]:
        """Return the sum of both stages' losses for each sample, each averaged over values.

        ``|x_hat - x|^2``, whose gradient reaches the encoder through the channel, and the squared
        error of what the diffusion model predicts.

        Args:
            x: Images in data units.
            draw: Times, noise, SNRs and the channel's randomness.

        Returns:
            Losses.
        """
        features = self.transmit(x, draw.snr_db, draw.channel).features()
        reconstructed = self.reconstruct(features, x)
        condition = self._condition(features.detach(), reconstructed.detach())
        schedule = self.backbone.schedule
        timesteps = schedule.timesteps_at(draw.time)
        latents = self._codec.encode(x)
        noise = _as_latents(draw.noise, latents.shape[1:])
        found = self.prediction(
            schedule.diffuse(latents, noise, timesteps),
            timesteps,
            condition,
            keeps_condition=draw.keeps_condition,
        )
        target = schedule.target(latents, noise, timesteps)
        return squared_error(x, reconstructed) + squared_error(target, found)

    def generate(
        self,
        features: Float[Tensor, "batch n_symbols n_features"],
        noise: Float[Tensor, "batch channels height width"],
        sampler: SamplerSettings,
        *,
        guidance_scale: float = 1.0,
    ) -> Float[Tensor, "batch channels height width"]:
        """Draw images by DDIM.

        Args:
            features: What the receiver knows of each symbol.
            noise: x_T, one draw for each sample, in the shape of the images.
            sampler: Number of steps; solvers and shifts are those of flows.
            guidance_scale: w of classifier-free guidance; 1 for none.

        Returns:
            Images in data units.

        Raises:
            InputError: If a solver or a shift is asked for that DDIM does not have.
        """
        if sampler.method != "euler" or sampler.shift != 1.0:
            raise InputError(
                f"sampler.method = {sampler.method!r} with shift {sampler.shift:g} is no sampler "
                "of a diffusion model; leave them at 'euler' and 1, which stand for DDIM"
            )
        condition = self._condition(features, self.reconstruct(features, noise))

        def conditional(noisy: Tensor, timesteps: Tensor) -> Tensor:
            return self.prediction(noisy, timesteps, condition)

        predict: Prediction = guided(conditional, self.prediction, guidance_scale)
        start = _as_latents(noise, self._codec.latent_shape(tuple(noise.shape[1:])))
        drawn = ddim_sample(predict, start, self.backbone.schedule, sampler.n_steps)
        return self._codec.decode(drawn)

    def _condition(self, features: Tensor, reconstructed: Tensor) -> Condition:
        return Condition(self._codec.encode(reconstructed), mean_snr_db(features))


def _as_latents(noise: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return noise of the shape of latents, which have no more values than their images."""
    return noise.flatten(1)[:, : math.prod(shape)].unflatten(1, shape)
