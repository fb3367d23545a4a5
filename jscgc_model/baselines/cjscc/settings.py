"""The shape of CJSCC's networks, checked."""

import math
from dataclasses import dataclass

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count


@dataclass(frozen=True, kw_only=True)
class CJSCCSettings:
    """What encoder and decoder are built from."""

    image_channels: int
    patch_size: int
    base_width: int
    largest_width: int
    n_blocks: int
    symbols_per_token: int

    def __post_init__(self) -> None:
        for name in ("image_channels", "patch_size", "n_blocks", "symbols_per_token"):
            check_count(getattr(self, name), name=name)
        check_count(self.base_width, name="base_width", minimum=2)
        check_count(self.largest_width, name="largest_width", minimum=self.base_width)
        if self.patch_size & (self.patch_size - 1):
            raise InputError(
                f"patch_size = {self.patch_size} is no power of 2, and each convolution halves "
                "the grid; give 2, 4, 8 or 16"
            )

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels at full resolution and after each halving; they double up to the largest."""
        n_halvings = int(math.log2(self.patch_size))
        return tuple(
            min(self.base_width << place, self.largest_width) for place in range(n_halvings + 1)
        )
