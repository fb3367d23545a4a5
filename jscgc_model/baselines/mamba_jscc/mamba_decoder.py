"""MambaJSCC's decoder: from what was received to an image."""

from collections.abc import Sequence

from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.baselines.grey_start import begin_grey
from jscgc_model.baselines.mamba_jscc.patch_splitting import PatchSplitting
from jscgc_model.baselines.symbol_grid import to_grid
from jscgc_model.channel import mean_snr_db
from jscgc_model.encoder.settings import EncoderSettings
from jscgc_model.encoder.stage import Stage
from jscgc_model.encoder.vss_block import VSSBlock
from jscgc_theory.validation import check_count


class MambaDecoder(ModelMixin, ConfigMixin):
    """The stages of :class:`~jscgc_model.encoder.mamba_encoder.MambaEncoder` in reverse order.

    All sizes but ``n_features`` are those of the encoder it belongs to, in the encoder's order.
    The defaults are MambaJSCC's at a channel bandwidth ratio of 1/384.

    Args:
        out_channels: Channels of the image.
        n_features: Real features of each received symbol.
        patch_size: Side in pixels of the finest tokens.
        dims: Width of the tokens in each stage.
        depths: VSS blocks in each stage.
        merge_sizes: Neighbours that a token becomes between two stages.
        d_state: States of each column of the scans.
        scan: One decay a head ("ssd") or one a column and state ("s6", as in MambaJSCC).
        symbols_per_token: Complex symbols of each token of the coarsest grid.
        csi_rest: Whether the scans know the channel state (CSI-ReST).

    References:
        Wu et al., MambaJSCC, IEEE Trans. Wireless Commun. 25, 2026.
    """

    @register_to_config
    def __init__(
        self,
        out_channels: int = 3,
        n_features: int = 3,
        patch_size: int = 2,
        dims: Sequence[int] = (128, 192, 256, 320),
        depths: Sequence[int] = (2, 2, 6, 2),
        merge_sizes: Sequence[int] = (2, 2, 2),
        d_state: int = 16,
        scan: str = "s6",
        symbols_per_token: int = 2,
        csi_rest: bool = True,
    ) -> None:
        super().__init__()
        self.settings = EncoderSettings(
            in_channels=out_channels,
            patch_size=patch_size,
            dims=dims,
            depths=depths,
            merge_sizes=merge_sizes,
            d_state=d_state,
            scan=scan,
            symbols_per_token=symbols_per_token,
        )
        self.uses_csi = csi_rest
        n_received = symbols_per_token * check_count(n_features, name="n_features")
        splits = zip(dims[:0:-1], dims[-2::-1], merge_sizes[::-1], strict=True)
        entries = [nn.Linear(n_received, dims[-1]), *(PatchSplitting(*split) for split in splits)]
        self.stages = nn.ModuleList(
            Stage(entry, [VSSBlock(dim, d_state, scan) for _ in range(depth)])
            for entry, dim, depth in zip(entries, dims[::-1], depths[::-1], strict=True)
        )
        width = max(1, dims[0] // patch_size)
        self.unembedding = PatchSplitting(dims[0], width, patch_size)
        self.head = begin_grey(nn.Conv2d(width, out_channels, kernel_size=3, padding=1))

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
        rows, columns = self.settings.grid(height, width)
        tokens = to_grid(features, rows, columns, self.settings.symbols_per_token)
        csi = mean_snr_db(features) if self.uses_csi else None
        for stage in self.stages:
            tokens = stage(tokens, csi)
        pixels: Tensor = self.head(self.unembedding(tokens).movedim(-1, 1))
        return pixels
