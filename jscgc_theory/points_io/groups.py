"""Which rows belong together: several draws from one source point share a group."""

from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.points_io.csv_files import read_csv_column
from jscgc_theory.points_io.parquet_files import read_parquet_column
from jscgc_theory.points_io.reading import ARRAY_READERS, split_key

_TABLES = frozenset({".csv", ".tsv", ".txt", ".parquet"})


def load_groups(column_or_path: str, *, source: str) -> tuple[Int[NDArray[Any], " n"], bool]:
    """Read the group of every row, as numbers from 0 in order of first appearance.

    Args:
        column_or_path: Name of a column of the source table, or a file holding a one-dimensional
            array of whole numbers.
        source: The source points as the user gave them.

    Returns:
        The groups, and whether they are a column of the source (to be left out of the points).

    Raises:
        InputError: If it is neither a column nor a file of whole numbers.
    """
    column = table_column(source, column_or_path)
    if column is not None:
        return _numbered(column), True
    try:
        location, key = split_key(column_or_path)
    except InputError as error:
        raise InputError(
            f"--group {column_or_path} is neither a column of {source} nor a file; "
            "name a column of a .csv or .parquet source, or a file of whole numbers"
        ) from error
    return _numbered(_read_labels(location, key, column_or_path)), False


def table_column(table: str, name: str) -> NDArray[Any] | None:
    """Read one named column of a table of points.

    Args:
        table: The points as the user gave them.
        name: Name of the column.

    Returns:
        The cells, or None if the points are no table or have no such column.
    """
    location, _ = split_key(table)
    suffix = location.suffix.lower()
    if location.is_dir() or suffix not in _TABLES:
        return None
    if suffix == ".parquet":
        return read_parquet_column(location, name)
    cells = read_csv_column(location, name)
    return None if cells is None else np.asarray(cells)


def _read_labels(location: Path, key: str | None, given: str) -> NDArray[Any]:
    suffix = location.suffix.lower()
    if location.is_dir() or suffix not in ARRAY_READERS:
        raise InputError(f"--group {given} is no array file; give .npy, .npz, .h5 or similar")
    labels = np.asarray(ARRAY_READERS[suffix](location, key).array)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise InputError(
            f"--group {given} has shape {labels.shape} and dtype {labels.dtype}; "
            "give one whole number a row"
        )
    return labels


def _numbered(labels: NDArray[Any]) -> Int[NDArray[Any], " n"]:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]
