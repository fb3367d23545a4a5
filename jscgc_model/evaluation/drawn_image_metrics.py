"""Metrics of drawn images that need no network: the drawing itself is the judge."""

from collections import deque
from dataclasses import dataclass
from typing import Any, Literal

import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.data.streams import numpy_stream
from jscgc_model.metrics import Metric, PerImageMetric
from jscgc_model.verification.factor_recovery import FactorRecovery, recover_factors
from jscgc_theory.sources import Drawing

NEAREST = "nearest_drawn_image"
FACTOR_ERROR = "factor_error_"


class FactorSearch:
    """Finds nearest drawn images, once for the metrics that share it.

    Args:
        drawing: What images can be drawn.
        seed: Of the starts of the search.
    """

    def __init__(self, drawing: Drawing, seed: int) -> None:
        self.drawing = drawing
        self._seed = seed
        # The originals of a batch, one draw, and the next draw before the originals are asked for.
        self._known: deque[tuple[Tensor, FactorRecovery]] = deque(maxlen=3)

    def recover(self, images: Float[Tensor, "batch channels height width"]) -> FactorRecovery:
        """Find the drawn image nearest to each image.

        Args:
            images: Pixels.

        Returns:
            Factors and distances.
        """
        for place, (known, found) in enumerate(self._known):
            if torch.equal(known, images):
                del self._known[place]
                self._known.append((known, found))
                return found
        rng = numpy_stream(self._seed, "nearest image")
        found = recover_factors(images.double().cpu().numpy(), self.drawing, rng=rng)
        self._known.append((images, found))
        return found


@dataclass(frozen=True, kw_only=True)
class NearestDrawnImage(PerImageMetric):
    """Root mean square difference of a pixel between a reconstruction and what can be drawn."""

    search: FactorSearch
    name: str = NEAREST
    better: Literal["higher", "lower"] = "lower"
    units: str = "pixel value"
    protocol: str = "root mean square difference from the nearest image that can be drawn"
    channels: tuple[int, ...] = (1, 3)

    def per_image(
        self,
        originals: Float[Tensor, "batch channels height width"],
        reconstructions: Float[Tensor, "batch channels height width"],
    ) -> Float[Tensor, " batch"]:
        """Return the distance of each reconstruction."""
        return torch.from_numpy(self.search.recover(reconstructions).distance)


@dataclass(frozen=True, kw_only=True)
class FactorError(PerImageMetric):
    """|f(x_hat) - f(x)| of one factor of the nearest drawn images, in shares of its range."""

    search: FactorSearch
    place: int
    """Of the factor."""
    better: Literal["higher", "lower"] = "lower"
    units: str = "share of range"
    channels: tuple[int, ...] = (1, 3)

    def per_image(
        self,
        originals: Float[Tensor, "batch channels height width"],
        reconstructions: Float[Tensor, "batch channels height width"],
    ) -> Float[Tensor, " batch"]:
        """Return the error of each pair."""
        wanted, found = (
            torch.from_numpy(self.search.recover(images).factors[:, self.place])
            for images in (originals, reconstructions)
        )
        return (found - wanted).abs()


def drawn_image_metrics(drawing: Drawing, *, seed: int = 0) -> tuple[Metric[Any], ...]:
    """Return the metrics of images of a drawing.

    Args:
        drawing: What images can be drawn.
        seed: Of the search for the nearest drawn image.

    Returns:
        ``nearest_drawn_image``, and ``factor_error_<name>`` for each factor.
    """
    search = FactorSearch(drawing, seed)
    errors = [
        FactorError(
            name=FACTOR_ERROR + name,
            protocol=f"absolute error of the {name} of the nearest image that can be drawn",
            search=search,
            place=place,
        )
        for place, name in enumerate(drawing.factors)
    ]
    return (NearestDrawnImage(search=search), *errors)
