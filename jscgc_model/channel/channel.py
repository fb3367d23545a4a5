"""The channel: power constraint, fading, noise, equaliser."""

import torch
from jaxtyping import Complex, Float
from torch import Tensor

from jscgc_model.channel.draw import ChannelDraw
from jscgc_model.channel.equaliser import equalise
from jscgc_model.channel.fading import draw_gains
from jscgc_model.channel.noise import noise_power, unit_noise
from jscgc_model.channel.power_constraint import constrain_power
from jscgc_model.channel.received import Received
from jscgc_model.channel.settings import ChannelSettings
from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count

# Single precision holds every power in between and their quotients.
_LARGEST_SNR_DB = 100.0


class Channel:
    """``y_hat = h y + n`` with ``n ~ CN(0, N0)``, differentiable in the symbols.

    Args:
        settings: Fading, power constraint, equaliser and what the receiver knows.
    """

    def __init__(self, settings: ChannelSettings) -> None:
        self.settings = settings

    @property
    def n_features(self) -> int:
        """Real features of each received symbol."""
        return self.settings.n_features

    def draw(
        self,
        batch: int,
        n_symbols: int,
        generator: torch.Generator,
        *,
        dtype: torch.dtype = torch.complex64,
        device: torch.device | str = "cpu",
    ) -> ChannelDraw:
        """Draw the randomness of a transmission, the same at every SNR.

        Args:
            batch: Samples.
            n_symbols: Symbols of each.
            generator: Source of randomness; it alone decides the numbers, not the device.
            dtype: Complex type of the symbols that will be sent.
            device: Where they are.

        Returns:
            Noise, gains and their estimates.

        Raises:
            InputError: If a size is not a positive whole number or the type is not complex.
        """
        shape = (check_count(batch, name="batch"), check_count(n_symbols, name="n_symbols"))
        if dtype not in (torch.complex64, torch.complex128):
            raise InputError(
                f"dtype = {dtype} is no type of symbols; give torch.complex64 or torch.complex128"
            )
        device = torch.device(device)
        noise = unit_noise(shape, generator, dtype, device)
        if not self.settings.has_fading:
            return ChannelDraw(noise)
        return ChannelDraw(noise, draw_gains(self.settings, shape, generator, dtype, device))

    def transmit(
        self,
        symbols: Complex[Tensor, "batch n_symbols"],
        snr_db: Float[Tensor, " n_snrs"],
        draw: ChannelDraw,
    ) -> Received:
        """Send symbols.

        NaN symbols arrive as NaN, in their own sample alone if power is constrained per sample.

        Args:
            symbols: What the encoder would send, of any scale.
            snr_db: Es/N0 of each sample in dB.
            draw: Noise and gains of as many samples and symbols, in the same precision.

        Returns:
            What was sent and what the receiver has of it.

        Raises:
            InputError: If the SNR is out of range or the draw does not fit.
        """
        self._check(symbols, snr_db, draw)
        snr_db = snr_db.to(draw.noise.real.dtype)
        power = noise_power(snr_db)
        sent = constrain_power(symbols, self.settings.power_constraint)
        noise = power.sqrt()[:, None] * draw.noise
        if draw.gains is None:
            raw = equalised = sent + noise
        else:
            raw = draw.gains.true * sent + noise
            disturbance = (power + self.settings.csi_error_variance)[:, None]
            equalised = equalise(raw, draw.gains.estimated, disturbance, self.settings.equaliser)
        return Received(
            sent=sent,
            raw=raw,
            equalised=equalised,
            gains=None if draw.gains is None else draw.gains.estimated,
            noise_power=power,
            snr_db=snr_db,
            settings=self.settings,
        )

    def _check(self, symbols: Tensor, snr_db: Tensor, draw: ChannelDraw) -> None:
        if draw.noise.shape != symbols.shape or draw.noise.dtype != symbols.dtype:
            raise InputError(
                f"the draw is {_told(draw.noise)} but the symbols are {_told(symbols)}; "
                "draw as many samples and symbols, in their type"
            )
        if (draw.gains is not None) != self.settings.has_fading:
            raise InputError(
                f"the draw has {'no ' * (draw.gains is None)}gains but fading is "
                f"{self.settings.fading!r}; use the draw of this channel"
            )
        if len(snr_db) != len(symbols):
            raise InputError(
                f"{len(snr_db)} SNRs do not fit {len(symbols)} samples; give one for each"
            )
        if not bool((snr_db.abs() <= _LARGEST_SNR_DB).all()):
            raise InputError(
                f"snr_db runs from {snr_db.min():g} to {snr_db.max():g}; give ratios in decibels, "
                f"finite and within {_LARGEST_SNR_DB:g} dB of zero"
            )


def _told(symbols: Tensor) -> str:
    return f"{tuple(symbols.shape)} of {str(symbols.dtype).removeprefix('torch.')}"
