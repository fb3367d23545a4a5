"""Parts that other packages add to the demonstration, through the entry-point group."""

from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Literal

from jscgc_theory.analysis.demo import DemoPart
from jscgc_theory.cli.running import Run

ENTRY_POINT_GROUP = "jscgc.demo"

Effort = Literal["quick", "usual", "full"]
"""How long the demonstration may take: 90 seconds, 5 minutes, 12 minutes on two cores."""

FurtherParts = Callable[[Run, Path, Effort], Iterator[DemoPart]]
"""Given the run, the folder of the results and the effort, yields finished parts.

Raises :class:`MissingExtraError` before the first part where what it needs is not installed.
"""


def demo_plug_ins() -> tuple[FurtherParts, ...]:
    """Return what other packages add, in the order of their names.

    Returns:
        One function a package.
    """
    found = sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda one: one.name)
    return tuple(one.load() for one in found)
