"""Turning pictures into rows: one grey or RGB convention for a whole set, values in [0, 1]."""

import warnings
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32
from numpy.typing import NDArray
from PIL import Image

from jscgc_theory.errors import InputError
from jscgc_theory.points_io.decoding import Decoding
from jscgc_theory.points_io.loaded_points import RawPoints

_GREY_MODES = frozenset({"1", "L", "LA", "I", "I;16", "I;16L", "I;16B", "I;16N"})
_UNREADABLE = "is not a readable image"
_REPAIR = "repair or remove it"

Picture = Path | bytes | NDArray[np.uint8]
"""A picture not yet decoded: a file, a file's bytes, or a grey (height, width) array."""


def stack_pictures(
    pictures: Sequence[Picture],
    label: Callable[[int], str],
    *,
    set_name: str,
    resize: int | None,
    format_name: str,
) -> RawPoints:
    """Decode pictures into one matrix, a flattened picture a row.

    A set of grey pictures stays grey; one coloured picture makes the whole set RGB. Values are
    divided by the largest value of their type (255 or 65535); transparency is dropped.

    Args:
        pictures: The pictures.
        label: Names the picture of an index in messages.
        set_name: Names the whole set in messages.
        resize: Side of the square all pictures are resized to (bicubic), or None to keep sizes.
        format_name: What to call the format in the details.

    Returns:
        Matrix of shape (n_pictures, height * width * channels), float32.

    Raises:
        InputError: If a picture is damaged, or sizes differ and no resizing was asked for.
    """
    if not pictures:
        raise InputError(f"{set_name} holds no images; give at least two")
    size, grey = _common_form(pictures, label, set_name, resize)
    channels = 1 if grey else 3
    rows = np.empty((len(pictures), size[0] * size[1] * channels), dtype=np.float32)
    for index, picture in enumerate(pictures):
        with Decoding(label(index), _UNREADABLE, _REPAIR), _opened(picture) as image:
            rows[index] = _row(image, size, grey)
    details: dict[str, Any] = {
        "format": format_name,
        "image_shape": [size[1], size[0], channels],
        "pixel_range": [0.0, 1.0],
        "resized": resize is not None,
    }
    return RawPoints(rows, details)


def _common_form(
    pictures: Sequence[Picture], label: Callable[[int], str], set_name: str, resize: int | None
) -> tuple[tuple[int, int], bool]:
    """Read the headers alone: size (width, height) and whether all pictures are grey."""
    first: tuple[int, int] | None = None
    grey = True
    for index, picture in enumerate(pictures):
        with Decoding(label(index), _UNREADABLE, _REPAIR), _opened(picture) as image:
            size, mode = image.size, image.mode
        if mode == "F":
            raise InputError(
                f"{label(index)} has floating-point pixels; save 8- or 16-bit images, or .npy"
            )
        grey = grey and mode in _GREY_MODES
        first = first or size
        if resize is None and size != first:
            raise InputError(
                f"{set_name} holds images of different sizes ({label(0)} is "
                f"{first[0]}x{first[1]}, {label(index)} is {size[0]}x{size[1]}); "
                "add --resize H to bring all to H x H"
            )
    if resize is not None or first is None:
        side = resize or 0
        return (side, side), grey
    return first, grey


def _opened(picture: Picture) -> Image.Image:
    if isinstance(picture, np.ndarray):
        return Image.fromarray(picture)
    with warnings.catch_warnings():
        # A large picture or an odd remark in one is legitimate; Pillow's hard limit still raises.
        warnings.simplefilter("ignore")
        return Image.open(BytesIO(picture) if isinstance(picture, bytes) else picture)


def _row(image: Image.Image, size: tuple[int, int], grey: bool) -> Float32[NDArray[Any], " dim"]:
    if image.mode.startswith("I"):
        plane = _resized(Image.fromarray(np.asarray(image, dtype=np.float32)), size)
        values = np.clip(np.asarray(plane, dtype=np.float32) / 65535.0, 0.0, 1.0)
        return (values if grey else np.repeat(values[..., None], 3, axis=2)).reshape(-1)
    with warnings.catch_warnings():
        # Pillow warns of palettes with byte transparency; transparency is dropped by design.
        warnings.simplefilter("ignore")
        converted = image.convert("L" if grey else "RGB")
    return (np.asarray(_resized(converted, size), dtype=np.float32) / 255.0).reshape(-1)


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.BICUBIC)
