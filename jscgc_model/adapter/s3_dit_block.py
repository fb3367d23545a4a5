"""Z-Image's own transformer block, called as the adapter's other block is."""

from diffusers.models.transformers.transformer_z_image import ZImageTransformerBlock
from jaxtyping import Float
from torch import Tensor

from jscgc_model.adapter.token_grid import TokenGrid

_NORM_EPS = 1e-5


class S3DiTBlock(ZImageTransformerBlock):
    """Attention between all tokens and a gated MLP.

    Args:
        dim: Width of a token.
        n_heads: Attention heads.
        is_told_time: Whether the time scales and gates the block.
    """

    def __init__(self, dim: int, n_heads: int, *, is_told_time: bool) -> None:
        super().__init__(
            0, dim, n_heads, n_heads, _NORM_EPS, qk_norm=True, modulation=is_told_time
        )

    def forward(
        self,
        hidden: Float[Tensor, "batch n_tokens dim"],
        grid: TokenGrid,
        told: Float[Tensor, "batch told_dim"] | None = None,
    ) -> Float[Tensor, "batch n_tokens dim"]:
        """Return the tokens after the block.

        Args:
            hidden: Tokens, row by row.
            grid: Where they stand.
            told: Time embedding.

        Returns:
            Tokens.
        """
        tokens: Tensor = super().forward(hidden, None, grid.rotations, told)
        return tokens
