"""The console entry: build the application, parse, run, and return an exit code."""

import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from jscgc_theory.cli.argument_lists import spread_numbers
from jscgc_theory.cli.exit_codes import (
    INTERRUPTED,
    ExitGuard,
    say_interrupted,
    terminate_as_interrupt,
)
from jscgc_theory.cli.plugins import add_plug_ins
from jscgc_theory.cli.start import add_start_commands
from jscgc_theory.cli.theory import add_theory_commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``jscgc``.

    Args:
        arguments: The command line without the program's name; the process's own by default.

    Returns:
        0 done, 2 bad input, 130 interrupted, 1 anything else.
    """
    given = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    debug = "--debug" in given
    with ExitGuard(debug=debug) as guard, terminate_as_interrupt(), _python_warnings(debug):
        app = build_app(with_plug_ins=not _is_own_command(given))
        command = typer.main.get_command(app)
        code = command.main(
            args=spread_numbers(given, _repeatable_options(command, given)),
            prog_name="jscgc",
            standalone_mode=False,
        )
        guard.code = code if isinstance(code, int) else 0
        if guard.code == INTERRUPTED:
            say_interrupted()
    return guard.code


def build_app(*, with_plug_ins: bool) -> typer.Typer:
    """Assemble the application.

    Args:
        with_plug_ins: Whether to load the commands of other packages too.

    Returns:
        The application.
    """
    app = typer.Typer(
        name="jscgc",
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(epilog="[bold]Example:[/bold] jscgc demo --quick")(_top)
    add_start_commands(app)
    add_theory_commands(app)
    if with_plug_ins:
        add_plug_ins(app)
    return app


def _show_version(wanted: bool) -> bool:
    if wanted:
        from importlib.metadata import version

        sys.stdout.write(f"jscgc {version('jscgc')}\n")
        raise typer.Exit
    return wanted


def _top(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Measure what generative communication can and cannot do.

    Dimension and covering of a data set, and the least semantic inconsistency radius any system
    can reach on it, each with an interval.
    """


def _is_own_command(given: Sequence[str]) -> bool:
    """Tell whether the command is one of this package, so that no plug-in need be loaded."""
    own = {one.name for one in build_app(with_plug_ins=False).registered_commands}
    return next((word for word in given if not word.startswith("-")), None) in own


def _repeatable_options(command: Any, given: Sequence[str]) -> frozenset[str]:
    """Return the options of the chosen command that may be given several times."""
    commands = getattr(command, "commands", {})
    name = next((word for word in given if not word.startswith("-")), None)
    chosen = commands.get(name)
    params = [] if chosen is None else chosen.params
    return frozenset(
        option for param in params if getattr(param, "multiple", False) for option in param.opts
    )


@contextmanager
def _python_warnings(debug: bool) -> Iterator[None]:
    """Keep warnings of libraries off stderr; what matters stands in the result as a notice."""
    with warnings.catch_warnings():
        if not debug:
            warnings.showwarning = _swallow
        yield


def _swallow(*arguments: Any, **named: Any) -> None:
    """Show nothing."""
