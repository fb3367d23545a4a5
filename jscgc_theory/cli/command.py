"""Declaring a command: its own arguments, and the options every command has."""

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import typer

from jscgc_theory.cli.options import (
    DebugOption,
    JsonOption,
    QuietOption,
    ReportOption,
    SeedOption,
)

if TYPE_CHECKING:
    # Loading it takes longer than "jscgc --help" should; annotations name it in full as text.
    import jscgc_theory.cli.running

Work = Callable[..., "jscgc_theory.cli.running.Outcome"]
"""What a command does: a function of the run and the command's own arguments."""

_COMMON: dict[str, tuple[Any, Any]] = {
    "json": (JsonOption, None),
    "report": (ReportOption, None),
    "seed": (SeedOption, 0),
    "quiet": (QuietOption, False),
    "debug": (DebugOption, False),
}


def add_command(
    app: typer.Typer, name: str, *, group: str, example: str
) -> Callable[[Work], None]:
    """Return a decorator that adds a function to ``jscgc`` as a command.

    The function takes the run first, then its own arguments; its docstring is the help. The
    options ``--json``, ``--report``, ``--seed``, ``--quiet`` and ``--debug`` are added and served.

    Args:
        app: The application.
        name: Name of the command.
        group: Heading under which ``jscgc --help`` lists it.
        example: A command line that runs, shown at the end of the help.

    Returns:
        The decorator.
    """

    def add(function: Work) -> None:
        @functools.wraps(function)
        def command(**arguments: Any) -> None:
            common = {option: arguments.pop(option) for option in _COMMON}
            _serve(name, function, common, arguments)

        own = list(inspect.signature(function).parameters.values())[1:]
        shared = [
            inspect.Parameter(
                option, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind
            )
            for option, (kind, default) in _COMMON.items()
        ]
        parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own] + shared
        # Typer reads the options off the signature and the annotations.
        command.__dict__.pop("__wrapped__")
        command.__dict__["__signature__"] = inspect.Signature(parameters)
        command.__annotations__ = {one.name: one.annotation for one in parameters}
        app.command(
            name,
            help=_paragraphs(function),
            rich_help_panel=group,
            epilog=f"[bold]Example:[/bold] {example}",
        )(command)

    return add


def _paragraphs(function: Callable[..., Any]) -> str:
    """Return the docstring with line breaks between paragraphs alone."""
    text = inspect.getdoc(function) or ""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _serve(
    name: str,
    function: Work,
    common: dict[str, Any],
    arguments: dict[str, Any],
) -> None:
    from jscgc_theory.cli.output_targets import OutputTargets
    from jscgc_theory.cli.running import Run

    targets = OutputTargets(json=common["json"], report=common["report"])
    with Run(name, targets, common["seed"], quiet=common["quiet"]) as run:
        outcome = function(run, **arguments)
        run.finish(outcome, arguments)
