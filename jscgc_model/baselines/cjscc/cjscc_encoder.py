"""CJSCC's encoder: from an image to complex channel symbols."""

from itertools import pairwise

from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from jaxtyping import Complex, Float
from torch import Tensor, nn

from jscgc_model.baselines.cjscc.layers import ModulatedBlock, norm
from jscgc_model.baselines.cjscc.settings import CJSCCSettings
from jscgc_model.baselines.symbol_grid import grid_of
from jscgc_model.shapes import to_complex
from jscgc_theory.errors import InputError


class CJSCCEncoder(ModelMixin, ConfigMixin):
    """Strided convolutions, residual blocks modulated by the SNR, symbols from each cell.

    The defaults are those of DiffJSCC's first stage at a channel bandwidth ratio of 1/384: 4 real
    values for each square of 16 x 16 pixels. Where it normalises over the batch, we do over
    groups of channels, so that no image depends on another.

    Args:
        in_channels: Channels of the image.
        patch_size: Side in pixels of the square that one cell of the last map stands for.
        base_width: Channels at full resolution; they double with each halving of the grid.
        largest_width: Where they stop.
        n_blocks: Residual blocks on the last grid.
        symbols_per_token: Complex symbols for each cell.

    References:
        Yang, Liu, Wang, Kim. Diffusion-aided joint source channel coding for high realism
        wireless image transmission (DiffJSCC), 2024.
    """

    @register_to_config
    def __init__(
        self,
        in_channels: int = 3,
        patch_size: int = 16,
        base_width: int = 64,
        largest_width: int = 384,
        n_blocks: int = 4,
        symbols_per_token: int = 2,
    ) -> None:
        super().__init__()
        self.settings = CJSCCSettings(
            image_channels=in_channels,
            patch_size=patch_size,
            base_width=base_width,
            largest_width=largest_width,
            n_blocks=n_blocks,
            symbols_per_token=symbols_per_token,
        )
        widths = self.settings.widths
        layers: list[nn.Module] = [nn.Conv2d(in_channels, widths[0], kernel_size=7, padding=3)]
        for fine, coarse in pairwise(widths):
            halving = nn.Conv2d(fine, coarse, kernel_size=3, stride=2, padding=1)
            layers += [norm(fine), nn.ReLU(), halving]
        self.analysis = nn.Sequential(*layers, norm(widths[-1]), nn.ReLU())
        self.blocks = nn.ModuleList(ModulatedBlock(widths[-1]) for _ in range(n_blocks))
        self.head = nn.Conv2d(widths[-1], 2 * symbols_per_token, kernel_size=3, padding=1)

    def forward(
        self,
        images: Float[Tensor, "batch channels height width"],
        snr_db: Float[Tensor, " batch"],
    ) -> Complex[Tensor, "batch n_symbols"]:
        """Return the symbols, before any power constraint.

        Args:
            images: Pixels in [0, 1]; every side a multiple of ``patch_size``.
            snr_db: Channel state of each image in dB.

        Returns:
            Symbols, those of one cell beside each other, cells row by row.

        Raises:
            InputError: If the images do not fit the encoder.
        """
        channels, height, width = images.shape[1:]
        if channels != self.settings.image_channels:
            raise InputError(
                f"images have {channels} channels, the encoder was built for "
                f"{self.settings.image_channels}; give such images or build another encoder"
            )
        grid_of(height, width, self.settings.patch_size)
        maps = self.analysis(images)
        for block in self.blocks:
            maps = block(maps, snr_db)
        return to_complex(self.head(maps).movedim(1, -1).flatten(1))
