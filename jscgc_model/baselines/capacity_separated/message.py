"""What is sent for an image, and what the receiver makes of it."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from PIL import Image

from jscgc_model.baselines.capacity_separated.image_formats import (
    JPEG,
    ImageFormat,
    WebP,
    read,
)
from jscgc_model.baselines.capacity_separated.settings import SeparatedCodingSettings

Pixels = Float[NDArray[np.float64], "height width channels"]

MODES = {1: "L", 3: "RGB"}
"""Pillow's name for images of so many channels."""
BRIGHTEST = 255.0
FILE, MEAN_COLOUR, NOTHING = "file", "mean_colour", "nothing"


@dataclass(frozen=True)
class Message:
    """What the receiver is sent; of which kind and how long it is, is not counted."""

    kind: str
    """``file``; ``mean_colour``, one byte a channel; ``nothing``, which is shown as mid-grey."""
    payload: bytes
    n_bits: int
    """Counted bits."""
    choice: int | None = None
    """Number of the size and quality, where headers are left out."""


def image_format(settings: SeparatedCodingSettings) -> ImageFormat:
    """Return the format that settings name.

    Args:
        settings: The settings.

    Returns:
        The format.
    """
    if settings.image_format == "webp":
        return WebP()
    return JPEG(has_own_tables=settings.counts_headers)


def decode_image(
    message: Message, shape: tuple[int, ...], settings: SeparatedCodingSettings
) -> Pixels:
    """Return the image of a message.

    Args:
        message: The message.
        shape: (height, width, channels) of the image.
        settings: Those it was made with.

    Returns:
        Pixels in [0, 1].
    """
    height, width, channels = shape
    if message.kind == NOTHING:
        return np.full(shape, 0.5)
    if message.kind == MEAN_COLOUR:
        return np.broadcast_to(np.frombuffer(message.payload, np.uint8) / BRIGHTEST, shape)
    file, mode = message.payload, MODES[channels]
    if message.choice is not None:
        size, quality = settings.choices((width, height))[message.choice]
        file = image_format(settings).restore(file, mode, size, quality)
    image = read(file, mode)
    if image.size != (width, height):
        image = image.resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(image, dtype=np.float64).reshape(shape) / BRIGHTEST
