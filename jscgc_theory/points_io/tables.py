"""Which columns of a table are coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jscgc_theory.errors import InputError
from jscgc_theory.points_io.keys import listed
from jscgc_theory.records import Notice

_INDEX_NAMES = ("", "Unnamed: 0", "__index_level_0__")


@dataclass
class ColumnChoice:
    """Columns to leave out of the coordinates, and a note of what was left out."""

    exclude: tuple[str, ...] = ()
    dropped_index: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def kept(self, names: Sequence[str], path: str) -> list[int]:
        """Return the positions of the coordinate columns.

        A row index written by pandas (a first column without a name) is no coordinate.

        Args:
            names: All column names.
            path: The file, for messages.

        Returns:
            Positions, ascending.

        Raises:
            InputError: If nothing is left.
        """
        positions = []
        for position, name in enumerate(names):
            if name in self.exclude:
                self.dropped.append(name)
            elif name in _INDEX_NAMES:
                self.dropped_index.append(name)
            else:
                positions.append(position)
        if not positions:
            raise InputError(
                f"{path} has no coordinate columns (it has {listed(names)}); add some"
            )
        return positions

    def details(self) -> dict[str, Any]:
        """Return what was left out, for the record."""
        return {"columns_left_out": self.dropped} if self.dropped else {}

    def notices(self) -> tuple[Notice, ...]:
        """Tell of a row index that was left out."""
        if not self.dropped_index:
            return ()
        return (
            Notice(
                code="index_column_ignored",
                message="A row index without a name was found and left out of the coordinates.",
            ),
        )
