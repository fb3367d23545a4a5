"""Images of a stream, stored first: what cannot be looked up by number becomes what can."""

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import pyarrow as pa

from jscgc_model.data.image_table import ImageTable
from jscgc_theory.errors import InputError
from jscgc_theory.records.whole_files import written_whole_file
from jscgc_theory.validation import check_count

NamedImage = tuple[str, bytes]
"""Name of an image, and the bytes of its file."""

_ROWS = pa.struct([("bytes", pa.large_binary()), ("path", pa.string())])
_PREFIX = "images_"
_ROWS_PER_GROUP = 64


def store_images(
    rows_from: Callable[[int], Iterable[NamedImage]],
    folder: Path,
    n_images: int,
    *,
    rows_per_file: int = 1024,
    progress: Callable[[float], None] | None = None,
) -> ImageTable:
    """Store the first images of a stream in Arrow files, and open them.

    Training looks images up by number, so that a step draws the same whenever it is made; a
    stream is therefore written down first. Every file is there whole or not at all, and a call
    that was killed is gone on with by the same call. Nothing but one file is held in memory.

    Args:
        rows_from: Given a number, returns the rows of the stream from there on.
        folder: Where the files go; a call for more images goes on from those stored.
        n_images: Images wanted; fewer if the stream ends before.
        rows_per_file: Images of a file.
        progress: Told the finished fraction.

    Returns:
        All images the folder holds, mapped into memory.

    Raises:
        InputError: If a number is out of range, the stream is empty, or the folder was filled
            with other files.
    """
    wanted = check_count(n_images, name="n_images")
    size = check_count(rows_per_file, name="rows_per_file")
    n_stored = _n_stored(folder, size)
    if n_stored < wanted:
        # The last file, if it is not full, is written anew.
        n_stored -= n_stored % size
    stream = iter(rows_from(n_stored)) if n_stored < wanted else iter(())
    while n_stored < wanted:
        rows = list(islice(stream, min(size, wanted - n_stored)))
        if not rows:
            break
        _write(folder / f"{_PREFIX}{n_stored // size:05d}.arrow", rows)
        n_stored += len(rows)
        if progress is not None:
            progress(n_stored / wanted)
    if n_stored == 0:
        raise InputError("the stream holds no images; give another one")
    return ImageTable(folder)


def _write(path: Path, rows: list[NamedImage]) -> None:
    images = [{"bytes": encoded, "path": name} for name, encoded in rows]
    table = pa.table({"image": pa.array(images, _ROWS)})
    with (
        written_whole_file(path) as partial,
        pa.OSFile(str(partial), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as writer,
    ):
        writer.write_table(table, max_chunksize=_ROWS_PER_GROUP)


def _n_stored(folder: Path, rows_per_file: int) -> int:
    sizes = [len(ImageTable(file)) for file in sorted(folder.glob(f"{_PREFIX}*.arrow"))]
    if any(size != rows_per_file for size in sizes[:-1]) or max(sizes, default=0) > rows_per_file:
        raise InputError(
            f"{folder} holds files of {sizes[0]} images; give rows_per_file = {sizes[0]}, or "
            "another folder"
        )
    return sum(sizes)
