"""A transmission as the mutual-information estimators of the theory take it."""

from jscgc_model.channel.received import Received
from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.known_channel import KnownChannel


def known_channel(received: Received) -> KnownChannel:
    """Return what is known of the channel between ``received.sent`` and ``received.raw``.

    The two, as complex arrays of one row a sample, are the x and y of those estimators.

    Args:
        received: A transmission at one SNR.

    Returns:
        Noise variance N0/2 per real dimension, and the gains under fading.

    Raises:
        InputError: If the SNRs differ, or the gains are known only with an error, as the
            disturbance is then not Gaussian given what was sent.
    """
    error_variance = received.settings.csi_error_variance
    if error_variance:
        raise InputError(
            f"csi_error_variance = {error_variance:g} leaves the gains unknown; estimate from a "
            "channel whose gains are known, an upper bound for this one"
        )
    low, high = received.snr_db.min().item(), received.snr_db.max().item()
    if low != high:
        raise InputError(f"snr_db runs from {low:g} to {high:g}; estimate at one SNR at a time")
    gains = None if received.gains is None else received.gains.cpu().numpy()
    return KnownChannel.from_snr_db(low, gains)
