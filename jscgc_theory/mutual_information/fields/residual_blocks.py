"""Gated residual layers steered by the noise level."""

import math

import torch
from torch import Tensor, nn


def seeded_linear(
    n_inputs: int,
    n_outputs: int,
    generator: torch.Generator | None,
    *,
    starts_at_zero: bool = False,
) -> nn.Linear:
    """Return a linear layer whose weights a generator draws, not torch's global one.

    Args:
        n_inputs: Columns in.
        n_outputs: Columns out.
        generator: Draws the weights; None for zeros.
        starts_at_zero: Whether all weights are zero in any case.

    Returns:
        The layer, its bias zero.
    """
    # Laid out without storage first, or torch would draw from its global generator.
    layer: nn.Linear = nn.Linear(n_inputs, n_outputs, device="meta").to_empty(device="cpu")
    nn.init.zeros_(layer.bias)
    if generator is None or starts_at_zero:
        nn.init.zeros_(layer.weight)
    else:
        bound = 1.0 / math.sqrt(n_inputs)
        nn.init.uniform_(layer.weight, -bound, bound, generator=generator)
    return layer


class GatedBlock(nn.Module):
    """``h + W (silu(a) b)``, a and b linear in h; products of inputs cost one layer.

    Args:
        width: Columns.
        n_embedding: Columns of what steers it.
        generator: Draws the weights.
    """

    def __init__(self, width: int, n_embedding: int, generator: torch.Generator | None) -> None:
        super().__init__()
        self.steer = seeded_linear(n_embedding, 2 * width, generator, starts_at_zero=True)
        self.rise = seeded_linear(width, 2 * width, generator)
        self.fall = seeded_linear(width, width, generator, starts_at_zero=True)

    def forward(self, hidden: Tensor, steering: Tensor) -> Tensor:
        """Return the changed layer.

        Args:
            hidden: Shape (n, width).
            steering: Shape (n, n_embedding).

        Returns:
            Shape (n, width).
        """
        scale, shift = self.steer(steering).chunk(2, dim=-1)
        gate, value = self.rise(hidden * (1.0 + scale) + shift).chunk(2, dim=-1)
        changed: Tensor = hidden + self.fall(nn.functional.silu(gate) * value)
        return changed


class ResidualBody(nn.Module):
    """Gated blocks between a linear way in and a linear way out that starts at zero.

    Without normalisation of layers: it would divide by the length that tells how far a point
    lies off a sphere.

    Args:
        n_inputs: Columns in.
        n_outputs: Columns out.
        width: Columns between.
        depth: Number of blocks.
        n_embedding: Columns of what steers them.
        generator: Draws the weights.
    """

    def __init__(
        self,
        n_inputs: int,
        n_outputs: int,
        width: int,
        depth: int,
        n_embedding: int,
        generator: torch.Generator | None,
    ) -> None:
        super().__init__()
        self.way_in = seeded_linear(n_inputs, width, generator)
        self.blocks = nn.ModuleList(
            GatedBlock(width, n_embedding, generator) for _ in range(depth)
        )
        self.steer = seeded_linear(n_embedding, 2 * width, generator, starts_at_zero=True)
        self.way_out = seeded_linear(width, n_outputs, generator, starts_at_zero=True)

    def forward(self, inputs: Tensor, steering: Tensor) -> Tensor:
        """Return the answer of the layers.

        Args:
            inputs: Shape (n, n_inputs).
            steering: Shape (n, n_embedding).

        Returns:
            Shape (n, n_outputs).
        """
        hidden = self.way_in(inputs)
        for block in self.blocks:
            hidden = block(hidden, steering)
        scale, shift = self.steer(steering).chunk(2, dim=-1)
        answer: Tensor = self.way_out(hidden * (1.0 + scale) + shift)
        return answer
