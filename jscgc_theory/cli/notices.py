"""Every notice inside a result, for the record's ``warnings`` and for stderr."""

from collections.abc import Iterator, Mapping
from typing import Any

from jscgc_theory.records import Notice, Record


def collect_notices(value: Any) -> tuple[Notice, ...]:
    """Gather the notices of a result, of its estimates and of theirs, each once.

    Args:
        value: A record, or containers of records.

    Returns:
        The notices in the order met.
    """
    return tuple(dict.fromkeys(_walk(value)))


def _walk(value: Any) -> Iterator[Notice]:
    if isinstance(value, Notice):
        yield value
    elif isinstance(value, Record):
        for _, entry in value:
            yield from _walk(entry)
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from _walk(entry)
    elif isinstance(value, tuple | list):
        for entry in value:
            yield from _walk(entry)
