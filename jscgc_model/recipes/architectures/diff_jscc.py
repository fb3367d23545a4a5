"""DiffJSCC: CJSCC, and a diffusion model that is shown its image."""

from typing import ClassVar, Literal

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
from jscgc_model.training.settings import TrainingSettings
from jscgc_theory.errors import InputError


class DiffJSCCArchitecture(SystemArchitecture):
    """Stage one is CJSCC; stage two a U-Net with a ControlNet, on pixels or on latents."""

    pipeline: ClassVar[type[DiffJSCCPipeline]] = DiffJSCCPipeline

    kind: Literal["diff_jscc"] = "diff_jscc"
    stage_one: CJSCCArchitecture = CJSCCArchitecture()
    """What is sent, and in how many symbols."""
    stable_diffusion: str | None = None
    """Folder or hub name of the U-Net and autoencoder to start from; with null a U-Net of the
    sizes below learns to denoise ``(image - latent_shift) * latent_scale`` from the start."""
    unet_patch_size: PositiveInt = 2
    """Side of the squares of pixels that become channels of the U-Net."""
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
        backbone, vae = self._diffusion(shape[0], seed)
        return DiffJSCCSystem(
            encoder=first.encoder,
            channel=channel,
            decoder=first.decoder,
            backbone=backbone,
            controlnet=ConditionControlNet.from_backbone(backbone, seed=seed + 1),
            vae=vae,
        )

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

    def _diffusion(self, channels: int, seed: int) -> tuple[UNetBackbone, nn.Module | None]:
        if self.stable_diffusion is not None:
            return load_stable_diffusion(self.stable_diffusion)
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
        return backbone, None
