"""Pairs seen through injective maps, which leave the mutual information as it is."""

import numpy as np

from jscgc_theory.sources.information_pairs.bijections import Bijection, RowMap
from jscgc_theory.sources.information_pairs.pair_source import PairRows, PairSource


class MappedPair(PairSource):
    """``(f(X), g(Y))`` of a base pair, f and g injective: I is the base's.

    Args:
        base: The pair that is mapped.
        x_map: f, from rows to rows, perhaps with more columns; smooth or at least measurable.
        y_map: g.
        name: What it is, in plain words.
        group: Kind of difficulty it stands for.
    """

    def __init__(
        self,
        base: PairSource,
        x_map: RowMap,
        y_map: RowMap,
        *,
        name: str,
        group: str = "bijection",
    ) -> None:
        self.base = base
        self.x_map = x_map
        self.y_map = y_map
        x, y = self._draw(1, np.random.default_rng(0))
        super().__init__(name, group, x.shape[1], y.shape[1])

    def mutual_information_bits(self) -> float:
        """Return I of the base pair."""
        return self.base.mutual_information_bits()

    def _draw(self, n_pairs: int, rng: np.random.Generator) -> PairRows:
        x, y = self.base.sample(n_pairs, rng)
        return self.x_map(x), self.y_map(y)


def mapped_by(bijection: Bijection, base: PairSource) -> MappedPair:
    """Return a base pair with a named bijection applied to both sides.

    Args:
        bijection: The maps of X and of Y.
        base: The pair that is mapped.

    Returns:
        The mapped pair, in the base's group if that is not Gaussian.
    """
    group = "bijection" if base.group == "gaussian" else base.group
    name = f"{bijection.name} of {base.name}"
    return MappedPair(base, bijection.x_map, bijection.y_map, name=name, group=group)
