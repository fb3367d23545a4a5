"""Images from files and to files."""

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from jscgc_model.data.decoding import Pixels, decode_image
from jscgc_model.data.encoded_images import UnusableImageError
from jscgc_theory.errors import InputError
from jscgc_theory.points_io.image_folder import IMAGE_SUFFIXES, list_images
from jscgc_theory.validation import check_count

_BRIGHTEST = 255.0


def is_images(path: Path) -> bool:
    """Tell whether a path is an image file or a folder.

    Args:
        path: The path.

    Returns:
        Whether :func:`read_images` is meant for it.
    """
    return path.is_dir() or path.suffix.lower() in IMAGE_SUFFIXES


def read_images(
    path: Path, *, channels: int, resize: int | None = None
) -> tuple[Float[Tensor, "batch channels height width"], list[Path]]:
    """Read an image, or every image of a folder.

    Args:
        path: An image file or a folder.
        channels: 1 for grey, 3 for colour; images are converted.
        resize: Side of the squares that are sent: the shorter side is resized to it and the middle
            kept. None if all images have one size.

    Returns:
        Pixels in [0, 1], and the file of each image.

    Raises:
        InputError: If there is no image, one cannot be read, or sizes differ.
    """
    if not path.exists():
        raise InputError(f"{path} does not exist; give an image or a folder of images")
    if resize is not None:
        check_count(resize, name="resize")
    files = list_images(path)[0] if path.is_dir() else [path]
    pixels = [_read(file, channels, resize) for file in files]
    sizes = {one.shape[:2] for one in pixels}
    if len(sizes) > 1:
        told = " and ".join(f"{height} x {width}" for height, width in sorted(sizes)[:2])
        raise InputError(f"{path} holds images of {told} pixels; resize them to one size")
    stacked = torch.from_numpy(np.stack(pixels)).movedim(3, 1)
    return stacked.float() / _BRIGHTEST, files


def write_image(path: Path, pixels: Float[Tensor, "channels height width"]) -> None:
    """Write an image; values outside [0, 1] are clipped.

    Args:
        path: A file name with the ending of the format.
        pixels: In [0, 1].
    """
    levels = (pixels.clamp(0.0, 1.0) * _BRIGHTEST).round().to(torch.uint8).movedim(0, 2)
    Image.fromarray(levels.squeeze(2).cpu().numpy()).save(path)


def _read(file: Path, channels: int, resize: int | None) -> Pixels:
    try:
        pixels = decode_image(file.read_bytes(), channels=channels, shorter_side=resize)
    except (OSError, UnusableImageError) as error:
        raise InputError(f"{file} cannot be read as an image ({error}); leave it out") from error
    if resize is None:
        return pixels
    top, left = ((side - resize) // 2 for side in pixels.shape[:2])
    return pixels[top : top + resize, left : left + resize]
