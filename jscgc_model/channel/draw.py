"""All randomness of a transmission, drawn before it."""

from dataclasses import dataclass

import torch
from jaxtyping import Complex
from torch import Tensor

from jscgc_model.channel.fading import FadingGains


@dataclass(frozen=True, eq=False)
class ChannelDraw:
    """Noise and gains of a batch; drawn once for all processes, then sliced for each."""

    noise: Complex[Tensor, "batch n_symbols"]
    """CN(0, 1), before it is scaled to the SNR."""
    gains: FadingGains | None = None
    """None without fading."""

    def take(self, rows: slice) -> "ChannelDraw":
        """Return the draw of some samples.

        Args:
            rows: Samples.

        Returns:
            Their noise and gains.
        """
        gains = None if self.gains is None else self.gains.take(rows)
        return ChannelDraw(self.noise[rows], gains)

    def to(self, device: torch.device) -> "ChannelDraw":
        """Return the draw on another device.

        Args:
            device: Where.

        Returns:
            The same numbers.
        """
        gains = None if self.gains is None else self.gains.to(device)
        return ChannelDraw(self.noise.to(device), gains)
