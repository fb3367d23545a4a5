"""From the bytes of an image file to pixels."""

from io import BytesIO

import numpy as np
from jaxtyping import UInt8
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from jscgc_model.data.encoded_images import UnusableImageError
from jscgc_theory.errors import InputError

MODES = {1: "L", 3: "RGB"}
"""What Pillow calls images of this many channels."""

Pixels = UInt8[NDArray[np.uint8], "height width channels"]

_LEVELS_OF_16_BITS = 257


def decode_image(encoded: bytes, *, channels: int, shorter_side: int | None = None) -> Pixels:
    """Decode an image; transparency is dropped, 16 bits become 8.

    Args:
        encoded: The bytes of the file.
        channels: 1 for grey, 3 for colour; images are converted.
        shorter_side: Pixels the shorter side is resized to, or None to keep the size.

    Returns:
        Levels from 0 to 255.

    Raises:
        UnusableImageError: If the bytes are damaged or no image.
        InputError: If channels are neither 1 nor 3.
    """
    if channels not in MODES:
        raise InputError(f"channels = {channels}; images have 1 (grey) or 3 (colour)")
    # Whatever Pillow raises on damaged bytes, from KeyError to SyntaxError, is their fault.
    try:
        with Image.open(BytesIO(encoded)) as opened:
            image = _converted(opened, MODES[channels])
        if shorter_side is not None:
            image = _resized(image, shorter_side)
    except UnusableImageError:
        raise
    except UnidentifiedImageError as error:
        raise UnusableImageError("its bytes are of no known image format") from error
    except Exception as error:
        raise UnusableImageError(str(error) or type(error).__name__) from error
    return np.asarray(image).reshape(image.height, image.width, channels)


def _converted(opened: Image.Image, mode: str) -> Image.Image:
    if opened.mode == "F":
        raise UnusableImageError("its pixels are floating-point numbers")
    if opened.mode.startswith("I"):
        levels = np.asarray(opened).astype(np.int64) // _LEVELS_OF_16_BITS
        opened = Image.fromarray(levels.clip(0, 255).astype(np.uint8))
    # Pillow warns of palettes with transparency, which is dropped anyway.
    opened.info.pop("transparency", None)
    return opened.convert(mode)


def _resized(image: Image.Image, shorter_side: int) -> Image.Image:
    scale = shorter_side / min(image.size)
    size = tuple(max(shorter_side, round(side * scale)) for side in image.size)
    return image.resize((size[0], size[1]), Image.Resampling.LANCZOS)
