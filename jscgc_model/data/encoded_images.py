"""Sets of images that are looked at one by one, as the bytes of their files."""

import hashlib
from collections.abc import Sequence
from typing import Protocol, runtime_checkable


class UnusableImageError(Exception):
    """An image that cannot be used; its message says why."""


@runtime_checkable
class EncodedImages(Protocol):
    """Images in a fixed order, none of which is held in memory."""

    def __len__(self) -> int:
        """Number of images."""

    def name(self, number: int) -> str:
        """Return the name of an image: the same wherever the set lies.

        Args:
            number: Place of the image, from 0.

        Returns:
            A path below the set, with forward slashes.
        """

    def encoded(self, number: int) -> bytes:
        """Return the bytes of an image file; several threads may ask at once.

        Args:
            number: Place of the image, from 0.

        Returns:
            The bytes, of any format.

        Raises:
            UnusableImageError: If there are none.
        """


class ChosenImages:
    """Some images of a set.

    Args:
        images: The set.
        numbers: Places of the chosen images.
    """

    def __init__(self, images: EncodedImages, numbers: Sequence[int]) -> None:
        self._images = images
        self._numbers = list(numbers)

    @property
    def numbers(self) -> list[int]:
        """Place of each in the whole set."""
        return list(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def name(self, number: int) -> str:
        """Return the name of an image, as in the whole set.

        Args:
            number: Place among the chosen.

        Returns:
            The name.
        """
        return self._images.name(self._numbers[number])

    def encoded(self, number: int) -> bytes:
        """Return the bytes of an image.

        Args:
            number: Place among the chosen.

        Returns:
            The bytes.
        """
        return self._images.encoded(self._numbers[number])


def digest_of_names(images: EncodedImages) -> str:
    """Return a digest of which images a set holds, in which order.

    Args:
        images: The set.

    Returns:
        SHA-256 of the names, in hexadecimal.
    """
    digest = hashlib.sha256()
    for number in range(len(images)):
        digest.update(images.name(number).encode() + b"\0")
    return digest.hexdigest()
