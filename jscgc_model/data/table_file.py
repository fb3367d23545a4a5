"""One file with a column of images, read group of rows by group of rows."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jscgc_theory.errors import InputError
from jscgc_theory.points_io.decoding import Decoding

_BYTES, _PATH = "bytes", "path"


class TableFile(ABC):
    """An open table.

    Args:
        path: The file.
        schema: Its columns.
        group_sizes: Number of rows in each of its groups.
        column: Name of the image column, or None if there is only one.

    Raises:
        InputError: If there is no image column, or it is not clear which.
    """

    def __init__(
        self, path: Path, schema: pa.Schema, group_sizes: list[int], column: str | None
    ) -> None:
        self.path = path
        self.group_sizes = group_sizes
        self._schema = schema
        self._column = _image_column(path, schema, column)
        self._is_structure = pa.types.is_struct(schema.field(self._column).type)
        self._has_paths = _is_text(_fields(schema.field(self._column).type).get(_PATH))

    def read_group(self, group: int) -> pa.ChunkedArray:
        """Return the bytes of the images of a group.

        Args:
            group: Its place in the file.

        Returns:
            A column of bytes.

        Raises:
            InputError: If the file is damaged there.
        """
        with Decoding(self.path, f"cannot be read at rows of group {group}"):
            return self._part(group, _BYTES) if self._is_structure else self._whole(group)

    def names(self) -> Iterator[str]:
        """Return a name for each row: its path, or else its number.

        Yields:
            Names in the order of the rows.

        Raises:
            InputError: If the file is damaged.
        """
        start = 0
        for group, n_rows in enumerate(self.group_sizes):
            paths: list[str | None] = [None] * n_rows
            if self._has_paths:
                with Decoding(self.path, f"cannot be read at rows of group {group}"):
                    paths = self._part(group, _PATH).to_pylist()
            for row, path in enumerate(paths, start=start):
                yield path or f"{row:07d}"
            start += n_rows

    def labels(self, column: str) -> list[int]:
        """Return the label of each row.

        Args:
            column: Name of a column of whole numbers.

        Returns:
            Labels in the order of the rows.

        Raises:
            InputError: If there is no such column, or a label is missing or negative.
        """
        if column not in self._schema.names or not pa.types.is_integer(
            self._schema.field(column).type
        ):
            raise InputError(
                f"{self.path} has no column {column!r} of whole numbers among "
                f"{', '.join(self._schema.names)}; name the column of the labels"
            )
        with Decoding(self.path, f"cannot be read in column {column}"):
            labels = self._all_rows(column).to_pylist()
        if any(label is None or label < 0 for label in labels):
            raise InputError(
                f"{self.path} lacks labels in column {column!r}, or holds negative ones; give a "
                "table where each image has one"
            )
        return labels

    def _part(self, group: int, field: str) -> pa.ChunkedArray:
        return pc.struct_field(self._rows(group, f"{self._column}.{field}"), field)

    def _whole(self, group: int) -> pa.ChunkedArray:
        return self._rows(group, self._column)

    @abstractmethod
    def _rows(self, group: int, leaf: str) -> pa.ChunkedArray:
        """Return the image column of a group, of which the named leaf at least is read."""

    @abstractmethod
    def _all_rows(self, column: str) -> pa.ChunkedArray:
        """Return a column of all groups."""


class _ParquetFile(TableFile):
    def __init__(self, path: Path, column: str | None) -> None:
        with Decoding(path, "cannot be read as Parquet"):
            self._file = pq.ParquetFile(path, memory_map=True)
        metadata = self._file.metadata
        sizes = [metadata.row_group(one).num_rows for one in range(metadata.num_row_groups)]
        super().__init__(path, self._file.schema_arrow, sizes, column)

    def _rows(self, group: int, leaf: str) -> pa.ChunkedArray:
        return self._file.read_row_group(group, columns=[leaf]).column(self._column)

    def _all_rows(self, column: str) -> pa.ChunkedArray:
        return self._file.read(columns=[column]).column(column)


class _ArrowFile(TableFile):
    def __init__(self, path: Path, column: str | None) -> None:
        with Decoding(path, "cannot be read as an Arrow file"):
            self._file = pa.ipc.open_file(pa.memory_map(str(path)))
            sizes = [
                self._file.get_batch(one).num_rows for one in range(self._file.num_record_batches)
            ]
        super().__init__(path, self._file.schema, sizes, column)

    def _rows(self, group: int, leaf: str) -> pa.ChunkedArray:
        return pa.chunked_array([self._file.get_batch(group).column(self._column)])

    def _all_rows(self, column: str) -> pa.ChunkedArray:
        return self._file.read_all().column(column)


def open_table_file(path: Path, column: str | None = None) -> TableFile:
    """Open a table.

    Args:
        path: A ``.parquet`` or ``.arrow`` file.
        column: Name of the image column, or None if there is only one.

    Returns:
        The table; no image is read yet.

    Raises:
        InputError: If it cannot be read or the image column is not clear.
    """
    return (_ParquetFile if path.suffix == ".parquet" else _ArrowFile)(path, column)


def _image_column(path: Path, schema: pa.Schema, column: str | None) -> str:
    fitting = [field.name for field in schema if _holds_images(field.type)]
    if column is not None and column in fitting:
        return column
    if column is not None or not fitting:
        asked = f"column {column!r} of images" if column else "column of images"
        raise InputError(
            f"{path} has no {asked} (bytes, or a structure with a field 'bytes') among "
            f"{', '.join(schema.names) or 'no columns'}; give a table that has one"
        )
    if len(fitting) > 1:
        raise InputError(
            f"{path} has the image columns {', '.join(fitting)}; say which (column=...)"
        )
    return str(fitting[0])


def _holds_images(kind: Any) -> bool:
    return _is_bytes(kind) or _is_bytes(_fields(kind).get(_BYTES))


def _fields(kind: Any) -> dict[str, Any]:
    return {field.name: field.type for field in kind} if pa.types.is_struct(kind) else {}


def _is_bytes(kind: Any) -> bool:
    return kind is not None and (pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _is_text(kind: Any) -> bool:
    return kind is not None and (pa.types.is_string(kind) or pa.types.is_large_string(kind))
