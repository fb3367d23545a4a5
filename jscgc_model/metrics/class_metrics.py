"""Whether meaning survives: the class that a judge names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Int
from torch import Tensor

from jscgc_model.metrics.image_pairs import ImagePairs
from jscgc_model.metrics.judge import Judge
from jscgc_model.metrics.metric import Metric, check_observed
from jscgc_model.metrics.per_image_metric import ImageValues
from jscgc_model.metrics.source_intervals import (
    mean_of_each_source,
    notices_of_sources,
    share_interval,
)
from jscgc_theory.errors import InputError
from jscgc_theory.records import Estimate


@dataclass(frozen=True, kw_only=True)
class ClassShare(Metric[ImageValues]):
    """Share of reconstructions whose class, as a judge names it, is the wanted one.

    The wanted class is that which the judge names in the original (``class_consistency``), or the
    label of the original (``class_accuracy``). The first is 1 for exact reconstructions, whatever
    the judge; the second is then the judge's own accuracy.
    """

    judge: Judge
    wanted: Literal["original", "label"]
    better: Literal["higher", "lower"] = "higher"
    units: str = "share"

    def observe(self, pairs: ImagePairs) -> ImageValues:
        """Name the classes of a batch."""
        self.check_protocol(pairs)
        agrees = self.judge.classes(pairs.reconstructions).cpu() == self._wanted(pairs).cpu()
        return ImageValues(agrees.double(), pairs.sources.cpu(), pairs.shorter_side)

    def estimate(self, kept: Sequence[ImageValues]) -> Estimate:
        """Average over sources, with Wilson's interval."""
        check_observed(kept, name=self.name)
        values = torch.cat([batch.values for batch in kept])
        each = mean_of_each_source(values, torch.cat([batch.sources for batch in kept]))
        share = float(each.mean())
        return Estimate(
            value=share,
            interval=share_interval(share, len(each)),
            method=f"{self.protocol}; mean over sources, Wilson's interval",
            n_points_used=len(values),
            notices=notices_of_sources(len(each))
            + self.size_notices(min(batch.shorter_side for batch in kept)),
            details={**self.facts(), "n_sources": len(each)},
        )

    def _wanted(self, pairs: ImagePairs) -> Int[Tensor, " batch"]:
        if self.wanted == "original":
            return self.judge.classes(pairs.originals)
        if pairs.labels is None:
            raise InputError(
                f"{self.name} needs the labels of the images, and these have none; give a table "
                f"with labels, or choose class_consistency_{self.judge.name}"
            )
        return pairs.labels
