"""Image data sets of the Hugging Face hub as streams of image files."""

from collections.abc import Callable, Iterator
from typing import Any

from jscgc_model.data.stored_images import NamedImage
from jscgc_theory.errors import InputError, MissingExtraError


def hugging_face_images(
    name: str, *, split: str = "train", column: str = "image", **options: Any
) -> Callable[[int], Iterator[NamedImage]]:
    """Return the stream of a data set, for :func:`.store_images`.

    Args:
        name: Of the data set, or of a builder such as ``parquet``.
        split: Which split of it.
        column: Its image column.
        **options: Others of ``datasets.load_dataset``, such as ``revision`` and ``data_files``.

    Returns:
        A function from a number to the images from there on, as they were uploaded.

    Raises:
        MissingExtraError: If the package ``datasets`` is not installed.
        InputError: If the data set has no such column of images.
    """
    try:
        from datasets import Image, load_dataset
    except ModuleNotFoundError as error:
        raise MissingExtraError("a data set of the Hugging Face hub", "hub") from error
    data = load_dataset(name, split=split, streaming=True, **options)
    known = list(data.features or {})
    if known and column not in known:
        raise InputError(
            f"the data set {name} has no column {column!r}; choose from {', '.join(known)}"
        )
    # The bytes of the files, not decoded ones: they are stored as they are.
    files = data.select_columns([column]).cast_column(column, Image(decode=False))

    def rows_from(start: int) -> Iterator[NamedImage]:
        for number, row in enumerate(files.skip(start), start=start):
            image = row[column]
            yield image["path"] or f"{number:07d}", image["bytes"]

    return rows_from
