"""Between two stages: neighbouring tokens become one, and the width changes."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class PatchMerging(nn.Module):
    """Join size x size neighbours, normalise, and map linearly to the next width.

    Args:
        dim: Width of the tokens that come in.
        next_dim: Width of those that go out.
        size: Neighbours joined in each direction; 1 changes the width alone.
    """

    def __init__(self, dim: int, next_dim: int, size: int) -> None:
        super().__init__()
        self.size = size
        self.norm = nn.LayerNorm(size * size * dim)
        self.project = nn.Linear(size * size * dim, next_dim, bias=False)

    def forward(
        self, tokens: Float[Tensor, "batch height width dim"]
    ) -> Float[Tensor, "batch merged_height merged_width next_dim"]:
        """Return the joined tokens.

        Args:
            tokens: A grid whose sides are multiples of ``size``.

        Returns:
            A grid with sides smaller by ``size``.
        """
        rows = torch.unflatten(tokens, 1, (-1, self.size))
        cells = torch.unflatten(rows, 3, (-1, self.size))
        neighbours = cells.movedim(2, 3).flatten(3)
        merged: Tensor = self.project(self.norm(neighbours))
        return merged
