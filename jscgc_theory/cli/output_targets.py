"""Where a command writes: checked before the work, filled in one step after it."""

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from jscgc_theory.errors import InputError
from jscgc_theory.records import Record, RunRecord
from jscgc_theory.records.whole_files import write_text_atomically

STDOUT = "-"


@dataclass(frozen=True)
class OutputTargets:
    """The files a command was asked to write."""

    json: str | None = None
    """Path of the record, ``-`` for stdout, or None."""
    report: str | None = None
    """Folder of the report, or None."""

    @property
    def json_on_stdout(self) -> bool:
        """Whether stdout belongs to the record alone."""
        return self.json == STDOUT

    def check(self) -> None:
        """Find out before any work whether the targets can be written.

        Raises:
            InputError: If one is of the wrong kind or lies where nothing can be written.
        """
        if self.json is not None and not self.json_on_stdout:
            check_writable_file(self.json)
        if self.report is None:
            return
        check_writable_folder(self.report)
        if self.json is not None and Path(self.json).absolute() == Path(self.report).absolute():
            raise InputError(
                f"--json and --report both name {self.report}; give two different paths"
            )

    def keep_off(self, location: Path) -> None:
        """Refuse to overwrite an input.

        Args:
            location: File or folder that is read.

        Raises:
            InputError: If the record would replace it.
        """
        if self.json is None or self.json_on_stdout or not os.path.exists(self.json):
            return
        if os.path.samefile(self.json, location):
            raise InputError(f"--json {self.json} would overwrite the input; give another path")

    def write(self, record: RunRecord, result: Record) -> None:
        """Write record and report, each whole or not at all.

        Args:
            record: The record of the run.
            result: The result the report draws.
        """
        if self.report is not None:
            from jscgc_theory.report import write_report

            write_report(record, result, self.report)
        if self.json is not None and not self.json_on_stdout:
            write_text_atomically(Path(self.json), record.to_json() + "\n")


def check_writable_file(target: str) -> None:
    """Check that a file can be written.

    Args:
        target: The file.

    Raises:
        InputError: If it is a folder or its folder cannot be written.
    """
    if os.path.isdir(target):
        raise InputError(f"{target} is a folder; name a file to write")
    _probe(target)


def check_writable_folder(target: str) -> None:
    """Check that a folder can be made or filled.

    Args:
        target: The folder.

    Raises:
        InputError: If it is a file or cannot be written.
    """
    if os.path.lexists(target) and not os.path.isdir(target):
        raise InputError(f"{target} is a file; name a folder to write into")
    _probe(target if not os.path.isdir(target) else os.path.join(target, "probe"))


def _probe(target: str) -> None:
    """Write a nameless file where the target's first existing parent is: it leaves no trace."""
    if not target:
        raise InputError("'' is no path; name a place to write to")
    try:
        with suppress(FileNotFoundError):
            os.stat(target)
        ancestor = Path(target).absolute().parent
        while not ancestor.exists():
            ancestor = ancestor.parent
        with tempfile.TemporaryFile(dir=ancestor):
            pass
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"{target} cannot be written ({reason}); name another place to write to"
        ) from error
