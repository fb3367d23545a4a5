"""Metrics that compare the set of originals with the set of reconstructions."""

import abc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor

from jscgc_model.metrics.feature_extractor import FeatureExtractor
from jscgc_model.metrics.image_pairs import ImagePairs
from jscgc_model.metrics.metric import Metric, check_observed
from jscgc_model.metrics.patches import cut_patches
from jscgc_model.metrics.source_intervals import jackknife
from jscgc_theory.errors import InputError
from jscgc_theory.records import Estimate, Notice


@dataclass(frozen=True)
class ImageFeatures:
    """What a set metric keeps of a batch: features of whole images, or of their patches."""

    originals: Float[Tensor, "batch n_patches dim"]
    reconstructions: Float[Tensor, "batch n_patches dim"]
    sources: Int[Tensor, " batch"]
    shorter_side: int


@dataclass(frozen=True, kw_only=True)
class SetMetric(Metric[ImageFeatures]):
    """A distance between the laws of features of originals and of reconstructions.

    An original counts once for each of its reconstructions, so give one of each.
    """

    extractor: FeatureExtractor
    patch_side: int | None = None
    """Side of square patches in pixels; None for whole images."""
    better: Literal["higher", "lower"] = "lower"

    @abc.abstractmethod
    def of_sets(
        self, originals: Float[Tensor, "n dim"], reconstructions: Float[Tensor, "n dim"]
    ) -> float:
        """Return the distance between two sets of features, in double precision.

        Args:
            originals: At least two rows.
            reconstructions: At least two rows.

        Returns:
            The distance.
        """

    @abc.abstractmethod
    def sample_notices(self, n_rows: int, dim: int) -> tuple[Notice, ...]:
        """Say so where a set is too small for its value to mean much."""

    def observe(self, pairs: ImagePairs) -> ImageFeatures:
        """Extract the features of a batch."""
        self.check_protocol(pairs)
        with torch.no_grad():
            first, second = (
                self._features(images) for images in (pairs.originals, pairs.reconstructions)
            )
        return ImageFeatures(first, second, pairs.sources.to(first.device), pairs.shorter_side)

    def estimate(self, kept: Sequence[ImageFeatures]) -> Estimate:
        """Compare the sets, with a jackknife interval over sources."""
        check_observed(kept, name=self.name)
        originals = _rows([batch.originals for batch in kept])
        reconstructions = _rows([batch.reconstructions for batch in kept])
        sources = torch.cat(
            [batch.sources.repeat_interleave(batch.originals.shape[1]) for batch in kept]
        )
        if len(originals) < 2:
            raise InputError(f"{self.name} of one {self._unit} is not defined; give more images")
        value = self.of_sets(originals, reconstructions)
        found = jackknife(
            lambda left: self.of_sets(originals[left], reconstructions[left]), sources, value
        )
        sizes = self.size_notices(min(batch.shorter_side for batch in kept))
        n_images, dim = sum(len(batch.sources) for batch in kept), originals.shape[1]
        return Estimate(
            value=value,
            interval=found.interval,
            standard_error=found.standard_error,
            method=f"{self.protocol}; n = {len(originals)}, jackknife interval over sources",
            n_points_used=len(originals),
            notices=found.notices + sizes + self.sample_notices(len(originals), dim),
            details={**self.facts(), "n_images": n_images, "feature_dim": dim},
        )

    @property
    def _unit(self) -> str:
        return "image" if self.patch_side is None else "patch"

    def _features(self, images: Tensor) -> Float[Tensor, "batch n_patches dim"]:
        if self.patch_side is None:
            return self.extractor.features(images)[:, None]
        patches = cut_patches(images, self.patch_side)
        return self.extractor.features(patches.flatten(0, 1)).unflatten(0, patches.shape[:2])


def _rows(features: Sequence[Float[Tensor, "_ _ dim"]]) -> Float[Tensor, "n_rows dim"]:
    return torch.cat([one.flatten(0, 1) for one in features]).double()
