"""CJSCC's decoder: from what was received to an image."""

from itertools import pairwise

from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.baselines.cjscc.layers import ModulatedBlock, norm
from jscgc_model.baselines.cjscc.settings import CJSCCSettings
from jscgc_model.baselines.grey_start import begin_grey
from jscgc_model.baselines.symbol_grid import grid_of, to_grid
from jscgc_model.channel import mean_snr_db
from jscgc_theory.validation import check_count


class CJSCCDecoder(ModelMixin, ConfigMixin):
    """The layers of :class:`CJSCCEncoder` in reverse order, convolutions transposed.

    Args:
        out_channels: Channels of the image.
        n_features: Real features of each received symbol.
        patch_size: See the encoder, here and below.
        base_width: See there.
        largest_width: See there.
        n_blocks: See there.
        symbols_per_token: See there.

    References:
        See the encoder.
    """

    @register_to_config
    def __init__(
        self,
        out_channels: int = 3,
        n_features: int = 3,
        patch_size: int = 16,
        base_width: int = 64,
        largest_width: int = 384,
        n_blocks: int = 4,
        symbols_per_token: int = 2,
    ) -> None:
        super().__init__()
        self.settings = CJSCCSettings(
            image_channels=out_channels,
            patch_size=patch_size,
            base_width=base_width,
            largest_width=largest_width,
            n_blocks=n_blocks,
            symbols_per_token=symbols_per_token,
        )
        widths = self.settings.widths
        n_received = symbols_per_token * check_count(n_features, name="n_features")
        self.entry = nn.Conv2d(n_received, widths[-1], kernel_size=3, padding=1)
        self.blocks = nn.ModuleList(ModulatedBlock(widths[-1]) for _ in range(n_blocks))
        layers: list[nn.Module] = []
        for coarse, fine in pairwise(widths[::-1]):
            doubling = nn.ConvTranspose2d(coarse, fine, kernel_size=4, stride=2, padding=1)
            layers += [doubling, norm(fine), nn.ReLU()]
        head = nn.Conv2d(widths[0], out_channels, kernel_size=7, padding=3)
        self.synthesis = nn.Sequential(*layers, begin_grey(head))

    def forward(
        self,
        features: Float[Tensor, "batch n_symbols n_features"],
        height: int,
        width: int,
    ) -> Float[Tensor, "batch channels height width"]:
        """Return the reconstructions.

        Args:
            features: What the receiver knows of each symbol.
            height: Rows of the images that were sent.
            width: Columns.

        Returns:
            Images.

        Raises:
            InputError: If such images have another number of symbols.
        """
        rows, columns = grid_of(height, width, self.settings.patch_size)
        grid = to_grid(features, rows, columns, self.settings.symbols_per_token)
        maps, snr_db = self.entry(grid.movedim(-1, 1)), mean_snr_db(features)
        for block in self.blocks:
            maps = block(maps, snr_db)
        pixels: Tensor = self.synthesis(maps)
        return pixels
