r"""Gains of a fading channel, and what the receiver knows of them.

``h = sqrt(K/(K+1)) + g`` with a direct path of constant phase, known to all, and scattered paths
``g ~ CN(0, 1/(K+1))``, so that E|h|^2 = 1; K = 0 is Rayleigh. The receiver holds the MMSE
estimate h_hat of h, so that ``h = h_hat + e`` with ``e ~ CN(0, csi_error_variance)`` independent
of h_hat and ``E|h_hat|^2 = 1 - csi_error_variance``. This orthogonality, which h_hat = h + e
with e independent of h would lack, makes the error act as further noise of known power,
``y_hat = h_hat y + (e y + n)`` with ``E|e y + n|^2 = csi_error_variance + N0``, and no rescaling
of h_hat does better.

References:
    Médard, "The effect upon channel capacity in wireless communications of perfect and imperfect
    knowledge of the channel", IEEE Trans. Inf. Theory 46(3), 2000; Hassibi and Hochwald, "How
    much training is needed in multiple-antenna wireless links?", IEEE Trans. Inf. Theory 49(4),
    2003.
"""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Complex
from torch import Tensor

from jscgc_model.channel.noise import unit_noise
from jscgc_model.channel.settings import ChannelSettings


@dataclass(frozen=True, eq=False)
class FadingGains:
    """The gains of a transmission, the same along a row under block fading."""

    true: Complex[Tensor, "batch n_symbols"]
    """h, what the channel does."""
    estimated: Complex[Tensor, "batch n_symbols"]
    """h_hat, what the receiver knows."""

    def take(self, rows: slice) -> "FadingGains":
        """Return those of some samples.

        Args:
            rows: Samples.

        Returns:
            Their gains.
        """
        return FadingGains(self.true[rows], self.estimated[rows])

    def to(self, device: torch.device) -> "FadingGains":
        """Return the gains on another device.

        Args:
            device: Where.

        Returns:
            The same numbers.
        """
        return FadingGains(self.true.to(device), self.estimated.to(device))


def draw_gains(
    settings: ChannelSettings,
    shape: tuple[int, int],
    generator: torch.Generator,
    dtype: torch.dtype,
    device: torch.device,
) -> FadingGains:
    """Draw gains and their estimates.

    Args:
        settings: A channel with fading.
        shape: Samples and symbols of each.
        generator: Source of randomness.
        dtype: A complex type.
        device: Where the gains are wanted.

    Returns:
        The gains.
    """
    batch, n_symbols = shape
    n_gains = n_symbols if settings.fading == "fast" else 1
    direct = math.sqrt(settings.rician_k * settings.scattered_power)
    error_variance = settings.csi_error_variance
    known, unknown = unit_noise((2, batch, n_gains), generator, dtype, device)
    estimated = direct + math.sqrt(settings.scattered_power - error_variance) * known
    true = estimated + math.sqrt(error_variance) * unknown
    return FadingGains(true.expand(shape), estimated.expand(shape))
