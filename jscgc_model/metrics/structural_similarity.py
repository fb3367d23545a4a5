"""SSIM and its multi-scale form, as torchmetrics computes them."""

from dataclasses import dataclass
from typing import Literal

from jaxtyping import Float
from torch import Tensor

from jscgc_model.metrics.per_image_metric import PerImageMetric
from jscgc_theory.errors import MissingExtraError

_WINDOW = "Gaussian window of 11 pixels (sigma 1.5), edges reflected, mean over channels, peak 1"
_WINDOW_SIDE = 11
_COARSEST = 2**4
"""Factor by which the images of the fifth scale are smaller."""


@dataclass(frozen=True, kw_only=True)
class StructuralSimilarity(PerImageMetric):
    """SSIM, the product of agreement in luminance, contrast and structure.

    References:
        Wang, Bovik, Sheikh, Simoncelli. Image quality assessment: from error visibility to
        structural similarity. IEEE Transactions on Image Processing 13 (2004).
    """

    name: str = "ssim"
    better: Literal["higher", "lower"] = "higher"
    units: str = "1"
    protocol: str = f"SSIM, {_WINDOW}"
    channels: tuple[int, ...] = (1, 3)
    least_side: int = _WINDOW_SIDE

    def per_image(
        self,
        originals: Float[Tensor, "batch channels height width"],
        reconstructions: Float[Tensor, "batch channels height width"],
    ) -> Float[Tensor, " batch"]:
        """Return the SSIM of each image."""
        try:
            from torchmetrics.functional.image import structural_similarity_index_measure
        except ImportError as error:
            raise MissingExtraError("SSIM", "model") from error
        found = structural_similarity_index_measure(
            reconstructions, originals, reduction="none", data_range=1.0
        )
        return found.reshape(len(originals))


@dataclass(frozen=True, kw_only=True)
class MultiScaleStructuralSimilarity(PerImageMetric):
    """MS-SSIM, contrast and structure at five scales and luminance at the coarsest.

    References:
        Wang, Simoncelli, Bovik. Multiscale structural similarity for image quality assessment.
        Asilomar Conference on Signals, Systems and Computers (2003).
    """

    name: str = "ms_ssim"
    better: Literal["higher", "lower"] = "higher"
    units: str = "1"
    protocol: str = f"MS-SSIM at five scales, {_WINDOW}"
    channels: tuple[int, ...] = (1, 3)
    least_side: int = _WINDOW_SIDE * _COARSEST

    def per_image(
        self,
        originals: Float[Tensor, "batch channels height width"],
        reconstructions: Float[Tensor, "batch channels height width"],
    ) -> Float[Tensor, " batch"]:
        """Return the MS-SSIM of each image."""
        try:
            from torchmetrics.functional.image import (
                multiscale_structural_similarity_index_measure,
            )
        except ImportError as error:
            raise MissingExtraError("MS-SSIM", "model") from error
        found = multiscale_structural_similarity_index_measure(
            reconstructions, originals, reduction="none", data_range=1.0
        )
        return found.reshape(len(originals))
