"""A record as a compact HTML table, for notebooks."""

from collections.abc import Mapping
from html import escape
from typing import Any

from pydantic import BaseModel

from jscgc_theory.records.formatting import format_estimate, format_number

_MOST_ROWS = 12
_MOST_NUMBERS = 6
_MOST_CHARACTERS = 160
_LEFT = ' style="text-align:left"'


def record_html(record: BaseModel) -> str:
    """Return a record as an HTML table, one row a field, everything escaped.

    Args:
        record: The record; estimates inside it read ``value [low, high]``.

    Returns:
        A ``<table>`` element.
    """
    return _pairs(dict(record), caption=type(record).__name__)


def _pairs(fields: Mapping[str, Any], caption: str = "") -> str:
    head = f"<caption>{escape(caption)}</caption>" if caption else ""
    rows = "".join(
        f'<tr><th scope="row"{_LEFT}>{escape(str(name))}</th><td{_LEFT}>{_cell(value)}</td></tr>'
        for name, value in fields.items()
    )
    return f"<table>{head}<tbody>{rows}</tbody></table>"


def _cell(value: Any) -> str:
    if isinstance(value, BaseModel):
        return _estimate(value) if _is_estimate(value) else _pairs(dict(value))
    if isinstance(value, Mapping):
        return _pairs(value) if value else "none"
    if isinstance(value, tuple | list):
        return _several(list(value))
    if isinstance(value, float):
        return escape(format_number(value))
    if value is None:
        return "none"
    return escape(_short(str(value)))


def _is_estimate(value: BaseModel) -> bool:
    # Estimate is a record itself and lies above this file, hence the test by its fields.
    return {"value", "interval", "method"} <= set(type(value).model_fields)


def _estimate(value: Any) -> str:
    text = format_estimate(value.value, value.interval)
    return f"{escape(text)} <small>{escape(_short(value.method))}</small>"


def _several(values: list[Any]) -> str:
    if not values:
        return "none"
    if all(isinstance(value, BaseModel) for value in values):
        return _rows(values)
    if all(isinstance(value, int | float) for value in values) and len(values) > _MOST_NUMBERS:
        first, last = format_number(values[0]), format_number(values[-1])
        return escape(f"{len(values)} numbers, {first} … {last}")
    listed = ", ".join(_cell(value) for value in values[:_MOST_ROWS])
    return listed + _remainder(len(values))


def _rows(records: list[BaseModel]) -> str:
    names = list(type(records[0]).model_fields)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(f"<tr>{_row(record, names)}</tr>" for record in records[:_MOST_ROWS])
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return table + _remainder(len(records))


def _row(record: BaseModel, names: list[str]) -> str:
    return "".join(f"<td>{_cell(getattr(record, name, None))}</td>" for name in names)


def _remainder(count: int) -> str:
    return f" … and {count - _MOST_ROWS} more" if count > _MOST_ROWS else ""


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"
