"""A count of balls against their radius."""

from jscgc_theory.records import Record


class Curve(Record):
    """A count against radius: the number of balls K at one reading."""

    radius: tuple[float, ...]
    """Radii in data units, ascending."""
    count: tuple[float, ...]
    """K at each radius; for the coincidence curve K = 1/q."""
    standard_error: tuple[float, ...] | None = None
    """Standard error of the count, where the reading is statistical."""
