"""Sizes of a U-Net that is trained from the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count


@dataclass(frozen=True, kw_only=True)
class UNetSizes:
    """Sizes of the U-Net of Stable Diffusion 2, by diffusers' ``UNet2DConditionModel``."""

    channels: int
    """Channels of what is denoised."""
    dims: Sequence[int] = (32, 64)
    """Width at each resolution, each half of the one before; multiples of ``n_groups``."""
    attends: Sequence[bool] = (False, False)
    """Whether there is attention at each resolution; in the middle there always is."""
    n_blocks: int = 1
    """Residual blocks at each resolution."""
    head_dim: int = 16
    """Width of an attention head."""
    prompt_dim: int = 16
    """Width of a row of the prompt."""
    n_groups: int = 8
    """Groups of the group norms."""

    def __post_init__(self) -> None:
        for name in ("channels", "n_blocks", "head_dim", "prompt_dim", "n_groups"):
            check_count(getattr(self, name), name=name)
        if not self.dims or len(self.dims) != len(self.attends):
            raise InputError(
                f"{len(self.dims)} dims and {len(self.attends)} attends do not fit; give one of "
                "each for every resolution"
            )
        for dim in self.dims:
            if check_count(dim, name="an entry of dims") % self.n_groups:
                raise InputError(
                    f"dim = {dim} does not split into {self.n_groups} groups; give a multiple"
                )
            if dim % self.head_dim:
                raise InputError(
                    f"dim = {dim} does not split into heads of {self.head_dim}; give a multiple"
                )

    def unet_config(self) -> dict[str, Any]:
        """Return the arguments of diffusers' class.

        Returns:
            Arguments.
        """
        return {
            "in_channels": self.channels,
            "out_channels": self.channels,
            "block_out_channels": tuple(self.dims),
            "down_block_types": tuple(
                "CrossAttnDownBlock2D" if one else "DownBlock2D" for one in self.attends
            ),
            "up_block_types": tuple(
                "CrossAttnUpBlock2D" if one else "UpBlock2D" for one in reversed(self.attends)
            ),
            "layers_per_block": self.n_blocks,
            # Diffusers takes this for the number of heads.
            "attention_head_dim": tuple(dim // self.head_dim for dim in self.dims),
            "cross_attention_dim": self.prompt_dim,
            "norm_num_groups": self.n_groups,
            "use_linear_projection": True,
        }
