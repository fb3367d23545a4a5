"""Sizes of the adapter for vectors and the layers it speaks to."""

from collections.abc import Sequence
from dataclasses import dataclass

from jscgc_model.adapter.settings import check_injection_layers
from jscgc_theory.validation import check_count


@dataclass(frozen=True, kw_only=True)
class VectorAdapterSettings:
    """Settings of a :class:`.VectorAdapter`."""

    n_symbols: int
    """Complex symbols of a sample."""
    n_values: int
    """Numbers in a vector of the source."""
    n_features: int = 3
    """Real numbers the channel tells for a symbol."""
    layers: Sequence[int] = (0, 1, 2)
    """Layers L_i of the backbone after which residuals are added, ascending."""
    backbone_dim: int = 128
    """Width of the backbone's hidden state."""
    dim: int = 128
    """Width of the adapter's own."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple(self.layers))
        for name in self.__dataclass_fields__:
            if name != "layers":
                check_count(getattr(self, name), name=name)
        check_injection_layers(self.layers)
