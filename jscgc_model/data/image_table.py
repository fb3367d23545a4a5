"""Tables whose rows hold image files: Parquet, or Arrow files that are mapped into memory."""

from bisect import bisect_right
from itertools import accumulate
from pathlib import Path

from jscgc_model.data.encoded_images import UnusableImageError
from jscgc_model.data.table_file import open_table_file
from jscgc_model.data.table_groups import TableGroups
from jscgc_theory.errors import InputError

TABLE_SUFFIXES = (".arrow", ".parquet")


class ImageTable:
    """The images of a table, or of every table of a folder, in the order of their names.

    The image column holds bytes, or a structure with a field ``bytes`` and perhaps ``path``, as
    Hugging Face writes them. An image is named by its path if it has one, else by its row, behind
    the name of its table if the set is a folder.

    Parquet is decompressed by whole row groups, of which the last used stay in memory
    (``TableGroups``); tables of many large row groups are better stored as Arrow files first,
    by :func:`.store_images`.

    Args:
        path: A ``.parquet`` or ``.arrow`` file, or a folder of them.
        column: Name of the image column; None if there is only one.

    Raises:
        InputError: If there is no table, one cannot be read, or the column is not clear.
    """

    def __init__(self, path: Path, *, column: str | None = None) -> None:
        tables = [open_table_file(file, column) for file in _table_files(path)]
        self._tables = tables
        if path.is_dir():
            heads = [
                f"{file.path.relative_to(path).with_suffix('').as_posix()}/" for file in tables
            ]
        else:
            heads = [""]
        self._names = [
            head + name for head, file in zip(heads, tables, strict=True) for name in file.names()
        ]
        places = [(file, group) for file in tables for group in range(len(file.group_sizes))]
        sizes = [size for file in tables for size in file.group_sizes]
        self._starts = [0, *accumulate(sizes)]
        self._groups = TableGroups(places)
        if not self._names:
            raise InputError(f"{path} holds no rows; give a table of images")

    def __len__(self) -> int:
        return len(self._names)

    def name(self, number: int) -> str:
        """Return the name of an image.

        Args:
            number: Place of the image.

        Returns:
            The name.
        """
        return self._names[number]

    def encoded(self, number: int) -> bytes:
        """Return the bytes of an image.

        Args:
            number: Place of the image.

        Returns:
            The bytes.

        Raises:
            UnusableImageError: If its row holds none.
        """
        group = bisect_right(self._starts, number) - 1
        stored: bytes | None = self._groups.column(group)[number - self._starts[group]].as_py()
        if not stored:
            raise UnusableImageError("its row holds no bytes")
        return stored

    def labels(self, column: str) -> list[int]:
        """Return the label of each image, in the order of the set.

        Args:
            column: Name of a column of whole numbers.

        Returns:
            Labels, at least 0.

        Raises:
            InputError: If a table has no such column, or a label is missing or negative.
        """
        return [label for table in self._tables for label in table.labels(column)]


def _table_files(path: Path) -> list[Path]:
    if path.is_dir():
        files = [file for file in path.rglob("*") if file.suffix in TABLE_SUFFIXES]
        files = [file for file in files if not file.name.startswith(".")]
    else:
        files = [path] if path.is_file() and path.suffix in TABLE_SUFFIXES else []
    if not files:
        raise InputError(
            f"{path} is no table of images; give a {' or '.join(TABLE_SUFFIXES)} file, or a "
            "folder of them"
        )
    return sorted(files)
