"""What arrives at the receiver, and the features it is told in."""

from dataclasses import dataclass

import torch
from jaxtyping import Complex, Float
from torch import Tensor

from jscgc_model.channel.equaliser import bounded
from jscgc_model.channel.noise import power_in_db
from jscgc_model.channel.settings import ChannelSettings

_DB_PER_UNIT = 20.0
# Beyond it a symbol is all noise or none; a gain of zero is infinitely far beyond.
_LARGEST_LEVEL_DB = 60.0


def mean_snr_db(
    features: Float[Tensor, "batch n_symbols n_features"],
) -> Float[Tensor, " batch"]:
    """Return the mean SNR of a sample's symbols given their gains, in dB, from their features.

    Without fading it is the SNR of the channel.

    Args:
        features: Those of :meth:`Received.features`.

    Returns:
        SNRs, each symbol's within 60 dB of zero.
    """
    return -_DB_PER_UNIT * features[..., -1].mean(dim=1)


@dataclass(frozen=True, eq=False, kw_only=True)
class Received:
    """A transmission of a batch. Only ``sent`` is hidden from the receiver."""

    sent: Complex[Tensor, "batch n_symbols"]
    """Symbols y after the power constraint."""
    raw: Complex[Tensor, "batch n_symbols"]
    """Channel outputs ``h y + n``."""
    equalised: Complex[Tensor, "batch n_symbols"]
    """What the receiver works with: the output, with the gains undone if there is an equaliser."""
    gains: Complex[Tensor, "batch n_symbols"] | None
    """The receiver's estimate of h, None without fading."""
    noise_power: Float[Tensor, " batch"]
    """N0 of each sample."""
    snr_db: Float[Tensor, " batch"]
    """Es/N0 of each sample in dB."""
    settings: ChannelSettings
    """The channel."""

    @property
    def disturbance(self) -> Float[Tensor, " batch"]:
        """Power of all that is not ``h_hat y``: N0 and the power sent over an unknown gain."""
        return self.noise_power + self.settings.csi_error_variance

    @property
    def noise_level_db(self) -> Float[Tensor, "batch n_symbols"]:
        """Noise over signal of each symbol, ``W / |h_hat|^2``, in dB; infinite at h_hat = 0."""
        disturbance = self.disturbance[:, None].expand(self.raw.shape)
        if self.gains is None:
            return power_in_db(disturbance)
        return power_in_db(disturbance / self.gains.abs().square())

    def features(self) -> Float[Tensor, "batch n_symbols n_features"]:
        """Return the real numbers that a network reads, of order one at any SNR and gain.

        Real and imaginary part of the equalised symbol, divided by its root mean square given
        the gain where that exceeds one; of the gain, if no equaliser has undone it; and the
        noise level of the symbol in units of 20 dB, within [-3, 3].

        Returns:
            Features of each symbol.
        """
        gains = torch.ones_like(self.raw) if self.gains is None else self.gains
        symbols = bounded(
            self.raw, gains, self.disturbance[:, None], equaliser=self.settings.equaliser
        )
        level = self.noise_level_db.clamp(-_LARGEST_LEVEL_DB, _LARGEST_LEVEL_DB) / _DB_PER_UNIT
        parts = [symbols.real, symbols.imag]
        if self.settings.receiver_needs_gains:
            parts += [gains.real, gains.imag]
        return torch.stack([*parts, level], dim=-1)

    def take(self, rows: slice) -> "Received":
        """Return the transmission of some samples.

        Args:
            rows: Samples.

        Returns:
            Theirs.
        """
        return Received(
            sent=self.sent[rows],
            raw=self.raw[rows],
            equalised=self.equalised[rows],
            gains=None if self.gains is None else self.gains[rows],
            noise_power=self.noise_power[rows],
            snr_db=self.snr_db[rows],
            settings=self.settings,
        )
