"""The images that every system is given, batch by batch, in bounded memory."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import torch
from jaxtyping import Float, Int
from torch import Tensor

from jscgc_model.data.encoded_images import EncodedImages
from jscgc_model.data.image_reader import ImageReader
from jscgc_model.data.streams import numpy_stream
from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count

_PIXELS_PER_BATCH = 2**18
_IMAGES_PER_BATCH = 256
_BRIGHTEST = 255.0


@dataclass(frozen=True, eq=False, kw_only=True)
class ImageBatch:
    """Images of one size."""

    pixels: Float[Tensor, "batch channels height width"]
    """In [0, 1]."""
    numbers: Int[Tensor, " batch"]
    """Place of each in the set."""
    labels: Int[Tensor, " batch"] | None
    """Class of each, where classes are known."""


class EvaluatedImages:
    """A set of images, read anew at every passage; sizes may differ.

    Args:
        read: Number of an image to its pixels in [0, 1], None if it cannot be used.
        numbers: Which images, in the order in which they are sent.
        digest: What tells this set from others.
        labels: Class of each image of ``numbers``, where classes are known.

    Raises:
        InputError: If there are no images.
    """

    def __init__(
        self,
        read: Callable[[int], Float[Tensor, "channels height width"] | None],
        numbers: Sequence[int],
        *,
        digest: str,
        labels: Sequence[int] | None = None,
    ) -> None:
        if len(numbers) == 0:
            raise InputError("there are no images to send; give one at least")
        self._read = read
        self._numbers = list(numbers)
        self._labels = None if labels is None else dict(zip(numbers, labels, strict=True))
        self.digest = digest

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def has_labels(self) -> bool:
        """Whether the class of every image is known."""
        return self._labels is not None

    @classmethod
    def in_memory(
        cls,
        images: Sequence[Float[Tensor, "channels _ _"]] | Tensor,
        labels: Sequence[int] | None = None,
    ) -> Self:
        """Return a set of images that are at hand.

        Args:
            images: Pixels in [0, 1].
            labels: Class of each, if known.

        Returns:
            The set.
        """
        found = hashlib.sha256()
        for image in images:
            found.update(f"{tuple(image.shape)}".encode() + image.cpu().numpy().tobytes())
        return cls(
            lambda number: images[number],
            range(len(images)),
            digest=found.hexdigest()[:16],
            labels=labels,
        )

    @classmethod
    def from_files(
        cls,
        images: EncodedImages,
        *,
        channels: int = 3,
        shorter_side: int | None = None,
        n_images: int | None = None,
        labels: Sequence[int] | None = None,
        seed: int = 0,
    ) -> Self:
        """Return image files as a set; damaged ones are left out.

        Args:
            images: The files.
            channels: 1 for grey, 3 for colour; images are converted.
            shorter_side: Pixels the shorter side is resized to, or None to keep sizes.
            n_images: How many to choose at random; None for all.
            labels: Class of each file, if known.
            seed: Decides which are chosen.

        Returns:
            The set, in the order of the files.
        """
        reader = ImageReader(images, channels=channels, shorter_side=shorter_side)
        numbers = _chosen(len(images), n_images, seed)
        found = hashlib.sha256(f"{channels} {shorter_side}".encode())
        for number in numbers:
            found.update(images.name(number).encode() + b"\0")

        def read(number: int) -> Tensor | None:
            pixels = reader.read(number)
            if pixels is None:
                return None
            return torch.from_numpy(pixels.copy()).movedim(2, 0).float() / _BRIGHTEST

        return cls(
            read,
            numbers,
            digest=found.hexdigest()[:16],
            labels=None if labels is None else [labels[number] for number in numbers],
        )

    def batches(self) -> Iterator[ImageBatch]:
        """Read the images; neighbours of one size share a batch.

        Yields:
            Batches, the same at every passage.
        """
        kept: list[tuple[int, Tensor]] = []
        for number in self._numbers:
            image = self._read(number)
            if image is None:
                continue
            if kept and (image.shape != kept[0][1].shape or len(kept) >= _batch_size(image)):
                yield self._batch(kept)
                kept = []
            kept.append((number, image))
        if kept:
            yield self._batch(kept)

    def _batch(self, kept: Sequence[tuple[int, Tensor]]) -> ImageBatch:
        numbers = [number for number, _ in kept]
        labels = None
        if self._labels is not None:
            labels = torch.tensor([self._labels[number] for number in numbers])
        return ImageBatch(
            pixels=torch.stack([image for _, image in kept]),
            numbers=torch.tensor(numbers),
            labels=labels,
        )


def _chosen(n_there: int, n_wanted: int | None, seed: int) -> list[int]:
    if n_wanted is None or check_count(n_wanted, name="n_images") >= n_there:
        return list(range(n_there))
    rng = numpy_stream(seed, "evaluated images")
    return sorted(rng.choice(n_there, size=n_wanted, replace=False).tolist())


def _batch_size(image: Tensor) -> int:
    return max(1, min(_IMAGES_PER_BATCH, _PIXELS_PER_BATCH // image[0].numel()))
