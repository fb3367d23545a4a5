"""A small AutoencoderKL that can be trained here, so that natural images need no download."""

from dataclasses import dataclass

import torch
from torch import nn

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count


@dataclass(frozen=True, kw_only=True)
class SmallAutoencoderSettings:
    """Sizes of an AutoencoderKL; the defaults suit crops of 32 to 64 pixels."""

    image_channels: int = 3
    latent_channels: int = 4
    widths: tuple[int, ...] = (16, 32, 32)
    """Channels of each stage; every stage but the last halves the sides."""
    blocks_per_stage: int = 1
    n_groups: int = 8
    """Groups of the normalisation; each width must be a multiple."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))
        for name in ("image_channels", "latent_channels", "blocks_per_stage", "n_groups"):
            check_count(getattr(self, name), name=name)
        if not self.widths:
            raise InputError("widths = () names no stage; give one width at least")
        for width in self.widths:
            if check_count(width, name="width") % self.n_groups:
                raise InputError(
                    f"widths = {self.widths} holds {width}, no multiple of n_groups = "
                    f"{self.n_groups}; give multiples"
                )


def build_autoencoder(settings: SmallAutoencoderSettings, *, seed: int) -> nn.Module:
    """Return an untrained AutoencoderKL of diffusers, its latents not scaled.

    Without attention in the middle it takes images of any size as it takes crops.

    Args:
        settings: Its sizes.
        seed: Decides the initial weights.

    Returns:
        The network; ``save_pretrained`` writes what ``load_autoencoder`` reads.
    """
    from diffusers import AutoencoderKL

    n_stages = len(settings.widths)
    with torch.random.fork_rng(devices=()):
        torch.default_generator.manual_seed(seed)
        autoencoder: nn.Module = AutoencoderKL(
            in_channels=settings.image_channels,
            out_channels=settings.image_channels,
            latent_channels=settings.latent_channels,
            block_out_channels=settings.widths,
            down_block_types=("DownEncoderBlock2D",) * n_stages,
            up_block_types=("UpDecoderBlock2D",) * n_stages,
            layers_per_block=settings.blocks_per_stage,
            norm_num_groups=settings.n_groups,
            scaling_factor=1.0,
            shift_factor=0.0,
            use_quant_conv=False,
            use_post_quant_conv=False,
            mid_block_add_attention=False,
        )
    return autoencoder
