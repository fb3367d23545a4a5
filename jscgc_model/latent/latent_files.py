"""Files of latents that carry their digest in their name."""

import hashlib
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.points_io.decoding import Decoding
from jscgc_theory.records.whole_files import written_whole_file

_N_DIGITS = 16


def store_latents(folder: Path, number: int, latents: NDArray[np.floating]) -> Path:
    """Write a file of latents; it is there whole or not at all.

    Args:
        folder: Where.
        number: Of the file.
        latents: Shape (n_latents, channels, height, width).

    Returns:
        The file, named by its number and its digest.
    """
    stream = BytesIO()
    np.save(stream, latents, allow_pickle=False)
    content = stream.getvalue()
    digest = hashlib.sha256(content).hexdigest()[:_N_DIGITS]
    final = folder / f"{number:05d}-{digest}.npy"
    with written_whole_file(final) as partial:
        partial.write_bytes(content)
    return final


def find_latents(folder: Path, number: int) -> Path | None:
    """Return a file of latents.

    Args:
        folder: Where.
        number: Of the file.

    Returns:
        The file, or None if it was not written yet.
    """
    return min(folder.glob(f"{number:05d}-*.npy"), default=None)


def open_latents(path: Path, shape: tuple[int, ...], dtype: str) -> NDArray[np.floating]:
    """Check a file of latents and map it into memory.

    Args:
        path: The file.
        shape: What it should hold.
        dtype: Likewise.

    Returns:
        The latents; they are read from the disk when they are used.

    Raises:
        InputError: If it is not what was written.
    """
    remedy = "remove it and write the cache again, which makes this file alone anew"
    with Decoding(path, "cannot be read as latents", remedy):
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()[:_N_DIGITS]
        if digest != path.stem.rpartition("-")[2]:
            raise InputError(f"{path} is not what was written; {remedy}")
        latents: NDArray[np.floating] = np.load(path, mmap_mode="r", allow_pickle=False)
    if latents.shape != shape or latents.dtype != dtype:
        raise InputError(
            f"{path} holds {latents.dtype} of shape {latents.shape}, not {dtype} of {shape}; "
            f"{remedy}"
        )
    return latents
