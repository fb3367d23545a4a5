"""The one door for points: a path, perhaps with a key, in; a validated cloud out."""

import os
from collections.abc import Callable
from pathlib import Path

from jscgc_theory.errors import InputError
from jscgc_theory.points_io.csv_files import read_csv
from jscgc_theory.points_io.hashing import sha256_of_file, sha256_of_files
from jscgc_theory.points_io.idx_files import read_idx
from jscgc_theory.points_io.image_folder import list_images, read_image_folder
from jscgc_theory.points_io.loaded_points import LoadedPoints, RawPoints
from jscgc_theory.points_io.numpy_files import read_npy, read_npz
from jscgc_theory.points_io.parquet_files import read_parquet
from jscgc_theory.points_io.tables import ColumnChoice
from jscgc_theory.points_io.tensor_files import read_hdf5, read_safetensors, read_torch
from jscgc_theory.records import InputFile
from jscgc_theory.validation import check_count, check_points

ARRAY_READERS: dict[str, Callable[[Path, str | None], RawPoints]] = {
    ".npy": read_npy,
    ".npz": read_npz,
    ".h5": read_hdf5,
    ".hdf5": read_hdf5,
    ".pt": read_torch,
    ".pth": read_torch,
    ".safetensors": read_safetensors,
}
_TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
_PICKLE_SUFFIXES = frozenset({".pkl", ".pickle", ".joblib", ".p"})
FORMATS = (
    ".npy, .npz, .csv, .parquet, .h5, .pt, .safetensors, an IDX file (*-idx3-ubyte[.gz]), "
    "or a folder of images"
)


def load_points(
    path: str | os.PathLike[str],
    *,
    resize: int | None = None,
    exclude: tuple[str, ...] = (),
    min_points: int = 2,
) -> LoadedPoints:
    """Read a cloud of points from a file or a folder of images.

    Formats: ``.npy`` (memory-mapped), ``.npz[:key]``, ``.csv``, ``.parquet[:column]``,
    ``.h5:key`` (memory-mapped if contiguous), ``.pt[:key]``, ``.safetensors[:key]``, IDX
    (``*-idx3-ubyte[.gz]``), or a folder of images. A key may be left out where the file holds one
    array. Pixels are scaled to [0, 1]. Pickled objects are refused.

    Args:
        path: File or folder, a key behind a colon where the format has keys.
        resize: Side of the square that images are resized to, or None if all have one size.
        exclude: Names of table columns that are no coordinates.
        min_points: Least number of points.

    Returns:
        Matrix of shape (n_points, ambient_dim) with its origin.

    Raises:
        InputError: If the file is missing, damaged, unsafe, or does not hold usable points.
        MissingExtraError: If the format needs a package that is not installed.
    """
    given = os.fspath(path)
    if resize is not None:
        check_count(resize, name="resize")
    location, key = split_key(given)
    raw = _read(location, key, resize, ColumnChoice(exclude))
    array = check_points(raw.array, name=given, min_points=min_points)
    source = InputFile(
        path=given,
        sha256=_content_hash(location),
        n_points=int(array.shape[0]),
        ambient_dim=int(array.shape[1]),
    )
    return LoadedPoints(array, source, raw.details, raw.notices)


def split_key(given: str) -> tuple[Path, str | None]:
    """Split ``file:key`` into its parts; a path that exists with its colon is left whole.

    Args:
        given: What the user wrote.

    Returns:
        The path, which exists, and the key or None.

    Raises:
        InputError: If no such file exists.
    """
    if not given:
        raise InputError("'' is no path; give a file or a folder of points")
    if os.path.exists(given):
        return Path(given), None
    stem, colon, key = given.rpartition(":")
    if colon and os.path.exists(stem):
        if not key:
            raise InputError(f"{given} ends in a colon; name a key behind it or drop it")
        return Path(stem), key
    raise InputError(f"{given} does not exist; give a file or a folder of points")


def _read(location: Path, key: str | None, resize: int | None, columns: ColumnChoice) -> RawPoints:
    if location.is_dir():
        if key is not None:
            raise InputError(f"{location}:{key} names a key, but a folder has none; drop the key")
        return read_image_folder(location, resize=resize)
    if not location.is_file():
        raise InputError(f"{location} is neither a file nor a folder; give a file of points")
    if not os.access(location, os.R_OK):
        raise InputError(f"{location} may not be read; change its permissions")
    if location.suffix.lower() == ".parquet":
        return read_parquet(location, key, columns, resize=resize)
    if _is_idx(location):
        return read_idx(location, resize=resize)
    if resize is not None:
        raise InputError(
            f"{location} holds no images, so --resize {resize} means nothing; drop it"
        )
    return _read_array_file(location, key, columns)


def _read_array_file(location: Path, key: str | None, columns: ColumnChoice) -> RawPoints:
    suffix = location.suffix.lower()
    if suffix in ARRAY_READERS:
        return ARRAY_READERS[suffix](location, key)
    if suffix in _TEXT_SUFFIXES:
        if key is not None:
            raise InputError(f"{location}:{key} names a key, but a text table has none; drop it")
        return read_csv(location, columns)
    if suffix in _PICKLE_SUFFIXES:
        raise InputError(
            f"{location} is a pickle, which can run code when read; save it with numpy.save"
        )
    raise InputError(f"{location} has an unknown format {suffix!r}; give {FORMATS}")


def _is_idx(location: Path) -> bool:
    name = location.name.removesuffix(".gz")
    return name.endswith("-ubyte") or ".idx" in name or "-idx" in name


def _content_hash(location: Path) -> str:
    if location.is_dir():
        return sha256_of_files(list_images(location)[0], location)
    return sha256_of_file(location)
