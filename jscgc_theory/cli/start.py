"""The group ``start``: the demonstration."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    pass

GROUP = "Start"


def add_start_commands(app: typer.Typer) -> None:
    """Add the commands of this group.

    Args:
        app: The application.
    """
