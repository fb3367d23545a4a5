"""The law of one channel symbol, and the Gaussian one."""

import abc
import math

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.units import nats_to_bits

Symbols = Float[NDArray[np.float64], "n_symbols n_axes"]


class SymbolLaw(abc.ABC):
    """A random channel symbol of unit mean energy.

    Args:
        name: In plain words.
        n_axes: 1 for a real symbol, 2 for a complex one.
    """

    def __init__(self, name: str, n_axes: int) -> None:
        self.name = name
        self.n_axes = n_axes

    @abc.abstractmethod
    def draw(self, n_symbols: int, rng: np.random.Generator) -> Symbols:
        """Draw symbols.

        Args:
            n_symbols: Number of symbols.
            rng: Source of randomness.

        Returns:
            Their real and, if complex, imaginary parts.
        """

    @abc.abstractmethod
    def symbol_information_bits(self, noise_variance: float) -> float:
        """Return I between one symbol and itself in Gaussian noise.

        Args:
            noise_variance: Per real dimension.

        Returns:
            Bits per symbol.
        """

    def draw_columns(
        self, n_pairs: int, n_symbols: int, rng: np.random.Generator
    ) -> Float[NDArray[np.float64], "n_pairs n_columns"]:
        """Draw rows of symbols: all real parts, then all imaginary parts.

        Args:
            n_pairs: Rows.
            n_symbols: Symbols in a row.
            rng: Source of randomness.

        Returns:
            ``n_axes`` columns for each symbol.
        """
        parts = self.draw(n_pairs * n_symbols, rng).reshape(n_pairs, n_symbols, self.n_axes)
        return parts.swapaxes(1, 2).reshape(n_pairs, -1)


class GaussianSymbol(SymbolLaw):
    """A Gaussian symbol of unit mean energy.

    Args:
        is_real: Whether it has no imaginary part.
    """

    def __init__(self, *, is_real: bool = False) -> None:
        super().__init__("real Gaussian" if is_real else "complex Gaussian", 1 if is_real else 2)

    def draw(self, n_symbols: int, rng: np.random.Generator) -> Symbols:
        """Draw symbols with power 1/n in each of their n axes.

        Args:
            n_symbols: Number of symbols.
            rng: Source of randomness.

        Returns:
            Their real and, if complex, imaginary parts.
        """
        return math.sqrt(1.0 / self.n_axes) * rng.standard_normal((n_symbols, self.n_axes))

    def symbol_information_bits(self, noise_variance: float) -> float:
        """Return ``n/2 log2(1 + 1/(n sigma^2))`` for n axes.

        Args:
            noise_variance: sigma^2 per real dimension.

        Returns:
            Bits per symbol.
        """
        snr = 1.0 / (self.n_axes * noise_variance)
        return nats_to_bits(0.5 * self.n_axes * math.log1p(snr))
