"""Finished parts of an evaluation on the disk, so that one that was stopped goes on."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from jscgc_model.evaluation.evaluation_report import SystemRow
from jscgc_model.verification.pixel_grid import PixelGrid
from jscgc_theory.errors import InputError
from jscgc_theory.records import Record


class Cell(Record):
    """A system at one SNR, and a few of its images."""

    identity: dict[str, Any]
    """Everything that the numbers depend on."""
    row: SystemRow
    shown: PixelGrid


class FinishedCells:
    """Cells in a folder, one file each.

    Args:
        folder: Where; None keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def find(self, identity: Mapping[str, Any]) -> Cell | None:
        """Return a cell that was finished before.

        Args:
            identity: Everything that its numbers depend on, as JSON.

        Returns:
            The cell, None if there is none.

        Raises:
            InputError: If its file is not what was written.
        """
        path = self._path(identity)
        if path is None or not path.is_file():
            return None
        try:
            return Cell.from_json(path)
        except (ValidationError, UnicodeDecodeError) as error:
            reason = " ".join(str(error).split())
            raise InputError(f"{path} is damaged ({reason}); remove it") from error

    def keep(self, cell: Cell) -> None:
        """Write a cell, whole or not at all.

        Args:
            cell: The cell.
        """
        path = self._path(cell.identity)
        if path is not None:
            cell.to_json(path)

    def _path(self, identity: Mapping[str, Any]) -> Path | None:
        if self._folder is None:
            return None
        text = json.dumps(dict(identity), sort_keys=True)
        return self._folder / f"cell_{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
