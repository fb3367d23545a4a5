"""The answer of ``dimension``: a recommended estimate, its companions, and the scale scan."""

from jscgc_theory.records import Estimate, Notice, Record


class ScalePoint(Record):
    """The dimension read at one scale."""

    n_neighbours: int
    """Rank of the neighbour that sets the scale."""
    radius: float
    """Median distance to that neighbour, in data units."""
    intrinsic_dim: float
    interval: tuple[float, float] | None = None
    on_plateau: bool = False
    """Whether this scale belongs to the range over which the reading is stable."""


class DimensionReport(Record):
    """Intrinsic dimension of a data set by several estimators."""

    intrinsic_dim: Estimate
    """The recommended answer."""
    estimates: dict[str, Estimate]
    scale_scan: tuple[ScalePoint, ...]
    n_points: int
    n_duplicates: int
    ambient_dim: int
    notices: tuple[Notice, ...] = ()
