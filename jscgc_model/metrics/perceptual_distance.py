"""LPIPS v0.1: weighted distance between unit features of a trained network."""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from jscgc_model.metrics.convolutional_trunks import TRUNKS
from jscgc_model.metrics.per_image_metric import PerImageMetric
from jscgc_model.metrics.weight_files import fill, read_weights
from jscgc_theory.errors import MissingExtraError

_SHIFT = (-0.030, -0.088, -0.188)
_SCALE = (0.458, 0.448, 0.450)
_SMALLEST_NORM = 1e-10


class LpipsNetwork(nn.Module):
    """d(x, y) = sum_l mean_hw sum_c w_lc (f_lc(x) - f_lc(y))^2, f_l of unit length over channels.

    Differentiable, so that it serves as a loss too.

    Args:
        trunk: The network; images in [-1, 1], shifted and scaled, go in.
        taps: Numbers of the modules of the trunk whose outputs are f_l.
        heads: The weights w_l, one for each channel of f_l.

    References:
        Zhang, Isola, Efros, Shechtman, Wang. The unreasonable effectiveness of deep features as a
        perceptual metric. CVPR 2018. Version 0.1 of the authors' package.
    """

    shift: Tensor
    scale: Tensor

    def __init__(
        self,
        trunk: nn.Sequential,
        taps: Sequence[int],
        heads: Sequence[Float[Tensor, " _"]],
    ) -> None:
        super().__init__()
        self.trunk = trunk
        self.taps = tuple(taps)
        self.heads = nn.ParameterList([nn.Parameter(head, requires_grad=False) for head in heads])
        self.register_buffer("shift", torch.tensor(_SHIFT).reshape(3, 1, 1), persistent=False)
        self.register_buffer("scale", torch.tensor(_SCALE).reshape(3, 1, 1), persistent=False)

    def forward(
        self,
        originals: Float[Tensor, "batch 3 height width"],
        reconstructions: Float[Tensor, "batch 3 height width"],
    ) -> Float[Tensor, " batch"]:
        """Return the distance of each pair.

        Args:
            originals: Pixels in [0, 1].
            reconstructions: Pixels in [0, 1].

        Returns:
            Distances, at least 0.
        """
        pairs = zip(self._features(originals), self._features(reconstructions), strict=True)
        distance = originals.new_zeros(len(originals), dtype=self.shift.dtype)
        for head, (first, second) in zip(self.heads, pairs, strict=True):
            weighted = head.reshape(-1, 1, 1) * (first - second).square()
            distance = distance + weighted.sum(dim=1).mean(dim=(1, 2))
        return distance

    def _features(self, images: Tensor) -> list[Tensor]:
        here = (2.0 * images.to(self.shift) - 1.0 - self.shift) / self.scale
        found = []
        for number, layer in enumerate(self.trunk):
            here = layer(here)
            if number in self.taps:
                found.append(functional.normalize(here, dim=1, eps=_SMALLEST_NORM))
        return found


def load_lpips_network(net: str, weights: str | Path) -> LpipsNetwork:
    """Return LPIPS on AlexNet or VGG-16.

    Args:
        net: ``alex`` or ``vgg``.
        weights: torchvision's file of the network, or ``hub``. The heads come with torchmetrics.

    Returns:
        The network, frozen.
    """
    trunk = TRUNKS[net]
    with torch.device("meta"):
        layers = trunk.build()
    fill(layers, read_weights(weights, url=trunk.url), prefix="features.")
    return LpipsNetwork(layers, trunk.taps, _read_heads(net, len(trunk.taps))).eval()


def _read_heads(net: str, n_heads: int) -> list[Tensor]:
    # Finding the package, unlike importing it, costs nothing.
    package = importlib.util.find_spec("torchmetrics")
    if package is None or package.origin is None:
        raise MissingExtraError("LPIPS", "model")
    file = Path(package.origin).parent / "functional" / "image" / "lpips_models" / f"{net}.pth"
    tensors = torch.load(file, map_location="cpu", weights_only=True)
    return [tensors[f"lin{number}.model.1.weight"].flatten() for number in range(n_heads)]


@dataclass(frozen=True, kw_only=True)
class PerceptualDistance(PerImageMetric):
    """Distance of the features of each pair: LPIPS, or that of a judge trained here."""

    network: nn.Module
    """Originals and reconstructions to distances."""
    better: Literal["higher", "lower"] = "lower"
    units: str = "1"
    least_side: int = 32
    intended_side: int = 64

    def per_image(
        self,
        originals: Float[Tensor, "batch channels height width"],
        reconstructions: Float[Tensor, "batch channels height width"],
    ) -> Float[Tensor, " batch"]:
        """Return the distance of each pair."""
        return self.network(originals, reconstructions)
