"""The whole encoder: from a latent or image to complex channel symbols."""

from collections.abc import Sequence

from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from jaxtyping import Complex, Float
from torch import Tensor, nn

from jscgc_model.encoder.patch_merging import PatchMerging
from jscgc_model.encoder.settings import EncoderSettings
from jscgc_model.encoder.stage import Stage
from jscgc_model.encoder.vss_block import VSSBlock
from jscgc_model.shapes import to_complex
from jscgc_theory.errors import InputError


class MambaEncoder(ModelMixin, ConfigMixin):
    """MambaJSCC's encoder: patch embedding, stages of VSS blocks, symbols from each last token.

    The defaults are those of the JSCGC paper: a latent of 16 channels at an eighth of the image,
    tokens of 2 x 2 cells = 16 x 16 pixels on one grid with the generator's, 2 complex symbols a
    token = a channel bandwidth ratio of 1/384. MambaJSCC on pixels is ``in_channels=3,
    merge_sizes=(2, 2, 2), scan="s6"``. The power constraint belongs to the channel.

    Args:
        in_channels: Channels of the input.
        patch_size: Stride of the patch embedding.
        dims: Width of the tokens in each stage; with "ssd" multiples of 16, or less.
        depths: VSS blocks in each stage.
        merge_sizes: Neighbours joined in each direction between two stages.
        d_state: States of each column of the scans.
        scan: One decay a head ("ssd") or one a column and state ("s6", as in MambaJSCC).
        symbols_per_token: Complex symbols sent for each token of the last stage.
        csi_rest: Whether the scans know the channel state (CSI-ReST).

    References:
        Wu et al., MambaJSCC, IEEE Trans. Wireless Commun. 25, 2026.
    """

    @register_to_config
    def __init__(
        self,
        in_channels: int = 16,
        patch_size: int = 2,
        dims: Sequence[int] = (128, 192, 256, 320),
        depths: Sequence[int] = (2, 2, 6, 2),
        merge_sizes: Sequence[int] = (1, 1, 1),
        d_state: int = 16,
        scan: str = "ssd",
        symbols_per_token: int = 2,
        csi_rest: bool = True,
    ) -> None:
        super().__init__()
        self.settings = EncoderSettings(
            in_channels=in_channels,
            patch_size=patch_size,
            dims=dims,
            depths=depths,
            merge_sizes=merge_sizes,
            d_state=d_state,
            scan=scan,
            symbols_per_token=symbols_per_token,
        )
        self.uses_csi = csi_rest
        self.patch_embedding = nn.Conv2d(in_channels, dims[0], patch_size, stride=patch_size)
        merges = zip(dims[:-1], dims[1:], merge_sizes, strict=True)
        entries = [nn.LayerNorm(dims[0]), *(PatchMerging(*merge) for merge in merges)]
        self.stages = nn.ModuleList(
            Stage(entry, [VSSBlock(dim, d_state, scan) for _ in range(depth)])
            for entry, dim, depth in zip(entries, dims, depths, strict=True)
        )
        self.head = nn.Linear(dims[-1], 2 * symbols_per_token)

    def forward(
        self,
        latents: Float[Tensor, "batch channels height width"],
        snr_db: Float[Tensor, " batch"],
    ) -> Complex[Tensor, "batch n_symbols"]:
        """Return the symbols, before any power constraint.

        Args:
            latents: Latents or images; every side a multiple of ``settings.stride``.
            snr_db: Channel state of each sample in dB; without effect if ``csi_rest`` is off.

        Returns:
            Symbols, those of one token beside each other, tokens row by row.

        Raises:
            InputError: If the latents do not fit the encoder.
        """
        self._check(latents)
        csi = snr_db if self.uses_csi else None
        tokens = self.patch_embedding(latents).movedim(1, -1)
        for stage in self.stages:
            tokens = stage(tokens, csi)
        return to_complex(self.head(tokens).flatten(1))

    def n_symbols(self, height: int, width: int) -> int:
        """Return the number of complex symbols for an input.

        Args:
            height: Rows of the input.
            width: Columns of the input.

        Returns:
            Complex symbols.

        Raises:
            InputError: If a side is no multiple of ``settings.stride``.
        """
        rows, columns = self.settings.grid(height, width)
        return rows * columns * self.settings.symbols_per_token

    def _check(self, latents: Tensor) -> None:
        channels, height, width = latents.shape[1:]
        if channels != self.settings.in_channels:
            raise InputError(
                f"input has {channels} channels, the encoder was built for "
                f"{self.settings.in_channels}; give such latents or build another encoder"
            )
        self.settings.grid(height, width)
