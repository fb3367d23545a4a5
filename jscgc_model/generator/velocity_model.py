"""What a generator must offer: a velocity field that accepts residuals after its layers."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from jaxtyping import Float
from torch import Tensor

from jscgc_theory.errors import InputError

Residuals = Mapping[int, Float[Tensor, "batch n_tokens dim"]]
"""Additions to a backbone's hidden states: residuals[L] is added after layer L."""


class VelocityModel(Protocol):
    """``nu(x_s, s, residuals)``, an estimate of ``x_T - x_0``; without residuals unconditional."""

    dim: int
    """Width of a token."""
    n_layers: int
    """Layers after which residuals can be added, numbered from 0."""

    def n_tokens(self, shape: tuple[int, ...]) -> int:
        """Return how many tokens a sample of this shape has.

        Args:
            shape: Shape of one sample, without the batch.

        Returns:
            The number of tokens.
        """

    def set_trainable(self, is_trainable: bool) -> None:
        """Freeze or thaw the weights.

        Args:
            is_trainable: Whether they shall have gradients.
        """

    def __call__(
        self,
        noisy: Float[Tensor, " batch *shape"],
        time: Float[Tensor, " batch"],
        residuals: Residuals | None = None,
    ) -> Float[Tensor, " batch *shape"]:
        """Return velocities.

        Args:
            noisy: Points of the path.
            time: s in [0, 1] of each sample; 0 is data.
            residuals: Additions after layers; None for the unconditional field.

        Returns:
            Velocities, shaped like the points.
        """


def check_layers(layers: Iterable[int], n_layers: int) -> None:
    """Refuse an injection after a layer that does not exist.

    Args:
        layers: Layer numbers.
        n_layers: Layers of the backbone.

    Raises:
        InputError: If a number is outside 0..n_layers - 1.
    """
    wrong = sorted(layer for layer in layers if not 0 <= layer < n_layers)
    if wrong:
        raise InputError(
            f"residuals for layers {wrong} have no layer to be added after; the backbone has "
            f"layers 0 to {n_layers - 1}"
        )


def check_residuals(residuals: Residuals, n_layers: int, shape: tuple[int, int, int]) -> None:
    """Refuse residuals that do not fit a backbone.

    Args:
        residuals: Additions after layers.
        n_layers: Layers of the backbone.
        shape: (batch, n_tokens, dim) of its hidden states.

    Raises:
        InputError: If a layer does not exist or a shape differs.
    """
    check_layers(residuals, n_layers)
    for layer, residual in residuals.items():
        if tuple(residual.shape) != shape:
            raise InputError(
                f"the residual for layer {layer} has shape {tuple(residual.shape)}, the hidden "
                f"states have {shape}; give (batch, n_tokens, dim)"
            )
