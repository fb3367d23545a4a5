"""The layers of CJSCC."""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

_GROUPS = 8
_DB_PER_UNIT = 20.0


def norm(width: int) -> nn.GroupNorm:
    """Return the normalisation of a map: over an image alone, never over its batch.

    Args:
        width: Channels of the map.

    Returns:
        The layer.
    """
    return nn.GroupNorm(math.gcd(width, _GROUPS), width)


class SnrModulation(nn.Module):
    """``gate * u + shift`` for each channel, both of the channel's mean and of the SNR.

    Args:
        width: Channels of the map.

    References:
        Xu, Ai, Chen, Yang, Sun, Rodrigues. Wireless image transmission using deep source channel
        coding with attention modules. IEEE Trans. Circuits Syst. Video Technol. 32, 2022: the
        gate; Yang, Kim, DiffJSCC, 2024: gate and shift.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(width + 1, width // 2)
        self.out = nn.Linear(width // 2, 2 * width)

    def forward(
        self,
        maps: Float[Tensor, "batch dim height width"],
        snr_db: Float[Tensor, " batch"],
    ) -> Float[Tensor, "batch dim height width"]:
        """Return the modulated maps.

        Args:
            maps: Maps.
            snr_db: Channel state of each sample.

        Returns:
            Maps.
        """
        level = (snr_db / _DB_PER_UNIT).to(maps.dtype)
        known = torch.cat([maps.mean(dim=(2, 3)), level[:, None]], dim=1)
        both = self.out(functional.relu(self.hidden(known)))
        gate, shift = both[..., None, None].chunk(2, dim=1)
        return gate.sigmoid() * maps + shift


class ModulatedBlock(nn.Module):
    """Two convolutions around which the map goes unchanged, then the modulation by the SNR.

    Args:
        width: Channels of the map.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.Conv2d(width, width, kernel_size=3, padding=1),
            norm(width),
            nn.ReLU(),
            nn.Conv2d(width, width, kernel_size=3, padding=1),
            norm(width),
        )
        self.modulation = SnrModulation(width)

    def forward(
        self,
        maps: Float[Tensor, "batch dim height width"],
        snr_db: Float[Tensor, " batch"],
    ) -> Float[Tensor, "batch dim height width"]:
        """Return the maps after the block.

        Args:
            maps: Maps.
            snr_db: Channel state of each sample.

        Returns:
            Maps.
        """
        modulated: Tensor = self.modulation(maps + self.convolutions(maps), snr_db)
        return modulated
