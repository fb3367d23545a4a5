"""The mutual information of one symbol of a constellation in Gaussian noise, by quadrature."""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.special import logsumexp

from jscgc_theory.sources.information_pairs.symbol_law import SymbolLaw, Symbols
from jscgc_theory.units import nats_to_bits

# The trapezoidal rule is exponentially accurate on a Gaussian integral: to 1e-7 at this step.
_REACH = 7.5
_STEP = 0.25

_Alphabet = Float[NDArray[np.float64], "n_letters n_axes"]


class Constellation(SymbolLaw):
    """Equally likely symbols of unit mean energy, as independent letters along their axes.

    A square QAM is two amplitudes side by side, each with noise of its own; a phase modulation
    is one letter in the plane.

    Args:
        name: As it is commonly called.
        letters: The alphabet, one letter a row.
        n_letters_per_symbol: How many independent letters make a symbol.
    """

    def __init__(self, name: str, letters: _Alphabet, n_letters_per_symbol: int = 1) -> None:
        super().__init__(name, int(letters.shape[1]) * n_letters_per_symbol)
        self.letters = letters
        self.n_letters_per_symbol = n_letters_per_symbol

    def draw(self, n_symbols: int, rng: np.random.Generator) -> Symbols:
        """Draw symbols.

        Args:
            n_symbols: Number of symbols.
            rng: Source of randomness.

        Returns:
            Their real and, unless the constellation is real, imaginary parts.
        """
        chosen = rng.integers(len(self.letters), size=(n_symbols, self.n_letters_per_symbol))
        return self.letters[chosen].reshape(n_symbols, self.n_axes)

    def symbol_information_bits(self, noise_variance: float) -> float:
        """Return I between one symbol and itself in Gaussian noise.

        Args:
            noise_variance: Per real dimension.

        Returns:
            Bits per symbol.
        """
        return self.n_letters_per_symbol * _letter_information(self.letters, noise_variance)


def _letter_information(letters: _Alphabet, noise_variance: float) -> float:
    """Return ``log2 M - (1/M) sum_i E log2 sum_j exp(-d_ij.g - |d_ij|^2/2)``.

    ``d_ij`` is the difference of two letters in noise deviations and g standard normal.
    """
    noise, weight = _normal_rule(letters.shape[1])
    scaled = letters / math.sqrt(noise_variance)
    equivocation = 0.0
    for letter in scaled:
        gap = letter - scaled
        confusion = noise @ gap.T + 0.5 * np.sum(gap**2, axis=1)
        equivocation += float(weight @ logsumexp(-confusion, axis=1)) / len(letters)
    return math.log2(len(letters)) - nats_to_bits(equivocation)


def _normal_rule(
    n_axes: int,
) -> tuple[Float[NDArray[np.float64], "n n_axes"], Float[NDArray[np.float64], " n"]]:
    """Return nodes and weights for the mean over a standard normal vector."""
    line = np.arange(-_REACH, _REACH + 0.5 * _STEP, _STEP)
    nodes = np.stack(np.meshgrid(*[line] * n_axes, indexing="ij"), axis=-1).reshape(-1, n_axes)
    weight = np.exp(-0.5 * np.sum(nodes**2, axis=1))
    return nodes, weight / weight.sum()


def _amplitudes(n_levels: int, energy: float) -> _Alphabet:
    levels = np.arange(1.0 - n_levels, n_levels, 2.0)
    return np.asarray(levels[:, None] * math.sqrt(energy / np.mean(levels**2)))


def _phases(n_phases: int) -> _Alphabet:
    angle = 2.0 * math.pi * np.arange(n_phases) / n_phases
    return np.column_stack((np.cos(angle), np.sin(angle)))


BPSK = Constellation("BPSK", _amplitudes(2, 1.0))
QPSK = Constellation("QPSK", _amplitudes(2, 0.5), 2)
PSK_8 = Constellation("8-PSK", _phases(8))
QAM_16 = Constellation("16-QAM", _amplitudes(4, 0.5), 2)
QAM_64 = Constellation("64-QAM", _amplitudes(8, 0.5), 2)
