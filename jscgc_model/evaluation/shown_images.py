"""A few images of an evaluation to look at, cut to what a record can hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.evaluation.evaluated_images import EvaluatedImages, ImageBatch
from jscgc_model.verification.pixel_grid import PixelGrid

_LARGEST_SIDE = 128
_VALUES_IN_A_ROW = 2**17
_FEWEST, _MOST = 2, 8


@dataclass(frozen=True, eq=False)
class ShownImages:
    """The first images of one size, the middle of those that are large."""

    numbers: tuple[int, ...]
    """Places in the set."""
    source: Float[Tensor, "n channels height width"]

    def cut(
        self, batch: ImageBatch, made: Float[Tensor, "batch channels height width"]
    ) -> dict[int, Float[Tensor, "channels least_h least_w"]]:
        """Return what a system made of those that are in a batch.

        Args:
            batch: The batch.
            made: What became of it.

        Returns:
            By place in the set.
        """
        return {
            number: middle(image)
            for number, image in zip(batch.numbers.tolist(), made, strict=True)
            if number in self.numbers
        }

    def grid(self, label: str, made: Mapping[int, Float[Tensor, "c h w"]]) -> PixelGrid:
        """Return a row.

        Args:
            label: Of the row.
            made: Images by place in the set.

        Returns:
            The row.
        """
        row = torch.stack([made[number] for number in self.numbers])
        return PixelGrid.from_rows({label: row.double().cpu().numpy()})


def choose_shown(images: EvaluatedImages) -> ShownImages:
    """Choose what is shown of a set.

    Args:
        images: The set.

    Returns:
        The first 2 to 8 images of the size of the first, as many as a record can bear.
    """
    numbers: list[int] = []
    kept: list[Tensor] = []
    for batch in images.batches():
        for number, image in zip(batch.numbers.tolist(), batch.pixels, strict=True):
            if kept and middle(image).shape != kept[0].shape:
                continue
            numbers.append(number)
            kept.append(middle(image))
            n_shown = min(_MOST, max(_FEWEST, _VALUES_IN_A_ROW // kept[0].numel()))
            if len(kept) == n_shown:
                return ShownImages(tuple(numbers), torch.stack(kept))
    return ShownImages(tuple(numbers), torch.stack(kept))


def middle(image: Float[Tensor, "c height width"]) -> Float[Tensor, "c least_h least_w"]:
    """Cut the middle out of a large image.

    Args:
        image: Of any size.

    Returns:
        At most 128 pixels a side.
    """
    sides = [min(side, _LARGEST_SIDE) for side in image.shape[1:]]
    top, left = ((there - kept) // 2 for there, kept in zip(image.shape[1:], sides, strict=True))
    return image[:, top : top + sides[0], left : left + sides[1]]


def joined(grids: Sequence[PixelGrid]) -> PixelGrid:
    """Put rows under each other.

    Args:
        grids: Grids of one shape of row.

    Returns:
        All their rows.
    """
    rows = {
        label: row for grid in grids for label, row in zip(grid.labels, grid.pixels(), strict=True)
    }
    return PixelGrid.from_rows(rows)
