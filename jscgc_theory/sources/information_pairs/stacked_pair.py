"""Independent pairs side by side: their information adds up."""

from collections.abc import Sequence

import numpy as np

from jscgc_theory.errors import InputError
from jscgc_theory.sources.information_pairs.pair_source import PairRows, PairSource


class StackedPair(PairSource):
    """The columns of independent pairs next to each other, ``I = sum of the I``.

    Args:
        parts: The pairs, at least one.
        name: What it is, in plain words.

    Raises:
        InputError: If there is no part.
    """

    def __init__(self, parts: Sequence[PairSource], *, name: str) -> None:
        if not parts:
            raise InputError("parts is empty; give at least one pair")
        self.parts = tuple(parts)
        x_dim, y_dim = (sum(part.x_dim for part in parts), sum(part.y_dim for part in parts))
        super().__init__(name, parts[0].group, x_dim, y_dim)

    def mutual_information_bits(self) -> float:
        """Return the sum over the parts."""
        return sum(part.mutual_information_bits() for part in self.parts)

    def _draw(self, n_pairs: int, rng: np.random.Generator) -> PairRows:
        drawn = [part.sample(n_pairs, rng) for part in self.parts]
        return np.hstack([x for x, _ in drawn]), np.hstack([y for _, y in drawn])
