"""Between two stages of a decoder: a token becomes its neighbours, and the width changes."""

from jaxtyping import Float
from torch import Tensor, nn


class PatchSplitting(nn.Module):
    """Normalise, map linearly to size^2 tokens of the next width, and lay them out side by side.

    It has the shapes of :class:`~jscgc_model.encoder.patch_merging.PatchMerging` in reverse.

    Args:
        dim: Width of the tokens that come in.
        next_dim: Width of those that go out.
        size: Tokens of each direction that one becomes; 1 changes the width alone.
    """

    def __init__(self, dim: int, next_dim: int, size: int) -> None:
        super().__init__()
        self.size = size
        self.norm = nn.LayerNorm(dim)
        self.project = nn.Linear(dim, size * size * next_dim, bias=False)

    def forward(
        self, tokens: Float[Tensor, "batch height width dim"]
    ) -> Float[Tensor, "batch split_height split_width next_dim"]:
        """Return the finer grid.

        Args:
            tokens: A grid of any size.

        Returns:
            A grid with sides larger by ``size``.
        """
        cells: Tensor = self.project(self.norm(tokens)).unflatten(-1, (self.size, self.size, -1))
        # height, rows in a cell, width, columns in a cell
        return cells.movedim(3, 2).flatten(1, 2).flatten(2, 3)
