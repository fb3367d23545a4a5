"""Images to features: a network under a name, with the preparation that its protocol asks for."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_theory.errors import InputError

_ROWS_PER_PASS = 64


@dataclass(frozen=True, kw_only=True)
class FeatureExtractor:
    """A network whose features are compared.

    Raises:
        InputError: If the network is in training mode.
    """

    name: str
    network: nn.Module
    """Prepared images to features, shape (batch, dim)."""
    prepare: Callable[[Tensor], Tensor] = lambda images: images
    """Pixels in [0, 1] to what the network takes."""
    protocol: str = "images as they are"
    """The preparation in words."""
    channels: tuple[int, ...] = (3,)
    """Numbers of colour channels that the network takes."""
    least_side: int = 1
    """Images with a shorter side in pixels are refused."""
    intended_side: int = 1
    """Images with a shorter side in pixels earn a notice."""

    def __post_init__(self) -> None:
        if self.network.training:
            raise InputError(
                f"the network of {self.name} is in training mode, where features depend on their "
                "batch or on chance; call its eval()"
            )

    def features(
        self, images: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch dim"]:
        """Return the features of images; differentiable.

        Args:
            images: Pixels in [0, 1].

        Returns:
            One row for each image.

        Raises:
            InputError: If the network returns anything but one row for each image.
        """
        weight = next(self.network.parameters(), images)
        passes = images.to(weight).split(_ROWS_PER_PASS)
        rows = torch.cat([self.network(self.prepare(part)) for part in passes])
        if rows.shape[0] != len(images) or rows.ndim != 2:
            raise InputError(
                f"{self.name} made features of shape {tuple(rows.shape)} from {len(images)} "
                "images; give a network that returns (batch, dim)"
            )
        return rows
