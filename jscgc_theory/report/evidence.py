"""What stands behind the numbers of a result: warnings met anywhere in it, methods, points."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from jscgc_theory.records import Estimate, Notice, Record
from jscgc_theory.records.formatting import format_number
from jscgc_theory.report.content import Table, told


def notices_in(*sources: Any) -> tuple[Notice, ...]:
    """Return every notice in records, however deep, each once.

    Args:
        *sources: Records or containers of records.

    Returns:
        The notices in the order met.
    """
    found = [value for source in sources for _, value, _ in _walk(source, "")]
    return tuple(dict.fromkeys(value for value in found if isinstance(value, Notice)))


def methods_table(result: Record) -> Table:
    """Return how each number of a result was obtained, like numbers of many rows told once.

    Args:
        result: The result.

    Returns:
        A table of quantity, value, method, points used, confidence and further evidence.
    """
    lines: dict[tuple[str, ...], None] = {}
    for name, value, in_rows in _walk(result, ""):
        if isinstance(value, Estimate):
            lines[_method_line(name, value, in_rows)] = None
    return Table(
        caption="How it was computed",
        columns=("quantity", "value", "method", "points used", "confidence", "further evidence"),
        rows=tuple(lines),
    )


def _method_line(name: str, estimate: Estimate, in_rows: bool) -> tuple[str, ...]:
    # What differs from row to row would make a line of its own of every row.
    value = "see the rows" if in_rows else told(estimate)
    details = "" if in_rows else details_text(estimate.details)
    confidence = f"{format_number(100.0 * estimate.confidence)} %" if estimate.interval else "none"
    quantity = name.removeprefix("rows.").replace("_", " ").replace(".", ", ")
    points = str(estimate.n_points_used)
    return (quantity, value, estimate.method, points, confidence, details)


def details_text(details: Mapping[str, Any]) -> str:
    """Return settings or evidence as ``name: value`` pairs.

    Args:
        details: JSON-ready entries.

    Returns:
        Plain text.
    """
    return "; ".join(f"{name}: {value_text(value)}" for name, value in details.items())


def value_text(value: Any) -> str:
    """Return a JSON-ready value as text, numbers rounded.

    Args:
        value: The value.

    Returns:
        Plain text.
    """
    if isinstance(value, float):
        return format_number(value, 6)
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ", ".join(value_text(entry) for entry in value) or "none"
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {value_text(entry)}" for key, entry in value.items()) or "none"
    if value is None:
        return "none"
    return json.dumps(value, ensure_ascii=False, default=str)


def _walk(value: Any, name: str, in_rows: bool = False) -> Iterator[tuple[str, Any, bool]]:
    """Yield the records in a value with their names, and whether they stand in a list of rows."""
    if isinstance(value, Record):
        yield name, value, in_rows
        for field, inner in value:
            yield from _walk(inner, f"{name}.{field}" if name else field, in_rows)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(inner, f"{name}.{key}" if name else str(key), in_rows)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _walk(inner, name, in_rows=True)
