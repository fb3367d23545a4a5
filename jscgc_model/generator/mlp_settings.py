"""Sizes of the velocity network for vectors."""

from dataclasses import dataclass

from jscgc_theory.validation import check_count, check_positive


@dataclass(frozen=True, kw_only=True)
class MLPSettings:
    """Settings of an :class:`.MLPBackbone`."""

    n_values: int
    """Numbers in a vector."""
    dim: int = 128
    """Width of the hidden state."""
    n_layers: int = 4
    """Residual blocks."""
    data_deviation: float = 1.0
    """Standard deviation of a number of the data, its root mean square if the mean is not 0."""

    def __post_init__(self) -> None:
        for name in ("n_values", "dim", "n_layers"):
            check_count(getattr(self, name), name=name)
        check_positive(self.data_deviation, name="data_deviation")
