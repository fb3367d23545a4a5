"""Metrics with a value for each image, averaged over sources."""

import abc
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from jscgc_model.metrics.image_pairs import ImagePairs
from jscgc_model.metrics.metric import Metric, check_observed
from jscgc_model.metrics.source_intervals import bootstrap_mean, mean_of_each_source
from jscgc_theory.records import Estimate, Notice


@dataclass(frozen=True)
class ImageValues:
    """What a per-image metric keeps of a batch."""

    values: Float[Tensor, " batch"]
    sources: Int[Tensor, " batch"]
    shorter_side: int


@dataclass(frozen=True, kw_only=True)
class PerImageMetric(Metric[ImageValues]):
    """A mean over sources of a value for each pair of images."""

    @abc.abstractmethod
    def per_image(
        self,
        originals: Float[Tensor, "batch channels height width"],
        reconstructions: Float[Tensor, "batch channels height width"],
    ) -> Float[Tensor, " batch"]:
        """Return the value of each pair; differentiable.

        Args:
            originals: Pixels in [0, 1].
            reconstructions: Pixels in [0, 1].

        Returns:
            One value for each pair.
        """

    def observe(self, pairs: ImagePairs) -> ImageValues:
        """Measure a batch."""
        self.check_protocol(pairs)
        with torch.no_grad():
            values = self.per_image(pairs.originals, pairs.reconstructions)
        return ImageValues(values.cpu(), pairs.sources.cpu(), pairs.shorter_side)

    def estimate(self, kept: Sequence[ImageValues]) -> Estimate:
        """Average over sources, with a bootstrap interval."""
        check_observed(kept, name=self.name)
        values = torch.cat([batch.values for batch in kept])
        each = mean_of_each_source(values, torch.cat([batch.sources for batch in kept]))
        found = bootstrap_mean(each)
        sizes = self.size_notices(min(batch.shorter_side for batch in kept))
        return Estimate(
            value=float(each.mean()),
            interval=found.interval,
            standard_error=found.standard_error,
            method=f"{self.protocol}; mean over sources, studentised bootstrap interval",
            n_points_used=len(values),
            notices=found.notices + sizes + _notices_of_infinity(values),
            details={**self.facts(), "n_sources": len(each)},
        )


def _notices_of_infinity(values: Float[Tensor, " n_images"]) -> tuple[Notice, ...]:
    n_infinite = int(values.isinf().sum())
    if not n_infinite:
        return ()
    message = f"{n_infinite} of {len(values)} values are infinite, and so is their mean."
    return (Notice(code="infinite_values", message=message),)
