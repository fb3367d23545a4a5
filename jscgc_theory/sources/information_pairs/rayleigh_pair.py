"""Independent symbols over Rayleigh fading that the receiver knows."""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.sources.channel_inputs import check_snr_db
from jscgc_theory.sources.information_pairs.known_channel_pair import (
    ChannelDraw,
    KnownChannelPair,
)
from jscgc_theory.sources.information_pairs.pair_source import PairRows
from jscgc_theory.sources.information_pairs.symbol_law import SymbolLaw
from jscgc_theory.units import db_to_power_ratio
from jscgc_theory.validation import check_count

# log |h|^2: less has a probability below 1e-12, more one below 1e-16. The trapezoidal rule is
# exponentially accurate here, to 1e-9 at this step.
_LOW, _HIGH, _STEP = -28.0, 3.7, 0.25


class RayleighPair(KnownChannelPair):
    """``Y = h X + N`` with a complex Gaussian gain h for each symbol, known to the receiver.

    ``I(X; Y, h) = n E i(sigma^2/|h|^2)`` with i(sigma^2) the information of one symbol in white
    noise, averaged over ``|h|^2``, which is exponential with mean 1. What ``sample`` calls y
    holds the output and the gains, since the receiver has both; ``sample_channel`` keeps them
    apart. Real symbols have an imaginary part of zero here, for the channel turns them.

    Args:
        symbol: Law of a symbol.
        n_symbols: Number of symbols, n.
        snr_db: Mean Es/N0 in dB, so that the noise variance is N0/2 per real dimension.

    Raises:
        InputError: If a value is out of range.
    """

    def __init__(self, symbol: SymbolLaw, n_symbols: int, snr_db: float) -> None:
        self.symbol = symbol
        self.n_symbols = check_count(n_symbols, name="n_symbols")
        self.snr_db = check_snr_db(snr_db)
        name = f"{symbol.name} over known Rayleigh fading, {n_symbols} symbols at {snr_db:g} dB"
        super().__init__(name, 2 * n_symbols, 0.5 * db_to_power_ratio(-self.snr_db))
        self.y_dim = 4 * self.n_symbols

    def mutual_information_bits(self) -> float:
        """Return n times the mean information of one symbol, by quadrature over ``log |h|^2``."""
        log_gain = np.arange(_LOW, _HIGH, _STEP)
        gain = np.exp(log_gain)
        probability = _STEP * gain * np.exp(-gain)
        bits = [self.symbol.symbol_information_bits(self.noise_variance / g) for g in gain]
        return self.n_symbols * float(probability @ np.array(bits))

    def sample_channel(self, n_pairs: int, rng: np.random.Generator) -> ChannelDraw:
        """Draw inputs, outputs and gains apart from each other.

        Args:
            n_pairs: Number of uses of the whole channel.
            rng: Source of randomness.

        Returns:
            The draws, each symbol with a gain of its own.

        Raises:
            InputError: If the number is not positive.
        """
        x = self._draw_input(check_count(n_pairs, name="n_pairs"), rng)
        shape = (n_pairs, self.n_symbols)
        parts = rng.standard_normal((2, *shape)) / math.sqrt(2.0)
        gains = parts[0] + 1j * parts[1]
        faded = gains * (x[:, : self.n_symbols] + 1j * x[:, self.n_symbols :])
        y = np.hstack((faded.real, faded.imag)) + self._draw_noise(x.shape, rng)
        return ChannelDraw(x, y, gains)

    def _draw(self, n_pairs: int, rng: np.random.Generator) -> PairRows:
        x, y, gains = self.sample_channel(n_pairs, rng)
        columns = [y] if gains is None else [y, gains.real, gains.imag]
        return x, np.hstack(columns)

    def _draw_input(
        self, n_pairs: int, rng: np.random.Generator
    ) -> Float[NDArray[np.float64], "n_pairs x_dim"]:
        columns = self.symbol.draw_columns(n_pairs, self.n_symbols, rng)
        missing = self.x_dim - columns.shape[1]
        return np.pad(columns, ((0, 0), (0, missing)))
