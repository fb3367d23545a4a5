"""What every metric is given: images, what became of them, and where they came from."""

from dataclasses import dataclass

import torch
from torch import Tensor

from jscgc_theory.errors import InputError


@dataclass(frozen=True, kw_only=True)
class ImagePairs:
    """A batch of images and their reconstructions, checked at birth.

    Args:
        originals: Pixels in [0, 1], shape (batch, channels, height, width).
        reconstructions: Pixels in [0, 1], the same shape.
        sources: Whole numbers, shape (batch,): pairs of one number are not independent (several
            reconstructions of one image, several crops of one photograph), and intervals are
            taken over distinct numbers.
        labels: Class of each original as a whole number, shape (batch,); None if not known.

    Raises:
        InputError: If shapes differ, or a value is not a finite number in [0, 1].
    """

    originals: Tensor
    reconstructions: Tensor
    sources: Tensor
    labels: Tensor | None = None

    def __post_init__(self) -> None:
        _check_images(self.originals, name="originals")
        _check_images(self.reconstructions, name="reconstructions")
        if self.originals.shape != self.reconstructions.shape:
            raise InputError(
                f"originals have shape {tuple(self.originals.shape)} but reconstructions "
                f"{tuple(self.reconstructions.shape)}; images must pair up, size by size"
            )
        self._check_numbers(self.sources, name="sources")
        if self.labels is not None:
            self._check_numbers(self.labels, name="labels")

    @property
    def channels(self) -> int:
        """Colour channels of the images."""
        return self.originals.shape[1]

    @property
    def shorter_side(self) -> int:
        """Height or width of the images in pixels, whichever is less."""
        return min(self.originals.shape[2:])

    def _check_numbers(self, numbers: Tensor, *, name: str) -> None:
        whole = not (numbers.is_floating_point() or numbers.is_complex())
        if numbers.shape != self.originals.shape[:1] or not whole:
            raise InputError(
                f"{name} has shape {tuple(numbers.shape)} and dtype {numbers.dtype}; "
                f"give one whole number for each of the {len(self.originals)} pairs"
            )


def _check_images(images: Tensor, *, name: str) -> None:
    if images.ndim != 4 or images.shape[1] not in (1, 3) or 0 in images.shape:
        raise InputError(
            f"{name} has shape {tuple(images.shape)}; give (batch, channels, height, width) with "
            "1 or 3 channels"
        )
    if not images.is_floating_point():
        raise InputError(f"{name} has dtype {images.dtype}; give real pixels in [0, 1]")
    low, high = (float(end) for end in torch.aminmax(images.detach()))
    # A comparison with NaN is false, so this refuses NaN too.
    if not (low >= 0.0 and high <= 1.0):
        raise InputError(
            f"{name} has values from {low:g} to {high:g}; give pixels in [0, 1]: "
            "rescale, or clamp what a decoder overshoots"
        )
