"""What the process says and returns when a command ends before its time."""

import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import NoReturn, Protocol, runtime_checkable

import typer

from jscgc_theory.errors import InputError, MissingExtraError

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


@runtime_checkable
class _UsageProblem(Protocol):
    """What the parser raises; the class itself moved between versions of Typer."""

    def format_message(self) -> str:
        """Say what is wrong with the command line."""


class ExitGuard:
    """A context that turns any exception into an exit code and one line on stderr.

    Args:
        debug: Whether to print the traceback as well.
    """

    def __init__(self, *, debug: bool) -> None:
        self.debug = debug
        self.code = DONE

    def __enter__(self) -> "ExitGuard":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None:
            return False
        if self.debug and not isinstance(error, SystemExit):
            traceback.print_exception(kind, error, trace)
        self.code = self._settle(error)
        return True

    def _settle(self, error: BaseException) -> int:
        if isinstance(error, SystemExit | typer.Exit):
            return _code_of(error)
        if isinstance(error, KeyboardInterrupt | typer.Abort):
            return say_interrupted()
        if isinstance(error, BrokenPipeError):
            # The reader left, as in "jscgc ... | head"; keep Python from complaining at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FAILED
        if isinstance(error, InputError):
            return say_error(str(error), BAD_INPUT)
        if isinstance(error, _UsageProblem):
            return say_error(_usage_message(error), BAD_INPUT)
        if isinstance(error, MissingExtraError):
            return say_error(str(error), FAILED)
        hint = "" if self.debug else "; add --debug for the traceback"
        return say_error(f"{type(error).__name__}: {error}{hint}", FAILED)


def say_error(message: str, code: int) -> int:
    """Print one line on stderr and pass the exit code on.

    Args:
        message: What went wrong; line breaks are folded.
        code: The exit code.

    Returns:
        The same code.
    """
    # Not by rich, which would break the line at the width of the terminal.
    sys.stderr.write(f"error: {' '.join(message.split())}\n")
    return code


def say_interrupted() -> int:
    """Tell of the interruption and return its exit code."""
    return say_error("interrupted; what was finished is kept", INTERRUPTED)


@contextmanager
def terminate_as_interrupt() -> Iterator[None]:
    """Treat SIGTERM as Ctrl-C while the context lasts, so that temporary files are removed."""
    try:
        before = signal.signal(signal.SIGTERM, _interrupt)
    except ValueError:
        # Signals can be set in the main thread alone; elsewhere the host decides.
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _code_of(error: SystemExit | typer.Exit) -> int:
    code = getattr(error, "exit_code", None) if isinstance(error, typer.Exit) else error.code
    if code is None:
        return DONE
    return code if isinstance(code, int) else FAILED


def _usage_message(error: _UsageProblem) -> str:
    message = error.format_message().replace("Value error, ", "").rstrip(". ")
    context = getattr(error, "ctx", None)
    command = "jscgc" if context is None else context.command_path
    return f"{message}; see {command} --help"
