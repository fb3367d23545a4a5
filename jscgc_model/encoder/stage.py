"""One stage of the encoder: what brings tokens to its width, and its blocks."""

from collections.abc import Iterable

from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.encoder.vss_block import VSSBlock


class Stage(nn.Module):
    """Blocks of one width behind their entry.

    Args:
        entry: Brings tokens to the width of the blocks: a normalisation, or a merging.
        blocks: The blocks.
    """

    def __init__(self, entry: nn.Module, blocks: Iterable[VSSBlock]) -> None:
        super().__init__()
        self.entry = entry
        self.blocks = nn.ModuleList(blocks)

    def forward(
        self,
        tokens: Float[Tensor, "batch height width dim"],
        snr_db: Float[Tensor, " batch"] | None,
    ) -> Float[Tensor, "batch merged_height merged_width next_dim"]:
        """Return the tokens after the last block.

        Args:
            tokens: Tokens of the stage before, or of the patch embedding.
            snr_db: Channel state for CSI-ReST; None to leave it out.

        Returns:
            A grid of tokens.
        """
        tokens = self.entry(tokens)
        for block in self.blocks:
            tokens = block(tokens, snr_db)
        return tokens
