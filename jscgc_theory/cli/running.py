"""What all commands do alike: read points, show progress, write the record, show the result."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from jscgc_theory.cli.notices import collect_notices
from jscgc_theory.cli.output_targets import OutputTargets
from jscgc_theory.cli.show import show_notices, show_result
from jscgc_theory.points_io import LoadedPoints, load_points
from jscgc_theory.points_io.hashing import sha256_of_files
from jscgc_theory.points_io.reading import split_key
from jscgc_theory.records import InputFile, Notice, Record, RunRecord
from jscgc_theory.validation import Points, check_count


@dataclass(frozen=True)
class Outcome:
    """What a command found."""

    result: Record
    """Shown, and drawn in the report."""
    results: dict[str, Any]
    """``results`` of the run record, keys as documented for the command."""
    settings: dict[str, Any] = field(default_factory=dict)
    """Settings that are no options of the command line."""
    closing: str = ""
    """A last line after the result, such as where files lie."""


class Run:
    """One command at work.

    Args:
        kind: Name of the command.
        targets: Where to write.
        seed: Seed of all randomness.
        quiet: Whether stderr stays empty.
    """

    def __init__(self, kind: str, targets: OutputTargets, seed: int, *, quiet: bool) -> None:
        self.kind = kind
        self.targets = targets
        self.seed = check_count(seed, name="--seed", minimum=0)
        self.quiet = quiet
        self.inputs: list[InputFile] = []
        self._notices: list[Notice] = []
        self._input_details: list[dict[str, Any]] = []
        self._started = time.monotonic()
        self._bar = _progress_bar(quiet)
        targets.check()

    def __enter__(self) -> "Run":
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    @property
    def rng(self) -> np.random.Generator:
        """A new generator from the seed."""
        return np.random.default_rng(self.seed)

    def load(
        self, path: str, *, resize: int | None = None, exclude: tuple[str, ...] = ()
    ) -> Points:
        """Read points and note them as an input of this run.

        Args:
            path: File or folder as the user wrote it.
            resize: Side of the square images are resized to, or None.
            exclude: Names of table columns that are no coordinates.

        Returns:
            Matrix of shape (n_points, ambient_dim).
        """
        self.targets.keep_off(split_key(path)[0])
        loaded: LoadedPoints = load_points(path, resize=resize, exclude=exclude)
        self.inputs.append(loaded.source)
        self._notices.extend(loaded.notices)
        self._input_details.append(loaded.details)
        return loaded.array

    def note_input(self, path: Path, files: list[Path], *, n_values: int) -> None:
        """Note samples that were not read by :meth:`load` as an input of this run.

        Args:
            path: File or folder as the user wrote it.
            files: The files of the samples, one each.
            n_values: Numbers in a sample.
        """
        self.inputs.append(
            InputFile(
                path=str(path),
                sha256=sha256_of_files(files, path if path.is_dir() else path.parent),
                n_points=len(files),
                ambient_dim=n_values,
            )
        )

    def progress(self, description: str) -> Callable[[float], None]:
        """Start a progress bar.

        Args:
            description: What is being done.

        Returns:
            A function to be told the finished fraction.
        """
        task = self._bar.add_task(description, total=1.0)
        return lambda fraction: self._bar.update(task, completed=fraction)

    def record(self, outcome: Outcome, options: dict[str, Any]) -> RunRecord:
        """Return the record of this run.

        Args:
            outcome: What was found.
            options: The command's own options.

        Returns:
            The record.
        """
        paths = {source.path for source in self.inputs}
        settings = {
            name: value
            for name, value in options.items()
            if not isinstance(value, str) or value not in paths
        }
        if self._input_details:
            settings["input_details"] = self._input_details
        return RunRecord(
            kind=self.kind,
            elapsed_s=round(time.monotonic() - self._started, 3),
            seed=self.seed,
            inputs=tuple(self.inputs),
            settings={**settings, **outcome.settings},
            results=outcome.results,
            warnings=(*self._notices, *collect_notices(outcome.result)),
        )

    def finish(self, outcome: Outcome, options: dict[str, Any]) -> None:
        """Write what was asked for, then show the result.

        Args:
            outcome: What was found.
            options: The command's own options.
        """
        record = self.record(outcome, options)
        self._bar.stop()
        self.targets.write(record, outcome.result)
        if self.targets.json_on_stdout:
            sys.stdout.write(record.to_json() + "\n")
        else:
            show_result(outcome.result)
            if outcome.closing:
                sys.stdout.write(f"\n{outcome.closing}\n")
        if not self.quiet:
            show_notices(record.warnings)


def _progress_bar(quiet: bool) -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )
