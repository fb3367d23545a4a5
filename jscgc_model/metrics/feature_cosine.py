"""Cosine similarity of features, as in the DINO score."""

from dataclasses import dataclass
from typing import Literal

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from jscgc_model.metrics.feature_extractor import FeatureExtractor
from jscgc_model.metrics.per_image_metric import PerImageMetric


@dataclass(frozen=True, kw_only=True)
class FeatureCosine(PerImageMetric):
    """f(x) . f(y) / (|f(x)| |f(y)|) of each image and its reconstruction.

    References:
        Ruiz et al. DreamBooth: fine tuning text-to-image diffusion models for subject-driven
        generation. CVPR 2023.
    """

    extractor: FeatureExtractor
    better: Literal["higher", "lower"] = "higher"
    units: str = "1"

    def per_image(
        self,
        originals: Float[Tensor, "batch channels height width"],
        reconstructions: Float[Tensor, "batch channels height width"],
    ) -> Float[Tensor, " batch"]:
        """Return the cosine of each pair."""
        first, second = (self.extractor.features(one) for one in (originals, reconstructions))
        return functional.cosine_similarity(first, second, dim=1)
