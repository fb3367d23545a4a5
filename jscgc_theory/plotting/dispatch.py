"""The door: which picture belongs to which record."""

from dataclasses import dataclass
from functools import singledispatch

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.errors import InputError
from jscgc_theory.records import Record


@dataclass(frozen=True)
class Picture:
    """A figure for a report, with the words that go with it."""

    name: str
    """File name without ending."""
    caption: str
    """What a reader sees in it."""
    description: str
    """The same for a reader who cannot see it, numbers included."""
    figure: Figure


@singledispatch
def plot(record: Record, ax: Axes | None = None) -> Axes:
    """Draw a result; nothing is computed, every number drawn stands in the record.

    Args:
        record: A result such as ``DimensionReport`` or ``DatasetBound``.
        ax: Matplotlib axes to draw into, in the style they have; by default those of a new
            figure in this package's style, which no window shows.

    Returns:
        The axes; ``axes.figure`` is the figure to show or to save.

    Raises:
        InputError: If this type of record has no picture.
    """
    raise InputError(
        f"a {type(record).__name__} has no picture of its own; "
        "draw its columns from record.to_frame()"
    )


@singledispatch
def pictures(record: Record) -> tuple[Picture, ...]:
    """Return the figures of a report about a record, each a column wide.

    Args:
        record: Any record.

    Returns:
        The figures; none for a record that has no picture.
    """
    return ()
