"""A block that mixes neighbouring tokens only: cheap enough for tiny models."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.adapter.token_grid import TokenGrid

_EXPANSION = 2
_KERNEL = 3


class LocalBlock(nn.Module):
    """Depthwise 3x3 convolution and an MLP, told the time by scale and shift (FiLM).

    Args:
        dim: Width of a token.
        told_dim: Width of the time embedding; 0 if the block is not told the time.
    """

    def __init__(self, dim: int, told_dim: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(dim, elementwise_affine=told_dim == 0)
        self.film = nn.Linear(told_dim, 2 * dim) if told_dim else None
        self.neighbours = nn.Conv2d(dim, dim, _KERNEL, padding="same", groups=dim)
        self.widen = nn.Linear(dim, _EXPANSION * dim)
        self.narrow = nn.Linear(_EXPANSION * dim, dim)

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
        inner = self.norm(hidden)
        if self.film is not None:
            scale, shift = self.film(told).unsqueeze(1).chunk(2, dim=-1)
            inner = torch.addcmul(inner + shift, inner, scale)
        image = inner.transpose(1, 2).unflatten(2, (grid.rows, grid.columns))
        mixed = self.neighbours(image).flatten(2).transpose(1, 2)
        correction: Tensor = self.narrow(nn.functional.silu(self.widen(mixed)))
        return hidden + correction
