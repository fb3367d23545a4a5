"""Image files as sources, as recipes name them."""

from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from jscgc_model.data.encoded_images import EncodedImages
from jscgc_model.data.image_crops import ImageCrops
from jscgc_model.data.image_folder import ImageFolder
from jscgc_model.data.image_table import ImageTable
from jscgc_model.data.reading_report import ReadingReport
from jscgc_model.data.splits import Split, only_listed, split_images
from jscgc_theory.records import Record


class ImageFilesSource(Record):
    """What sources of image files have in common."""

    path: str
    crop: int = Field(default=256, ge=1)
    """Side of the crops in pixels."""
    channels: Literal[1, 3] = 3
    shorter_side: int | None = Field(default=None, ge=1)
    """Pixels the shorter side of every image is resized to before it is cut; null for none."""
    flips: bool = True
    """Whether to mirror half of the crops."""
    split: Split = "train"
    """``train``, ``val``, ``test`` or ``all``: folders of these names, or else by digest."""
    held_out_share: float = Field(default=0.05, gt=0.0, lt=0.5)
    """Share of ``val``, and of ``test``, where no folder says."""
    ids: str | None = None
    """File of identifiers, one a line; all images but these are left out."""


class ImageFolderSource(ImageFilesSource):
    """Random crops of the images below a folder."""

    kind: Literal["image_folder"] = "image_folder"


class ImageTableSource(ImageFilesSource):
    """Random crops of the images in Parquet or Arrow tables."""

    kind: Literal["image_table"] = "image_table"
    column: str | None = None
    """Name of the image column; null if there is only one."""


class ImageFiles:
    """Crops of image files that are looked for at the first draw.

    A trained system is thus built again where its training images are not at hand.

    Args:
        chosen: Which images, and how crops are cut.
    """

    def __init__(self, chosen: ImageFilesSource) -> None:
        self._chosen = chosen
        self._crops: ImageCrops | None = None

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """(channels, crop, crop)."""
        return (self._chosen.channels, self._chosen.crop, self._chosen.crop)

    @property
    def crops(self) -> ImageCrops:
        """The crops; the images are listed when they are first asked for."""
        if self._crops is None:
            self._crops = open_image_crops(self._chosen)
        return self._crops

    def draw(
        self, n_samples: int, rng: np.random.Generator
    ) -> Float[Tensor, "batch channels height width"]:
        """Draw crops.

        Args:
            n_samples: How many.
            rng: Source of randomness.

        Returns:
            Pixels in [0, 1], float32.
        """
        return self.crops.draw(n_samples, rng)

    def report(self) -> ReadingReport:
        """Return what came of reading so far.

        Returns:
            How many images were read, and which were skipped.
        """
        return self.crops.report()


def open_image_crops(chosen: ImageFilesSource) -> ImageCrops:
    """Return the crops that a recipe names.

    Args:
        chosen: Which images, and how crops are cut.

    Returns:
        The crops.

    Raises:
        InputError: If there are no such images.
    """
    path = Path(chosen.path)
    images: EncodedImages
    if isinstance(chosen, ImageTableSource):
        images = ImageTable(path, column=chosen.column)
    else:
        images = ImageFolder(path)
    if chosen.ids is not None:
        images = only_listed(images, Path(chosen.ids))
    return ImageCrops(
        split_images(images, chosen.split, held_out_share=chosen.held_out_share),
        crop=chosen.crop,
        channels=chosen.channels,
        shorter_side=chosen.shorter_side,
        flips=chosen.flips,
    )
