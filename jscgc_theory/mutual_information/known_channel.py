"""What is known of a channel Y_hat = h Y + N when p(y_hat | y) is known."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Complex
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.units import db_to_power_ratio
from jscgc_theory.validation import check_finite_number, check_positive


@dataclass(frozen=True)
class KnownChannel:
    """Gaussian noise of known power, with known fading gains if there is fading.

    x is then the channel's input Y and y its output Y_hat, both in real columns: a complex symbol
    is two columns, all real parts first, then all imaginary parts (what a complex array becomes).
    """

    noise_variance: float
    """sigma^2 per REAL dimension, N_0/2 for complex noise of power N_0."""
    gains: Complex[NDArray[np.complex128], "n_pairs n_symbols"] | None = None
    """h of each symbol (Rayleigh and other fading, known at the receiver), None without fading."""

    def __post_init__(self) -> None:
        check_positive(self.noise_variance, name="noise_variance")

    @classmethod
    def from_noise_variance(cls, noise_variance: float, gains: ArrayLike | None = None) -> Self:
        """Return the channel of a noise variance.

        Args:
            noise_variance: sigma^2 per real dimension.
            gains: Complex gains, shape (n_pairs, n_symbols), if there is fading.

        Returns:
            The channel.

        Raises:
            InputError: If the variance is not positive or the gains are unusable.
        """
        return cls(noise_variance, None if gains is None else _checked_gains(gains))

    @classmethod
    def from_snr_db(cls, snr_db: float, gains: ArrayLike | None = None) -> Self:
        """Return the channel of Es/N0 in dB per complex symbol with E|y|^2 = 1 per symbol.

        Args:
            snr_db: Es/N0 in dB; N_0 = 10^(-snr_db/10), half of it per real dimension.
            gains: Complex gains, shape (n_pairs, n_symbols), if there is fading.

        Returns:
            The channel.

        Raises:
            InputError: If the SNR is not finite or the gains are unusable.
        """
        snr = db_to_power_ratio(check_finite_number(snr_db, name="snr_db"))
        return cls.from_noise_variance(0.5 / snr, gains)


def _checked_gains(gains: ArrayLike) -> NDArray[np.complex128]:
    array = np.asarray(gains, dtype=np.complex128)
    if array.ndim != 2 or not np.isfinite(array).all():
        raise InputError(
            f"gains of shape {array.shape} are unusable; give finite gains of shape "
            "(n_pairs, n_symbols)"
        )
    return array
