"""Parquet tables: numeric columns, a column of lists, or a column of encoded images."""

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.points_io.decoding import Decoding
from jscgc_theory.points_io.keys import choose_key
from jscgc_theory.points_io.loaded_points import RawPoints
from jscgc_theory.points_io.pixels import stack_pictures
from jscgc_theory.points_io.tables import ColumnChoice

_UNREADABLE = "cannot be read as Parquet"


def read_parquet(
    path: Path, key: str | None, columns: ColumnChoice, *, resize: int | None
) -> RawPoints:
    """Read points from a Parquet table.

    A column of encoded images (bytes, or the ``{bytes, path}`` struct of Hugging Face data sets)
    or of equally long lists is taken as the points if the table has exactly one; otherwise all
    columns must be numeric and are the coordinates.

    Args:
        path: The file.
        key: Column to use, or None to choose as above.
        columns: Columns to leave out.
        resize: Side of the square images are resized to, or None.

    Returns:
        Matrix with one row a table row.

    Raises:
        InputError: If the file is damaged, holds text or empty cells, or the choice is not clear.
    """
    import pyarrow.parquet as pq

    with Decoding(path, _UNREADABLE), pq.ParquetFile(path) as file:
        schema = file.schema_arrow
        chosen = _columns_to_read(schema, key, columns, str(path))
        table = file.read(columns=chosen)
    first = schema.field(chosen[0]).type
    if len(chosen) == 1 and _is_image(first):
        raw = _read_images(path, chosen[0], table.column(0), resize)
    elif resize is not None:
        raise InputError(f"{path} holds no images, so --resize {resize} means nothing; drop it")
    elif len(chosen) == 1 and _is_list(first):
        raw = RawPoints(_rows_of_lists(path, chosen[0], table.column(0)), {"format": "parquet"})
    else:
        raw = RawPoints(_numeric_columns(path, table), {"format": "parquet"})
    others = [name for name in schema.names if name not in chosen]
    details = {**raw.details, "columns_left_out": others} if others else raw.details
    return RawPoints(raw.array, details, (*raw.notices, *columns.notices()))


def read_parquet_column(path: Path, name: str) -> NDArray[Any] | None:
    """Read one named column.

    Args:
        path: The file.
        name: Name of the column.

    Returns:
        The column, or None if there is no such column.

    Raises:
        InputError: If the file is damaged or the column has empty cells.
    """
    import pyarrow.parquet as pq

    with Decoding(path, _UNREADABLE), pq.ParquetFile(path) as file:
        if name not in file.schema_arrow.names:
            return None
        column = file.read(columns=[name]).column(0)
    _refuse_nulls(path, name, column)
    return np.asarray(column.to_numpy())


def _columns_to_read(schema: Any, key: str | None, columns: ColumnChoice, path: str) -> list[str]:
    names = list(schema.names)
    if key is not None:
        return [choose_key(names, key, path=path, what="column")]
    kept = [names[position] for position in columns.kept(names, path)]
    nested = [n for n in kept if _is_image(schema.field(n).type) or _is_list(schema.field(n).type)]
    if len(nested) > 1:
        return [choose_key(nested, None, path=path, what="column")]
    if nested:
        return nested
    for name in kept:
        kind = schema.field(name).type
        if not _is_number(kind):
            raise InputError(
                f"{path} column {name!r} holds {kind}, not numbers; remove or encode the column"
            )
    return kept


def _is_image(kind: Any) -> bool:
    import pyarrow.types as pt

    if pt.is_struct(kind):
        position = kind.get_field_index("bytes")
        return position >= 0 and _is_image(kind.field(position).type)
    return bool(pt.is_binary(kind) or pt.is_large_binary(kind))


def _is_list(kind: Any) -> bool:
    import pyarrow.types as pt

    kind = getattr(kind, "storage_type", kind)
    return bool(pt.is_list(kind) or pt.is_large_list(kind) or pt.is_fixed_size_list(kind))


def _is_number(kind: Any) -> bool:
    import pyarrow.types as pt

    return bool(pt.is_integer(kind) or pt.is_floating(kind) or pt.is_boolean(kind))


def _read_images(path: Path, name: str, column: Any, resize: int | None) -> RawPoints:
    import pyarrow.types as pt

    cells = column.combine_chunks()
    if pt.is_struct(column.type):
        cells = cells.field("bytes")
    _refuse_nulls(path, name, cells)
    raw = stack_pictures(
        cells.to_pylist(),
        lambda index: f"{path}, image {index}",
        set_name=str(path),
        resize=resize,
        format_name="parquet images",
    )
    return RawPoints(raw.array, {**raw.details, "key": name}, raw.notices)


def _rows_of_lists(path: Path, name: str, column: Any) -> NDArray[Any]:
    import pyarrow.compute as pc

    cells = column.combine_chunks()
    shape = [len(cells)]
    while _is_list(cells.type):
        cells = getattr(cells, "storage", cells)
        _refuse_nulls(path, name, cells)
        lengths = pc.list_value_length(cells).to_numpy(zero_copy_only=False)
        if np.any(lengths != lengths[:1]):
            row = int(np.flatnonzero(lengths != lengths[0])[0])
            raise InputError(
                f"{path} column {name!r} is ragged: list {row} has length {lengths[row]}, the "
                f"first {lengths[0]}; give lists of equal length"
            )
        shape.append(int(lengths[0]) if len(lengths) else 0)
        cells = cells.flatten()
    if not _is_number(cells.type):
        raise InputError(f"{path} column {name!r} lists {cells.type}; give lists of numbers")
    _refuse_nulls(path, name, cells)
    values = np.asarray(cells.to_numpy(zero_copy_only=False))
    return values.reshape(shape[0], math.prod(shape[1:]))


def _numeric_columns(path: Path, table: Any) -> NDArray[Any]:
    kinds = [field.type.to_pandas_dtype() for field in table.schema]
    array = np.empty((table.num_rows, table.num_columns), dtype=np.result_type(*kinds))
    for position, name in enumerate(table.column_names):
        column = table.column(position)
        _refuse_nulls(path, name, column)
        array[:, position] = column.to_numpy()
    return array


def _refuse_nulls(path: Path, name: str, cells: Any) -> None:
    if cells.null_count:
        raise InputError(
            f"{path} column {name!r} has {cells.null_count} empty cells; fill or remove such rows"
        )
