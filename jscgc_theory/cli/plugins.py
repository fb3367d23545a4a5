"""Commands of other packages, joined through the entry-point group ``jscgc.commands``."""

import sys
from importlib.metadata import entry_points
from types import TracebackType

import typer

ENTRY_POINT_GROUP = "jscgc.commands"


class _PlugInGuard:
    """A context that keeps a broken plug-in from breaking the other commands."""

    def __init__(self, plug_in: str) -> None:
        self.plug_in = plug_in

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None:
            return False
        if isinstance(error, KeyboardInterrupt):
            return False
        message = " ".join(f"{type(error).__name__}: {error}".split())
        sys.stderr.write(f"warning: the commands of {self.plug_in} are left out ({message})\n")
        return True


def add_plug_ins(app: typer.Typer) -> None:
    """Let every installed plug-in add its commands; one that fails is left out with a warning.

    Args:
        app: The application; each entry point is a function that takes it.
    """
    for plug_in in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda one: one.name):
        with _PlugInGuard(plug_in.value):
            plug_in.load()(app)
