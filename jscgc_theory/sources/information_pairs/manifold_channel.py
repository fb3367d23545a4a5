"""Points of a sphere or a torus over additive white Gaussian noise."""

import math
from collections.abc import Callable
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.bounds.roots import bracketed_root
from jscgc_theory.errors import InputError
from jscgc_theory.sources.information_pairs.known_channel_pair import KnownChannelPair
from jscgc_theory.sources.sphere_channel import SphereChannel
from jscgc_theory.sources.torus_channel import TorusChannel
from jscgc_theory.validation import check_positive

_LEAST_SNR_DB, _LARGEST_SNR_DB = -60.0, 100.0


class ManifoldChannelPair(KnownChannelPair):
    """X the channel input of an exact channel, unit power per real dimension, and Y its output.

    Args:
        channel: Sphere or torus channel.
        name: What it is, in plain words.
    """

    def __init__(self, channel: SphereChannel | TorusChannel, name: str) -> None:
        self.channel = channel
        super().__init__(name, channel.ambient_dim, channel.noise_power)

    @classmethod
    def sphere(cls, dim: int, mi_bits: float) -> Self:
        """Return the sphere S^d at the SNR where it carries the wanted bits.

        Args:
            dim: d.
            mi_bits: I(X; Y).

        Returns:
            The pair.

        Raises:
            InputError: If no SNR from -60 to 100 dB gives these bits.
        """
        channel = SphereChannel(dim, _snr_db_at(mi_bits, lambda snr: SphereChannel(dim, snr)))
        return cls(channel, f"sphere S^{dim} over white noise, {mi_bits:g} bits")

    @classmethod
    def torus(cls, dim: int, mi_bits: float) -> Self:
        """Return the torus of k circles at the SNR where it carries the wanted bits.

        Args:
            dim: k.
            mi_bits: I(X; Y).

        Returns:
            The pair.

        Raises:
            InputError: If no SNR from -60 to 100 dB gives these bits.
        """
        channel = TorusChannel(dim, _snr_db_at(mi_bits, lambda snr: TorusChannel(dim, snr)))
        return cls(channel, f"torus of {dim} circles over white noise, {mi_bits:g} bits")

    def mutual_information_bits(self) -> float:
        """Return the channel's own value."""
        return self.channel.mutual_information_bits()

    def _draw_input(
        self, n_pairs: int, rng: np.random.Generator
    ) -> Float[NDArray[np.float64], "n_pairs x_dim"]:
        point, _ = self.channel.sample(n_pairs, rng)
        n_circles = self.channel.dim if isinstance(self.channel, TorusChannel) else 1
        return np.asarray(math.sqrt(self.x_dim / n_circles) * point)


def _snr_db_at(
    mi_bits: float, channel_at: Callable[[float], SphereChannel | TorusChannel]
) -> float:
    """Return the SNR at which a channel carries the wanted bits."""
    wanted = check_positive(mi_bits, name="mi_bits")

    def excess(snr_db: float) -> float:
        return channel_at(snr_db).mutual_information_bits() - wanted

    if excess(_LEAST_SNR_DB) > 0.0 or excess(_LARGEST_SNR_DB) < 0.0:
        raise InputError(
            f"mi_bits = {wanted:g} is carried at no SNR from {_LEAST_SNR_DB:g} to "
            f"{_LARGEST_SNR_DB:g} dB; change the bits or the dimension"
        )
    return bracketed_root(excess, _LEAST_SNR_DB, _LARGEST_SNR_DB)
