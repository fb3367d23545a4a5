"""Sizes of the CA-Adapter and the layers it speaks to."""

from collections.abc import Sequence
from dataclasses import dataclass

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count

_HEAD_UNIT = 4
_BLOCKS = ("s3_dit", "local")


@dataclass(frozen=True, kw_only=True)
class AdapterSettings:
    """Settings of a :class:`.CommunicationAdapter`; the defaults are those of the paper's scale.

    There, six injections and two refiner blocks make 1.55 billion weights.
    """

    n_features: int = 3
    """Real numbers the channel tells for a symbol."""
    symbols_per_token: int = 2
    """Complex symbols of a token."""
    noisy_channels: int = 16
    """Channels of the latent."""
    patch_size: int = 2
    """Pixels of a token's side, the backbone's."""
    layers: Sequence[int] = (0, 5, 10, 15, 20, 25)
    """Layers L_i of the backbone after which residuals are added, ascending."""
    backbone_dim: int = 3840
    """Width of the backbone's tokens."""
    dim: int = 3840
    """Width of the adapter's own tokens."""
    n_heads: int = 30
    """Attention heads; dim / n_heads must be a multiple of 4."""
    n_refiner_blocks: int = 2
    """Blocks that see the received signal alone."""
    block: str = "s3_dit"
    """``s3_dit``, the backbone's own, or ``local``, of neighbours alone, for tiny models."""
    max_grid: int = 512
    """Most tokens along a side of an image."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple(self.layers))
        for name in self.__dataclass_fields__:
            if name not in ("layers", "block"):
                least = 0 if name == "n_refiner_blocks" else 1
                check_count(getattr(self, name), name=name, minimum=least)
        if self.dim % (self.n_heads * _HEAD_UNIT):
            raise InputError(
                f"dim = {self.dim} with {self.n_heads} heads gives heads of "
                f"{self.dim / self.n_heads:g}; make each a multiple of {_HEAD_UNIT}"
            )
        if self.block not in _BLOCKS:
            raise InputError(f"block = {self.block!r} is unknown; choose {_BLOCKS}")
        check_injection_layers(self.layers)


def check_injection_layers(layers: Sequence[int]) -> None:
    """Refuse injection layers that are none, negative, repeated or out of order.

    Args:
        layers: Layer numbers.

    Raises:
        InputError: If they cannot be used.
    """
    if not layers or min(layers) < 0 or list(layers) != sorted(set(layers)):
        raise InputError(
            f"layers = {tuple(layers)} are not ascending layer numbers; give for example (0, 1, 2)"
        )
