"""A folder of images, sub-folders included, as points."""

import os
from dataclasses import replace
from pathlib import Path

from jscgc_theory.errors import InputError
from jscgc_theory.points_io.loaded_points import RawPoints
from jscgc_theory.points_io.pixels import stack_pictures
from jscgc_theory.records import Notice

_RASTER = ("bmp", "gif", "jpeg", "jpg", "jp2", "png", "tga", "tif", "tiff", "webp")
_NETPBM = ("pbm", "pgm", "pnm", "ppm")
IMAGE_SUFFIXES = frozenset(f".{name}" for name in _RASTER + _NETPBM)


def list_images(folder: Path) -> tuple[list[Path], int]:
    """List the images below a folder in the order of their names.

    Args:
        folder: The folder; sub-folders are searched, links to folders are not followed.

    Returns:
        The image files, and the number of other files; hidden files count as neither.

    Raises:
        InputError: If there is no image.
    """
    files = [
        Path(root) / name
        for root, folders, names in os.walk(folder)
        if _prune_hidden(folders)
        for name in names
        if not name.startswith(".")
    ]
    images = [path for path in files if path.suffix.lower() in IMAGE_SUFFIXES]
    if not images:
        raise InputError(
            f"{folder} holds no images ({len(files)} other files); "
            "give a folder of .png, .jpg or similar, or one file of points"
        )
    return sorted(images, key=lambda path: path.relative_to(folder).as_posix()), len(files) - len(
        images
    )


def _prune_hidden(folders: list[str]) -> bool:
    """Drop hidden folders from a walk in place; always true, to stand in a comprehension."""
    folders[:] = [name for name in folders if not name.startswith(".")]
    return True


def read_image_folder(folder: Path, *, resize: int | None) -> RawPoints:
    """Read every image below a folder.

    Args:
        folder: The folder.
        resize: Side of the square images are resized to, or None if all have one size.

    Returns:
        Pixels in [0, 1], shape (n_images, height * width * channels).

    Raises:
        InputError: If there is no image, one is damaged, or sizes differ without resizing.
    """
    images, n_other = list_images(folder)
    raw = stack_pictures(
        images,
        lambda index: str(images[index]),
        set_name=str(folder),
        resize=resize,
        format_name="image folder",
    )
    if n_other == 0:
        return raw
    notice = Notice(
        code="files_ignored",
        message=f"{n_other} files in {folder} are not images and were ignored.",
    )
    return replace(raw, notices=(*raw.notices, notice))
