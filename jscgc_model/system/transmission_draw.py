"""The randomness of one training step, drawn for the whole batch before anything is computed.

Every process draws the same and takes its rows: the loss does not depend on how many processes
share a batch.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.channel import ChannelDraw


@dataclass(frozen=True, eq=False, kw_only=True)
class TransmissionDraw:
    """Times, noise, SNRs and the channel's randomness of a batch."""

    time: Float[Tensor, " batch"]
    """s in (0, 1): 0 is data, 1 is noise."""
    noise: Float[Tensor, "batch ..."]
    """x_T, standard normal."""
    snr_db: Float[Tensor, " batch"]
    """Es/N0 in dB."""
    channel: ChannelDraw
    keeps_condition: Float[Tensor, " batch"]
    """1 where the generator is told what was received, 0 where it learns the law of x alone."""

    def take(self, rows: slice) -> "TransmissionDraw":
        """Return the randomness of some samples.

        Args:
            rows: Samples.

        Returns:
            Theirs.
        """
        return TransmissionDraw(
            time=self.time[rows],
            noise=self.noise[rows],
            snr_db=self.snr_db[rows],
            channel=self.channel.take(rows),
            keeps_condition=self.keeps_condition[rows],
        )

    def to(self, device: torch.device) -> "TransmissionDraw":
        """Return the draw on another device.

        Args:
            device: Where.

        Returns:
            The same numbers.
        """
        return TransmissionDraw(
            time=self.time.to(device),
            noise=self.noise.to(device),
            snr_db=self.snr_db.to(device),
            channel=self.channel.to(device),
            keeps_condition=self.keeps_condition.to(device),
        )
