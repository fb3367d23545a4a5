"""Sizes of a Z-Image transformer, and what diffusers calls them."""

from dataclasses import dataclass
from typing import Any

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count

# Rotary embeddings split each head between frame, row and column as 1 : 1.5 : 1.5 of even parts.
_HEAD_UNIT = 16


@dataclass(frozen=True, kw_only=True)
class ZImageSizes:
    """Sizes of a :class:`.ZImageBackbone` trained here; the defaults suit images of 16 pixels."""

    in_channels: int = 1
    """Channels of the image or latent."""
    patch_size: int = 4
    """Pixels of a token's side."""
    dim: int = 64
    """Width of a token."""
    n_layers: int = 4
    """Layers that see the whole sequence."""
    n_heads: int = 2
    """Attention heads; dim / n_heads must be a multiple of 16."""
    n_refiner_layers: int = 0
    """Layers that see only the image, and as many that see only the caption, before the others."""
    caption_dim: int = 8
    """Width of a caption row."""
    max_grid: int = 64
    """Most tokens along a side of an image."""
    max_caption_rows: int = 128
    """Most rows of a caption."""

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            least = 0 if name == "n_refiner_layers" else 1
            check_count(getattr(self, name), name=name, minimum=least)
        if self.dim % (self.n_heads * _HEAD_UNIT):
            raise InputError(
                f"dim = {self.dim} with {self.n_heads} heads gives heads of "
                f"{self.dim / self.n_heads:g}; make each a multiple of {_HEAD_UNIT}"
            )

    def transformer_config(self) -> dict[str, Any]:
        """Return the sizes as arguments of diffusers' ``ZImageTransformer2DModel``.

        Returns:
            The arguments.
        """
        unit = self.dim // self.n_heads // _HEAD_UNIT
        return {
            "all_patch_size": [self.patch_size],
            "all_f_patch_size": [1],
            "in_channels": self.in_channels,
            "dim": self.dim,
            "n_layers": self.n_layers,
            "n_refiner_layers": self.n_refiner_layers,
            "n_heads": self.n_heads,
            "n_kv_heads": self.n_heads,
            "cap_feat_dim": self.caption_dim,
            "axes_dims": [4 * unit, 6 * unit, 6 * unit],
            # The image stands one frame behind the last row of the caption.
            "axes_lens": [self.max_caption_rows + 2, self.max_grid, self.max_grid],
        }
