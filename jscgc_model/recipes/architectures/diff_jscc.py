"""DiffJSCC: CJSCC, and a diffusion model that is shown its image."""

from typing import ClassVar, Literal, Self

from pydantic import FiniteFloat, PositiveFloat, PositiveInt
from torch import nn

from jscgc_model.baselines.diff_jscc import (
    ConditionControlNet,
    DiffJSCCSystem,
    UNetBackbone,
    UNetSizes,
    load_stable_diffusion,
)
from jscgc_model.channel import Channel
from jscgc_model.pipelines import DiffJSCCPipeline
from jscgc_model.recipes.architectures.base import SystemArchitecture
from jscgc_model.recipes.architectures.cjscc import CJSCCArchitecture
from jscgc_model.recipes.codecs import AutoencoderChoice, read_codec
from jscgc_model.training.settings import TrainingSettings
from jscgc_theory.errors import InputError


class DiffJSCCArchitecture(SystemArchitecture):
    """Stage one is CJSCC; stage two a U-Net with a ControlNet, on pixels or on latents."""

    pipeline: ClassVar[type[DiffJSCCPipeline]] = DiffJSCCPipeline

    kind: Literal["diff_jscc"] = "diff_jscc"
    stage_one: CJSCCArchitecture = CJSCCArchitecture()
    """What is sent, and in how many symbols."""
    stable_diffusion: str | None = None
    """Folder or hub name of U-Net and autoencoder; with null a U-Net of the sizes below learns
    from the start."""
    autoencoder: AutoencoderChoice | None = None
    """Whose latents such a U-Net denoises; with null it denoises ``(image - latent_shift) *
    latent_scale``."""
    unet_patch_size: PositiveInt = 2
    """Side of the squares of cells, pixels or latent, that become channels of the U-Net."""
    unet_dims: tuple[PositiveInt, ...] = (32, 64)
    unet_attends: tuple[bool, ...] = (False, False)
    """Whether there is attention at each resolution; in the middle there always is."""
    unet_blocks: PositiveInt = 1
    """Residual blocks at each resolution."""
    schedule: Literal["cosine", "stable_diffusion"] = "cosine"
    latent_shift: FiniteFloat = 0.5
    latent_scale: PositiveFloat = 4.0

    def build(self, shape: tuple[int, ...], channel: Channel, seed: int) -> DiffJSCCSystem:
        """Return such a system, see the base class."""
        first = self.stage_one.build(shape, channel, seed + 2)
        backbone, vae = self._diffusion(shape, seed)
        return DiffJSCCSystem(
            encoder=first.encoder,
            channel=channel,
            decoder=first.decoder,
            backbone=backbone,
            controlnet=ConditionControlNet.from_backbone(backbone, seed=seed + 1),
            vae=vae,
        )

    def without_files(self) -> Self:
        """Return the same architecture, if it reads no files.

        Returns:
            The architecture.

        Raises:
            InputError: If it does, so that its sizes are unknown before.
        """
        if self.stable_diffusion is not None or self.autoencoder is not None:
            raise InputError(
                "the sizes of architecture.stable_diffusion and architecture.autoencoder stand in "
                "their files alone; leave them null in a dry run"
            )
        return self

    def check_training(self, training: TrainingSettings) -> None:
        """Refuse a weight that would weigh stage one by the times of stage two.

        Args:
            training: How the system would be trained.

        Raises:
            InputError: If there is one.
        """
        if training.loss_weight != "uniform":
            raise InputError(
                f"training.loss_weight = {training.loss_weight!r} is about flows; set it to "
                "'uniform' for a diffusion model"
            )

    def _diffusion(
        self, shape: tuple[int, ...], seed: int
    ) -> tuple[UNetBackbone, nn.Module | None]:
        if self.stable_diffusion is not None:
            return load_stable_diffusion(self.stable_diffusion)
        vae, channels = None, shape[0]
        if self.autoencoder is not None:
            _check_no_cache(self.autoencoder)
            vae = read_codec(self.autoencoder, shape).autoencoder
            channels = self.autoencoder.latent_channels
        sizes = UNetSizes(
            channels=channels,
            dims=self.unet_dims,
            attends=self.unet_attends,
            n_blocks=self.unet_blocks,
        )
        backbone = UNetBackbone.from_sizes(
            sizes,
            schedule=self.schedule,
            patch_size=self.unet_patch_size,
            latent_shift=self.latent_shift,
            latent_scale=self.latent_scale,
            seed=seed,
        )
        return backbone, vae


def _check_no_cache(chosen: AutoencoderChoice) -> None:
    if chosen.cache is not None:
        raise InputError(
            f"architecture.autoencoder.cache = {chosen.cache!r} cannot serve: stage one is "
            "trained on the images themselves; leave it null"
        )
