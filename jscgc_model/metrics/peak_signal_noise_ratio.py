"""PSNR."""

import math
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.metrics.per_image_metric import PerImageMetric


@dataclass(frozen=True, kw_only=True)
class PeakSignalNoiseRatio(PerImageMetric):
    """PSNR = -10 log10 MSE of each image, at a peak of one.

    The mean of logarithms over images, not the logarithm of a mean error; exact images have
    infinite PSNR.
    """

    name: str = "psnr"
    better: Literal["higher", "lower"] = "higher"
    units: str = "dB"
    protocol: str = "PSNR of each image over all its pixels and channels, peak 1, not rounded"
    channels: tuple[int, ...] = (1, 3)

    def per_image(
        self,
        originals: Float[Tensor, "batch channels height width"],
        reconstructions: Float[Tensor, "batch channels height width"],
    ) -> Float[Tensor, " batch"]:
        """Return the PSNR of each image in dB."""
        error = (reconstructions - originals).square().mean(dim=(1, 2, 3))
        return torch.log(error) * (-10.0 / math.log(10.0))
