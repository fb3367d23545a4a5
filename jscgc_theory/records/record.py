"""The base of every result: frozen, validated at birth, printable, plottable, JSON both ways."""

import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict

from jscgc_theory.records.html_table import record_html
from jscgc_theory.records.whole_files import write_text_atomically

if TYPE_CHECKING:
    import pandas


class Record(BaseModel):
    """An immutable result.

    Subclasses declare their fields; equality is by value, and
    ``Record.from_json(record.to_json()) == record``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain Python containers, ready for JSON."""
        return self.model_dump(mode="json")

    def to_json(self, path: str | os.PathLike[str] | None = None) -> str:
        """Return the record as JSON text and, if a path is given, write it there in one step.

        Args:
            path: File to write; it appears only when complete.

        Returns:
            The JSON text.
        """
        text = self.model_dump_json(indent=2)
        if path is not None:
            write_text_atomically(Path(path), text + "\n")
        return text

    @classmethod
    def from_json(cls, source: str | os.PathLike[str]) -> Self:
        """Read a record back from JSON text or from a file.

        Args:
            source: JSON text (starting with a brace) or the path of a file holding it.

        Returns:
            The record that was written.
        """
        if isinstance(source, str) and source.lstrip().startswith("{"):
            return cls.model_validate_json(source)
        return cls.model_validate_json(Path(source).read_text(encoding="utf-8"))

    def to_frame(self) -> "pandas.DataFrame":
        """Return the record as a one-row table with nested fields in dotted columns."""
        # Importing pandas takes half a second, which ``jscgc --help`` should not pay.
        import pandas as pd

        return pd.json_normalize([self.to_dict()])

    def plot(self, ax: Any = None) -> Any:
        """Draw the record.

        Args:
            ax: Matplotlib axes to draw into; new ones by default.

        Returns:
            The axes.
        """
        # Records lie below the drawing code, which learns of each record type by registration.
        plotting = importlib.import_module("jscgc_theory.plotting")
        return plotting.plot(self, ax)

    def _repr_html_(self) -> str:
        return record_html(self)


class Notice(Record):
    """Something the reader of a result must know; it is part of the result, not a log line."""

    code: str
    """Stable identifier in snake_case, for programs."""
    message: str
    """One plain sentence, for people."""
