"""Independent symbols over additive white Gaussian noise."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.sources.channel_inputs import check_snr_db
from jscgc_theory.sources.information_pairs.known_channel_pair import KnownChannelPair
from jscgc_theory.sources.information_pairs.symbol_law import SymbolLaw
from jscgc_theory.units import db_to_power_ratio
from jscgc_theory.validation import check_count


class AwgnPair(KnownChannelPair):
    """Independent symbols of unit energy, each in white Gaussian noise.

    Args:
        symbol: Law of a symbol.
        n_symbols: Number of symbols, n.
        snr_db: Es/N0 of complex symbols; for real ones their energy over the noise variance.
            Either way it is the ratio of the powers in every real dimension in use.

    Raises:
        InputError: If a value is out of range.
    """

    def __init__(self, symbol: SymbolLaw, n_symbols: int, snr_db: float) -> None:
        self.symbol = symbol
        self.n_symbols = check_count(n_symbols, name="n_symbols")
        self.snr_db = check_snr_db(snr_db)
        axes = symbol.n_axes
        name = f"{symbol.name} over white noise, {n_symbols} symbols at {snr_db:g} dB"
        super().__init__(name, axes * n_symbols, db_to_power_ratio(-self.snr_db) / axes)

    def mutual_information_bits(self) -> float:
        """Return n times the information of one symbol."""
        return self.n_symbols * self.symbol.symbol_information_bits(self.noise_variance)

    def _draw_input(
        self, n_pairs: int, rng: np.random.Generator
    ) -> Float[NDArray[np.float64], "n_pairs x_dim"]:
        return self.symbol.draw_columns(n_pairs, self.n_symbols, rng)
