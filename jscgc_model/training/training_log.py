"""The log of a run: one JSON object a step, and the same for TensorBoard."""

import json
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from torch.utils.tensorboard import SummaryWriter

from jscgc_theory.errors import InputError
from jscgc_theory.records.whole_files import write_text_atomically

LOG_NAME = "steps.jsonl"


class TrainingLog:
    """Appends to ``steps.jsonl`` and to TensorBoard's events.

    Args:
        folder: Folder of the run.
        n_steps_done: Steps the run goes on from; what the log holds beyond them is dropped, for
            these steps are made again.

    Raises:
        InputError: If the log cannot be read.
    """

    def __init__(self, folder: Path, n_steps_done: int) -> None:
        path = folder / LOG_NAME
        kept = [row for row in read_log(path) if row["step"] < n_steps_done]
        write_text_atomically(path, "".join(json.dumps(row) + "\n" for row in kept))
        self._lines = path.open("a", encoding="utf-8")
        self._events = SummaryWriter(str(folder / "tensorboard"), purge_step=n_steps_done)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.close()
        self._events.close()

    def write(self, step: int, **values: float) -> None:
        """Log the numbers of a step.

        Args:
            step: Number of the step, from 0.
            **values: Numbers by name.
        """
        self._lines.write(json.dumps({"step": step, **values}) + "\n")
        # A killed process loses what it has not handed over.
        self._lines.flush()
        for name, value in values.items():
            self._events.add_scalar(name, value, step)

    def flush(self) -> None:
        """Bring everything to the disk, so that no checkpoint is ahead of the log."""
        os.fsync(self._lines.fileno())
        self._events.flush()


class NoLog:
    """The log of a process that keeps none."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def write(self, step: int, **values: float) -> None:
        """Write nothing.

        Args:
            step: Number of the step.
            **values: Numbers by name.
        """

    def flush(self) -> None:
        """Do nothing."""


def read_log(path: Path) -> list[dict[str, Any]]:
    """Read the whole lines of a log; one that was cut off by a kill is left out.

    Args:
        path: The log.

    Returns:
        Its rows; none if there is no log.

    Raises:
        InputError: If a whole line is no row of a log.
    """
    if not path.exists():
        return []
    *whole, _ = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return [_row(path, number, line) for number, line in enumerate(whole, start=1)]


def _row(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict) or not isinstance(row.get("step"), int):
        raise InputError(f"line {number} of {path} is no row of a log; move the file away")
    return row
