"""An image in a stated number of bits: the best file that fits, or what is left without one."""

import math
from collections.abc import Iterator
from operator import itemgetter

import numpy as np
from PIL import Image

from jscgc_model.baselines.capacity_separated.message import (
    BRIGHTEST,
    FILE,
    MEAN_COLOUR,
    MODES,
    NOTHING,
    Message,
    Pixels,
    decode_image,
    image_format,
)
from jscgc_model.baselines.capacity_separated.settings import SeparatedCodingSettings

_BITS_PER_BYTE = 8


def code_image(
    pixels: Pixels, budget_bits: int, settings: SeparatedCodingSettings
) -> tuple[Message, Pixels]:
    """Return the message of least squared error among all that fit, the shortest of equals.

    A larger budget only adds messages, so the error never grows with it.

    Args:
        pixels: In [0, 1].
        budget_bits: Most bits of the message; none or more.
        settings: What to try.

    Returns:
        The message, and the pixels that the receiver makes of it.
    """
    fitting = (one for one in _messages(pixels, settings) if one.n_bits <= budget_bits)
    tried = (
        (float(np.square(shown - pixels).sum()), message.n_bits, message, shown)
        for message in fitting
        for shown in [decode_image(message, pixels.shape, settings)]
    )
    _, _, message, shown = min(tried, key=itemgetter(0, 1))
    return message, shown


def _messages(pixels: Pixels, settings: SeparatedCodingSettings) -> Iterator[Message]:
    """Yield all messages that an image can become, whatever their length."""
    levels = np.rint(pixels * BRIGHTEST).clip(0.0, BRIGHTEST)
    colour = np.rint(levels.mean(axis=(0, 1))).astype(np.uint8).tobytes()
    yield Message(NOTHING, b"", 0)
    yield Message(MEAN_COLOUR, colour, _BITS_PER_BYTE * len(colour))
    height, width, channels = pixels.shape
    shape = (height, width) if channels == 1 else pixels.shape
    image = Image.fromarray(levels.astype(np.uint8).reshape(shape), MODES[channels])
    yield from _files(image, settings)


def _files(image: Image.Image, settings: SeparatedCodingSettings) -> Iterator[Message]:
    coded, choices = image_format(settings), settings.choices(image.size)
    bits_of_choice = math.ceil(math.log2(len(choices)))
    small = image
    for number, (size, quality) in enumerate(choices):
        if size != small.size:
            small = image.resize(size, Image.Resampling.LANCZOS)
        file = coded.write(small, quality)
        if settings.counts_headers:
            yield Message(FILE, file, _BITS_PER_BYTE * len(file))
            continue
        payload = coded.strip(file)
        n_bits = bits_of_choice + _BITS_PER_BYTE * len(payload)
        yield Message(FILE, payload, n_bits, number)
