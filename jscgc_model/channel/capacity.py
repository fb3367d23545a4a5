"""The ceiling R6 of a channel: what no encoder within the power can exceed."""

import math

from scipy.integrate import quad
from scipy.special import i0e

from jscgc_model.channel.settings import ChannelSettings
from jscgc_theory.bounds.ceilings import awgn_capacity_bits, rayleigh_capacity_bits
from jscgc_theory.units import db_to_power_ratio, nats_to_bits

# Deviations of |h| from that of the direct path beyond which nothing is left.
_FAR = 9.0


def capacity_bits(settings: ChannelSettings, *, snr_db: float, n_symbols: int) -> float:
    """Return ``n E log2(1 + |h|^2 SNR)``, the mean over the gains, known or not.

    A ceiling on I(X; Y_hat | h) for any encoder that does not know the gains, under fast and
    block fading and each power constraint (with none, for sources of unit mean power); gains
    known with an error can only lower it.

    Args:
        settings: The channel.
        snr_db: Mean Es/N0 per complex symbol in dB.
        n_symbols: Symbols a sample.

    Returns:
        Bits a sample.

    Raises:
        InputError: If the SNR is out of range or n is not a positive whole number.

    >>> round(capacity_bits(ChannelSettings(), snr_db=5.0, n_symbols=512))
    1053
    """
    # Also the check of both numbers, whatever the fading.
    without_fading = awgn_capacity_bits(snr_db, n_symbols)
    if not settings.has_fading:
        return without_fading
    if settings.rician_k == 0.0:
        return rayleigh_capacity_bits(snr_db, n_symbols)
    return n_symbols * _rician_bits(db_to_power_ratio(snr_db), settings.rician_k)


def _rician_bits(snr: float, rician_k: float) -> float:
    """Average over the density of |h| = r, ``2 r (K+1) e^(-K - (K+1) r^2) I0(2 r b)``.

    With ``b = sqrt(K (K+1))`` the exponentials join to ``e^(-(sqrt(K+1) r - sqrt K)^2)``.
    """
    scale, direct = math.sqrt(rician_k + 1.0), math.sqrt(rician_k)

    def integrand(size: float) -> float:
        bell = math.exp(-((scale * size - direct) ** 2))
        density = 2.0 * size * scale**2 * bell * float(i0e(2.0 * size * scale * direct))
        return density * math.log1p(size**2 * snr)

    low, high = max(0.0, direct - _FAR) / scale, (direct + _FAR) / scale
    nats, _ = quad(integrand, low, high, points=[direct / scale], limit=200, epsabs=0.0)
    return nats_to_bits(float(nats))
