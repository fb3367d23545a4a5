"""The conventions of a transmission, in one place.

SNR is Es/N0 per complex symbol, at unit mean power, with noise CN(0, N0): N0/2 per real
dimension. Under fading E|h|^2 = 1, so that it is the mean SNR. The receiver knows the SNR and
its estimate of the gains, never a power scalar.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_nonnegative

FADING_NAMES = ("none", "fast", "block")
POWER_CONSTRAINT_NAMES = ("per_sample", "per_batch", "per_symbol", "none")
EQUALISER_NAMES = ("none", "zero_forcing", "mmse")


@dataclass(frozen=True, kw_only=True)
class ChannelSettings:
    """What happens between the encoder's symbols and what the receiver works with."""

    fading: str = "none"
    """``none``; ``fast``, one gain a symbol; ``block``, one gain a sample."""
    rician_k: float = 0.0
    """Power of the direct path over that of the scattered ones, a ratio; 0 is Rayleigh."""
    power_constraint: str = "per_sample"
    """Over what the mean power is one. ``per_batch`` makes samples depend on their batch;
    ``per_symbol`` leaves phases only. Both stand here for comparison with other systems.
    ``none`` is for sources that are sent uncoded and have their power already."""
    equaliser: str = "none"
    """``zero_forcing`` or ``mmse``; with ``none`` the receiver is given the gains beside the
    symbols."""
    csi_error_variance: float = 0.0
    """E|h - h_hat|^2 of the receiver's gain estimate, see ``fading.py``."""

    def __post_init__(self) -> None:
        _check_choice(self.fading, FADING_NAMES, name="fading")
        _check_choice(self.power_constraint, POWER_CONSTRAINT_NAMES, name="power_constraint")
        _check_choice(self.equaliser, EQUALISER_NAMES, name="equaliser")
        check_nonnegative(self.rician_k, name="rician_k")
        check_nonnegative(self.csi_error_variance, name="csi_error_variance")
        if self.has_fading:
            self._check_csi_error()
        else:
            self._check_nothing_needs_fading()

    @property
    def has_fading(self) -> bool:
        """Whether symbols are multiplied by gains."""
        return self.fading != "none"

    @property
    def scattered_power(self) -> float:
        """Variance of a gain, 1 / (K + 1)."""
        return 1.0 / (self.rician_k + 1.0)

    @property
    def receiver_needs_gains(self) -> bool:
        """Whether gains are left in the symbols, so that they must be features themselves."""
        return self.has_fading and self.equaliser == "none"

    @property
    def n_features(self) -> int:
        """Real features of a symbol: two of the symbol, two of a gain left in it, one of noise."""
        return 5 if self.receiver_needs_gains else 3

    def _check_csi_error(self) -> None:
        if self.csi_error_variance >= self.scattered_power:
            raise InputError(
                f"csi_error_variance = {self.csi_error_variance:g} reaches the variance "
                f"{self.scattered_power:g} of the gains, so nothing would be known of them; "
                "give a smaller value"
            )

    def _check_nothing_needs_fading(self) -> None:
        stated = {
            "rician_k": self.rician_k,
            "csi_error_variance": self.csi_error_variance,
            "equaliser": self.equaliser if self.equaliser != "none" else 0,
        }
        for name, value in stated.items():
            if value:
                raise InputError(
                    f"{name} = {value} has no meaning without fading; "
                    "set fading to 'fast' or 'block', or leave it out"
                )


def _check_choice(value: str, allowed: Iterable[str], *, name: str) -> None:
    if value not in allowed:
        raise InputError(f"{name} = {value!r} is unknown; choose one of {', '.join(allowed)}")
