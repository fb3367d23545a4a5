"""The log of a run: one JSON object a step, and the same for TensorBoard."""

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from torch.utils.tensorboard import SummaryWriter

LOG_NAME = "steps.jsonl"


class TrainingLog:
    """Appends to ``steps.jsonl`` and to TensorBoard's events; later steps of a log are redone.

    Args:
        folder: Folder of the run.
        n_steps_done: Steps the run goes on from; what the log holds beyond them is dropped.
    """

    def __init__(self, folder: Path, n_steps_done: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / LOG_NAME
        kept = [row for row in read_log(path) if row["step"] < n_steps_done]
        text = "".join(json.dumps(row) + "\n" for row in kept)
        path.write_text(text, encoding="utf-8")
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
        self._lines.flush()
        for name, value in values.items():
            self._events.add_scalar(name, value, step)


class NoLog:
    """What the processes write that do not keep the log."""

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


def read_log(path: Path) -> list[dict[str, Any]]:
    """Read the whole lines of a log; one that was cut off by a kill is left out.

    Args:
        path: The log.

    Returns:
        Its rows; none if there is no log.
    """
    if not path.exists():
        return []
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            rows.append(json.loads(line))
        except ValueError:
            break
    return rows
