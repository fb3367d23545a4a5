"""What a reader of points hands back, before and after validation."""

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from jscgc_theory.records import InputFile, Notice
from jscgc_theory.validation import Points


@dataclass(frozen=True)
class RawPoints:
    """An array as it lies in a file, and what its reader did to get it."""

    array: NDArray[Any]
    details: dict[str, Any] = field(default_factory=dict)
    """JSON-ready facts on the reading: format, key, pixel scale, columns left out, ..."""
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class LoadedPoints:
    """A validated cloud of points and where it came from."""

    array: Points
    """Matrix of shape (n_points, ambient_dim), float32 or float64, memory-mapped if possible."""
    source: InputFile
    details: dict[str, Any] = field(default_factory=dict)
    """JSON-ready facts on the reading: format, key, pixel scale, columns left out, ..."""
    notices: tuple[Notice, ...] = ()
