"""Text tables: delimiter and header detected, faulty lines named by number."""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.points_io.loaded_points import RawPoints
from jscgc_theory.points_io.tables import ColumnChoice

_DELIMITERS = (";", "\t", ",")


@dataclass(frozen=True)
class _Dialect:
    """How the lines of one file are to be read."""

    delimiter: str | None
    """None stands for runs of blanks."""
    decimal: str
    n_skipped: int
    """Lines before the data: comments and the header."""
    names: tuple[str, ...]
    has_header: bool

    def cells(self, line: str) -> list[str]:
        """Split one line into its cells, blanks around them removed."""
        if self.delimiter is None:
            return line.split()
        try:
            row = next(csv.reader([line], delimiter=self.delimiter, skipinitialspace=True), [])
        except csv.Error:
            row = line.split(self.delimiter)
        return [cell.strip() for cell in row]

    def number(self, cell: str) -> float:
        """Read one cell as a number; NaN where it is none."""
        try:
            return float(cell.replace(",", ".") if self.decimal == "," else cell)
        except ValueError:
            return math.nan


def read_csv(path: Path, columns: ColumnChoice) -> RawPoints:
    """Read a text table of numbers, one point a line.

    Columns are separated by semicolons, tabs, commas or blanks, whichever the first line holds;
    a first line with a cell that is no number is the header; lines starting with ``#`` before
    the data are skipped.

    Args:
        path: The file.
        columns: Columns to leave out.

    Returns:
        Matrix of shape (n_lines, n_columns), float64.

    Raises:
        InputError: If a line has too many or too few cells or a cell is no finite number, by line
            number and column.
    """
    dialect = _detect(path)
    keep = columns.kept(dialect.names, str(path))
    array = _read_fast(path, dialect, keep)
    if array is None or not np.isfinite(array).all():
        _explain(path, dialect, keep)
        raise InputError(f"{path} cannot be read as a table of numbers; save it anew")
    details: dict[str, Any] = {"format": "csv", "header": dialect.has_header}
    return RawPoints(array, details | columns.details(), columns.notices())


def read_csv_column(path: Path, name: str) -> list[str] | None:
    """Read one named column as text.

    Args:
        path: The file.
        name: Name of the column in the header.

    Returns:
        The cells, or None if there is no such column.

    Raises:
        InputError: If a line is too short to hold it.
    """
    dialect = _detect(path)
    if not dialect.has_header or name not in dialect.names:
        return None
    position = dialect.names.index(name)
    found = []
    for number, cells in _numbered_rows(path, dialect):
        if len(cells) != len(dialect.names):
            raise _ragged(path, number, len(cells), len(dialect.names))
        found.append(cells[position])
    return found


def _detect(path: Path) -> _Dialect:
    head: list[str] = []
    n_skipped = 0
    for line in _lines(path):
        if head or (line.strip() and not line.startswith("#")):
            head.append(line)
        else:
            n_skipped += 1
        if len(head) == 20:
            break
    head = [line for line in head if line.strip()]
    if not head:
        raise InputError(f"{path} is empty; give one point a line")
    delimiter = next((mark for mark in _DELIMITERS if mark in head[0]), None)
    if delimiter is None and len(head[0].split()) == 1:
        delimiter = ","
    comma = delimiter in (";", "\t") and any("," in line for line in head[1:] or head)
    dialect = _Dialect(delimiter, "," if comma else ".", n_skipped, (), False)
    rows = [dialect.cells(line) for line in head]
    has_header = _is_header(rows, dialect)
    names = rows[0] if has_header else [str(index) for index in range(len(rows[0]))]
    return _Dialect(delimiter, dialect.decimal, n_skipped + has_header, tuple(names), has_header)


def _is_header(rows: list[list[str]], dialect: _Dialect) -> bool:
    first = rows[0]
    if any(math.isnan(dialect.number(cell)) and cell.lower() != "nan" for cell in first):
        return True
    # A table saved without names by pandas carries the column numbers as its header.
    counting = first == [str(index) for index in range(len(first))] and len(first) > 1
    return counting and any(not cell.isdigit() for row in rows[1:2] for cell in row)


def _read_fast(path: Path, dialect: _Dialect, keep: list[int]) -> NDArray[np.float64] | None:
    """Read all lines at once; None where a line or cell is at fault."""
    import pandas as pd

    kept = set(keep)
    n_columns = len(dialect.names)
    try:
        table = pd.read_csv(
            path,
            sep=r"\s+" if dialect.delimiter is None else dialect.delimiter,
            header=None,
            skiprows=dialect.n_skipped,
            skipinitialspace=True,
            decimal=dialect.decimal,
            dtype={index: np.float64 if index in kept else str for index in range(n_columns)},
            encoding="utf-8-sig",
        )
    except (ValueError, OverflowError):
        return None
    return None if table.shape[1] != n_columns else table[keep].to_numpy(dtype=np.float64)


def _explain(path: Path, dialect: _Dialect, keep: list[int]) -> None:
    """Raise on the first line at fault, naming it."""
    n_rows = 0
    for number, cells in _numbered_rows(path, dialect):
        n_rows += 1
        if len(cells) != len(dialect.names):
            raise _ragged(path, number, len(cells), len(dialect.names))
        for index in keep:
            if not math.isfinite(dialect.number(cells[index])):
                name = dialect.names[index] if dialect.has_header else str(index + 1)
                held = f"holds {cells[index]!r}" if cells[index] else "is empty"
                raise InputError(
                    f"{path}, line {number}, column {name!r} {held}, not a finite number; "
                    "correct or remove it"
                )
    if n_rows == 0:
        raise InputError(f"{path} has a header but no rows; add one point a line")


def _ragged(path: Path, number: int, n_found: int, n_expected: int) -> InputError:
    return InputError(
        f"{path}, line {number} has {n_found} cells where the first line has {n_expected}; "
        "give every line equally many"
    )


def _numbered_rows(path: Path, dialect: _Dialect) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(_lines(path), start=1):
        if number > dialect.n_skipped and line.strip():
            yield number, dialect.cells(line)


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for line in stream:
                if "\0" in line:
                    raise InputError(f"{path} is a binary file, not text; rename it by its format")
                yield line.rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text ({error.reason}); save it as UTF-8") from error
