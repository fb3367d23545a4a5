"""Small images with a label each, held in memory as bytes: what a classifier learns from."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from numpy.typing import NDArray
from torch import Tensor

from jscgc_model.data.decoding import Pixels
from jscgc_model.data.encoded_images import ChosenImages, digest_of_names
from jscgc_model.data.image_reader import N_THREADS, ImageReader
from jscgc_model.data.image_table import ImageTable
from jscgc_model.data.splits import Split, split_images

_BRIGHTEST = 255.0


@dataclass(frozen=True, eq=False, kw_only=True)
class LabelledImages:
    """Square colour images and their labels."""

    levels: UInt8[Tensor, "n 3 side side"]
    """From 0 to 255."""
    labels: Int[Tensor, " n"]
    digest: str
    """Of which images they are, and of their labels."""

    def __len__(self) -> int:
        return len(self.labels)

    def pixels(self, rows: Int[Tensor, " batch"] | slice) -> Float[Tensor, "batch 3 side side"]:
        """Return some of the images.

        Args:
            rows: Which.

        Returns:
            Pixels in [0, 1].
        """
        return self.levels[rows].float() / _BRIGHTEST


def read_labelled_images(
    path: Path,
    *,
    side: int,
    split: Split = "train",
    column: str | None = None,
    label_column: str = "label",
) -> LabelledImages:
    """Read the labelled images of a table, resized, the middle cut out; damaged ones left out.

    Args:
        path: A table, or a folder of them.
        side: Side of the images in pixels.
        split: Which images, see :func:`split_images`.
        column: Name of the image column; None if there is only one.
        label_column: Name of the column of labels.

    Returns:
        The images.

    Raises:
        InputError: If there is no such table, split or column.
    """
    table = ImageTable(path, column=column)
    labels = table.labels(label_column)
    chosen = split_images(table, split)
    numbers = chosen.numbers if isinstance(chosen, ChosenImages) else range(len(table))
    reader = ImageReader(chosen, shorter_side=side, least_side=side)
    with ThreadPoolExecutor(N_THREADS) as pool:
        read = list(pool.map(reader.read, range(len(chosen))))
    usable = [
        (_middle(pixels, side), labels[number])
        for pixels, number in zip(read, numbers, strict=True)
        if pixels is not None
    ]
    images, kept = zip(*usable, strict=True)
    levels = torch.from_numpy(np.stack(images)).movedim(3, 1).contiguous()
    digest = hashlib.sha256(f"{digest_of_names(chosen)} {kept}".encode()).hexdigest()
    return LabelledImages(levels=levels, labels=torch.tensor(kept), digest=digest)


def _middle(pixels: Pixels, side: int) -> UInt8[NDArray[np.uint8], "side side channels"]:
    top, left = ((length - side) // 2 for length in pixels.shape[:2])
    return pixels[top : top + side, left : left + side]
