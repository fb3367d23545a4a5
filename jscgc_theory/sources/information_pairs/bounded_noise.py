"""Noise with hard edges: the density of Y given X jumps to zero."""

import math

import numpy as np

from jscgc_theory.sources.information_pairs.pair_source import PairRows, PairSource
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import check_count, check_positive


class UniformNoisePair(PairSource):
    """``Y = X + N``, X uniform on [0, 1] and N uniform on [-e, e].

    Y has a trapezoidal density, so ``I = e - ln(2 e)`` nats up to e = 1/2 and ``1/(4 e)`` beyond.

    Args:
        half_width: e.

    Raises:
        InputError: If the width is not positive.
    """

    def __init__(self, half_width: float) -> None:
        self.half_width = check_positive(half_width, name="half_width")
        super().__init__(f"uniform noise of half width {half_width:g}", "bounded noise", 1, 1)

    def mutual_information_bits(self) -> float:
        """Return the closed form."""
        e = self.half_width
        return nats_to_bits(e - math.log(2.0 * e) if e <= 0.5 else 0.25 / e)

    def _draw(self, n_pairs: int, rng: np.random.Generator) -> PairRows:
        x = rng.random((n_pairs, 1))
        return x, x + rng.uniform(-self.half_width, self.half_width, (n_pairs, 1))


class StaircasePair(PairSource):
    """X uniform on 0, ..., m-1 and Y uniform on [X, X + 2]: one discrete, one continuous.

    ``I = log2 m - (m - 1)/m`` bits.

    Args:
        n_levels: m.

    Raises:
        InputError: If there is no level.

    References:
        Gao, Kannan, Oh, Viswanath, "Estimating mutual information for discrete-continuous
        mixtures", NeurIPS 2017.
    """

    def __init__(self, n_levels: int) -> None:
        self.n_levels = check_count(n_levels, name="n_levels")
        name = f"discrete input of {n_levels} levels, uniform noise"
        super().__init__(name, "mixture", 1, 1)

    def mutual_information_bits(self) -> float:
        """Return the closed form."""
        return math.log2(self.n_levels) - (self.n_levels - 1.0) / self.n_levels

    def _draw(self, n_pairs: int, rng: np.random.Generator) -> PairRows:
        x = rng.integers(self.n_levels, size=(n_pairs, 1)).astype(np.float64)
        return x, x + 2.0 * rng.random((n_pairs, 1))
