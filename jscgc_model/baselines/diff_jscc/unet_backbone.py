"""The diffusion model of stage two: a U-Net, its prompt, and the schedule it is trained with."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Self

import torch
from diffusers.configuration_utils import ConfigMixin
from diffusers.models.modeling_utils import ModelMixin
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from jaxtyping import Float, Int
from torch import Tensor, nn

from jscgc_model.baselines.diff_jscc.noise_schedule import SCHEDULES, NoiseSchedule
from jscgc_model.baselines.diff_jscc.unet_sizes import UNetSizes
from jscgc_model.latent import PixelCodec
from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count

Residuals = tuple[tuple[Tensor, ...], Tensor]
"""What a ControlNet adds to the skip connections, and to the middle block."""


class UNetBackbone(ModelMixin, ConfigMixin):
    """The denoiser of Stable Diffusion, with one cached prompt.

    Args:
        unet_config: Arguments of diffusers' ``UNet2DConditionModel``.
        schedule_config: Of the scheduler of diffusers it is trained with.
        patch_size: Side of the squares of cells that become channels before the first layer, and
            cells again after the last; 1 for Stable Diffusion.
        latent_shift: Without an autoencoder, ``(image - latent_shift) * latent_scale`` is what is
            denoised.
        latent_scale: See there.
        n_prompt_rows: Rows of the prompt, zeros until :meth:`store_prompt`.
        seed: Of the initial weights.
    """

    _supports_gradient_checkpointing = True
    prompt: Tensor

    def __init__(
        self,
        unet_config: Mapping[str, Any],
        schedule_config: Mapping[str, Any],
        *,
        patch_size: int = 1,
        latent_shift: float = 0.0,
        latent_scale: float = 1.0,
        n_prompt_rows: int = 1,
        seed: int = 0,
    ) -> None:
        super().__init__()
        own = {key: value for key, value in unet_config.items() if not key.startswith("_")}
        self.register_to_config(
            unet_config=own,
            schedule_config=dict(schedule_config),
            patch_size=patch_size,
            latent_shift=latent_shift,
            latent_scale=latent_scale,
            n_prompt_rows=n_prompt_rows,
            seed=seed,
        )
        with torch.random.fork_rng(devices=()):
            torch.default_generator.manual_seed(seed)
            self.unet = UNet2DConditionModel(**own)
        self.schedule = NoiseSchedule(schedule_config)
        self.codec = PixelCodec(latent_shift, latent_scale)
        self.patch_size = check_count(patch_size, name="patch_size")
        rows = check_count(n_prompt_rows, name="n_prompt_rows")
        self.register_buffer("prompt", torch.zeros(rows, self.unet.config.cross_attention_dim))

    @classmethod
    def from_sizes(
        cls,
        sizes: UNetSizes,
        *,
        schedule: str = "cosine",
        patch_size: int = 1,
        latent_shift: float = 0.0,
        latent_scale: float = 1.0,
        seed: int = 0,
    ) -> Self:
        """Return a backbone to be trained from the start; its prompt is one row of zeros.

        Args:
            sizes: Of its U-Net; the channels are those of the data.
            schedule: Name of a schedule.
            patch_size: See the class.
            latent_shift: See the class.
            latent_scale: See the class.
            seed: Of the initial weights.

        Returns:
            The backbone.

        Raises:
            InputError: If there is no such schedule.
        """
        if schedule not in SCHEDULES:
            raise InputError(f"schedule = {schedule!r} is unknown; choose from {list(SCHEDULES)}")
        folded = replace(sizes, channels=sizes.channels * patch_size**2)
        return cls(
            folded.unet_config(),
            SCHEDULES[schedule],
            patch_size=patch_size,
            latent_shift=latent_shift,
            latent_scale=latent_scale,
            seed=seed,
        )

    def store_prompt(self, prompt: Float[Tensor, "n_rows prompt_dim"]) -> None:
        """Replace the prompt, say by the text encoder's embedding of the empty one.

        Args:
            prompt: The embedding.

        Raises:
            InputError: If its width is not the backbone's, or it is empty.
        """
        width = self.prompt.shape[1]
        if not len(prompt) or prompt.shape[1] != width:
            raise InputError(
                f"prompt has shape {tuple(prompt.shape)}; give at least one row of {width}"
            )
        self.register_to_config(n_prompt_rows=len(prompt))
        self.prompt = prompt.detach().to(self.prompt).clone()

    def forward(
        self,
        noisy: Float[Tensor, "batch channels height width"],
        timesteps: Int[Tensor, " batch"],
        residuals: Residuals | None = None,
    ) -> Float[Tensor, "batch channels height width"]:
        """Predict what the schedule says.

        Args:
            noisy: Noisy data.
            timesteps: Of each sample.
            residuals: Of a ControlNet; None for the unconditional model.

        Returns:
            Noise or velocity.

        Raises:
            InputError: If the sides are no multiples of the U-Net's stride.
        """
        self._check(noisy)
        folded = nn.functional.pixel_unshuffle(noisy, self.patch_size)
        skips, middle = residuals or (None, None)
        predicted = self.unet(
            folded,
            timesteps,
            self.prompt.expand(len(noisy), -1, -1),
            down_block_additional_residuals=skips,
            mid_block_additional_residual=middle,
            return_dict=False,
        )[0]
        return nn.functional.pixel_shuffle(predicted, self.patch_size)

    def _check(self, noisy: Tensor) -> None:
        channels, height, width = noisy.shape[1:]
        expected = self.unet.config.in_channels // self.patch_size**2
        stride = self.patch_size * 2 ** (len(self.unet.config.block_out_channels) - 1)
        if channels != expected or height % stride or width % stride:
            raise InputError(
                f"{channels} x {height} x {width} cannot be denoised; give {expected} channels "
                f"and sides that are multiples of {stride}"
            )
