"""Sources of samples, as recipes name them."""

from typing import Annotated, Literal

from pydantic import Field

from jscgc_model.recipes.image_sources import ImageFolderSource, ImageTableSource
from jscgc_theory.records import Record


class SphereSource(Record):
    """Uniform points of the unit sphere S^d: everything about it is known exactly."""

    kind: Literal["sphere"] = "sphere"
    dim: int = 2
    """d."""


class DrawnImagesSource(Record):
    """Images drawn from a few factors, see :class:`jscgc_theory.sources.Drawing`."""

    kind: Literal["drawn_images"] = "drawn_images"
    factors: tuple[str, ...] = ("x", "y", "size", "intensity")
    pixels: int = 16
    channels: int = 1
    sharpness: float = 4.0


Source = Annotated[
    SphereSource | DrawnImagesSource | ImageFolderSource | ImageTableSource,
    Field(discriminator="kind"),
]
