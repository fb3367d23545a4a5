"""Choosing one array out of a file that may hold several."""

from collections.abc import Sequence

from jscgc_theory.errors import InputError

_LISTED = 12


def choose_key(available: Sequence[str], key: str | None, *, path: str, what: str = "key") -> str:
    """Return the name of the array to read.

    Args:
        available: Names of all arrays in the file.
        key: The name asked for, or None to take the only one.
        path: The file, for messages.
        what: What a name is called in this format.

    Returns:
        One of the available names.

    Raises:
        InputError: If the name is unknown, or none is given and the file holds several or none.
    """
    if not available:
        raise InputError(f"{path} holds no arrays; give a file with at least one")
    if key is None:
        if len(available) == 1:
            return available[0]
        raise InputError(
            f"{path} holds {len(available)} arrays ({listed(available)}); "
            f"choose one as {path}:{available[0]}"
        )
    if key not in available:
        raise InputError(
            f"{path} has no {what} {key!r}; it holds {listed(available)}: choose one of these"
        )
    return key


def listed(names: Sequence[str]) -> str:
    """Write names as a comma list, cut short when there are many."""
    shown = ", ".join(names[:_LISTED])
    return shown if len(names) <= _LISTED else f"{shown}, and {len(names) - _LISTED} more"
