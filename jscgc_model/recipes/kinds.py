"""The names of the kinds that a field of a recipe chooses from."""

from typing import Any, get_args

from jscgc_theory.records import Record


def kinds_of(choice: Any) -> dict[str, type[Record]]:
    """Return the members of an annotated union of records by the value of their ``kind``.

    Args:
        choice: Such as ``Source`` or ``Architecture``.

    Returns:
        Classes by kind.
    """
    members = get_args(get_args(choice)[0])
    return {one.model_fields["kind"].default: one for one in members}
