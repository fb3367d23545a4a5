"""Pairs that are input and output of a known Gaussian channel."""

import abc
import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Complex, Float
from numpy.typing import NDArray

from jscgc_theory.sources.information_pairs.pair_source import PairRows, PairSource
from jscgc_theory.validation import check_count

GROUP = "known channel"


class ChannelDraw(NamedTuple):
    """What went into a channel, what came out, and how it faded."""

    x: Float[NDArray[np.float64], "n_pairs x_dim"]
    """Channel inputs; complex symbols as all real parts, then all imaginary parts."""
    y: Float[NDArray[np.float64], "n_pairs output_dim"]
    """Channel outputs, as many columns as x."""
    gains: Complex[NDArray[np.complex128], "n_pairs n_symbols"] | None
    """Fading gains of the symbols, known to the receiver; None without fading."""


class KnownChannelPair(PairSource):
    """X is the input and Y the output of ``Y = X + N``, N white Gaussian of known power.

    Args:
        name: What it is, in plain words.
        x_dim: Columns of x.
        noise_variance: Variance of N per real dimension.
    """

    noise_variance: float

    def __init__(self, name: str, x_dim: int, noise_variance: float) -> None:
        super().__init__(name, GROUP, x_dim, x_dim)
        self.noise_variance = noise_variance

    def sample_channel(self, n_pairs: int, rng: np.random.Generator) -> ChannelDraw:
        """Draw inputs, outputs and gains apart from each other.

        Args:
            n_pairs: Number of uses of the whole channel.
            rng: Source of randomness.

        Returns:
            The draws.

        Raises:
            InputError: If the number is not positive.
        """
        x = self._draw_input(check_count(n_pairs, name="n_pairs"), rng)
        return ChannelDraw(x, x + self._draw_noise(x.shape, rng), None)

    @abc.abstractmethod
    def _draw_input(
        self, n_pairs: int, rng: np.random.Generator
    ) -> Float[NDArray[np.float64], "n_pairs x_dim"]:
        """Draw channel inputs."""

    def _draw(self, n_pairs: int, rng: np.random.Generator) -> PairRows:
        drawn = self.sample_channel(n_pairs, rng)
        return drawn.x, drawn.y

    def _draw_noise(self, shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float64]:
        return math.sqrt(self.noise_variance) * rng.standard_normal(shape)
