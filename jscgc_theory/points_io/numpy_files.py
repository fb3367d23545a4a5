"""NumPy's own formats: ``.npy``, memory-mapped, and ``.npz``. Pickled objects are refused."""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.points_io.decoding import Decoding
from jscgc_theory.points_io.keys import choose_key
from jscgc_theory.points_io.loaded_points import RawPoints

_PICKLED = "holds pickled Python objects, which can run code when read and are refused"
_UNREADABLE = "cannot be read as {}"
_REMEDY = "save a plain numeric array with numpy.save or numpy.savez"


def read_npy(path: Path, key: str | None) -> RawPoints:
    """Map a ``.npy`` file into memory without reading it.

    Args:
        path: The file.
        key: Must be None; the format holds one array.

    Returns:
        The array.

    Raises:
        InputError: If the file is damaged, empty, or holds objects.
    """
    if key is not None:
        raise InputError(f"{path}:{key} names a key, but .npy holds one array; give {path}")
    _refuse_objects(path)
    with Decoding(path, _UNREADABLE.format(".npy")):
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    if not isinstance(array, np.ndarray):
        array.close()
        raise InputError(f"{path} is a .npz archive by content; rename it to end in .npz")
    return RawPoints(array, {"format": "npy"})


def _refuse_objects(path: Path) -> None:
    """Read the header alone: an object array cannot be mapped, and numpy's message hides why."""
    with path.open("rb") as stream:
        start = stream.read(6)
        if start[:1] == b"\x80":
            raise InputError(f"{path} is a pickle, which can run code when read; {_REMEDY}")
        if start[:2] == b"PK":
            return
        stream.seek(0)
        with Decoding(path, _UNREADABLE.format(".npy")):
            shape, dtype = _header(stream)
    if dtype.hasobject:
        raise InputError(f"{path} {_PICKLED}; {_REMEDY}")
    if 0 in shape:
        raise InputError(f"{path} holds an empty array of shape {shape}; add points")


def _header(stream: BinaryIO) -> tuple[tuple[int, ...], np.dtype[Any]]:
    if np.lib.format.read_magic(stream) == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    else:
        shape, _, dtype = np.lib.format.read_array_header_2_0(stream)
    return shape, dtype


def read_npz(path: Path, key: str | None) -> RawPoints:
    """Read one array of a ``.npz`` archive.

    Args:
        path: The file.
        key: Name of the array, or None if there is only one.

    Returns:
        The array.

    Raises:
        InputError: If the file is damaged, lacks the key, or the array holds objects.
    """
    # Opened here, not by numpy, which leaves the file open when the archive is damaged.
    with path.open("rb") as stream, Decoding(path, _UNREADABLE.format(".npz")):
        name, array = _array_of_archive(np.load(stream, allow_pickle=False), key, path)
    return RawPoints(array, {"format": "npz", "key": name})


def _array_of_archive(archive: Any, key: str | None, path: Path) -> tuple[str, NDArray[Any]]:
    if isinstance(archive, np.ndarray):
        raise InputError(f"{path} is a .npy file by content; rename it to end in .npy")
    with archive:
        name = choose_key(list(archive.files), key, path=str(path))
        try:
            return name, np.asarray(archive[name])
        except ValueError as error:
            if "pickle" in str(error).lower():
                raise InputError(f"{path} {_PICKLED}; {_REMEDY}") from error
            raise
