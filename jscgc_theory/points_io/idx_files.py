"""IDX files as MNIST ships them: ``*-idx3-ubyte``, plain or gzipped."""

import gzip
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.points_io.decoding import Decoding
from jscgc_theory.points_io.loaded_points import RawPoints
from jscgc_theory.points_io.pixels import stack_pictures

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read_idx(path: Path, *, resize: int | None) -> RawPoints:
    """Read an IDX file; a stack of byte images becomes pixels in [0, 1].

    Args:
        path: The file, gzipped if its name ends in ``.gz``.
        resize: Side of the square images are resized to, or None.

    Returns:
        Pixels, shape (n_images, height * width), for three-dimensional byte data; the array as it
        is otherwise.

    Raises:
        InputError: If the file is damaged, or resizing is asked of anything but images.
    """
    array = _read_array(path)
    if array.ndim == 3 and array.dtype == np.uint8:
        return stack_pictures(
            list(array),
            lambda index: f"{path}, image {index}",
            set_name=str(path),
            resize=resize,
            format_name="idx",
        )
    if resize is not None:
        raise InputError(f"{path} holds no images, so --resize {resize} means nothing; drop it")
    return RawPoints(array, {"format": "idx"})


def _read_array(path: Path) -> NDArray[Any]:
    content = path.read_bytes()
    if path.suffix == ".gz":
        with Decoding(path, "is not a whole gzip file", "fetch it anew"):
            content = gzip.decompress(content)
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in _TYPES:
        raise InputError(f"{path} does not start as an IDX file; give an MNIST-style IDX file")
    n_axes = content[3]
    header = 4 + 4 * n_axes
    if len(content) < header:
        raise InputError(f"{path} ends within its header; fetch it anew")
    shape = tuple(int(size) for size in np.frombuffer(content[4:header], dtype=">u4"))
    dtype = np.dtype(_TYPES[content[2]])
    expected = header + math.prod(shape) * dtype.itemsize
    if len(content) != expected:
        raise InputError(
            f"{path} has {len(content)} bytes where its header announces {expected}; fetch it anew"
        )
    return np.frombuffer(content, dtype=dtype, offset=header).reshape(shape).astype(dtype.str[1:])
