"""The answer of ``delta-star``: every radius bound of a data set at given information."""

from jscgc_theory.analysis.covering_report import Curve
from jscgc_theory.records import Estimate, Notice, Record


class BoundRow(Record):
    """All bounds at one information and one outage probability."""

    mi_bits: float
    snr_db: float | None = None
    outage_probability: float
    delta_star: Estimate
    finite_outage_fano: Estimate
    small_ball: Estimate
    perception: Estimate
    extrapolated_octaves: float
    """Halvings of the radius from the closest pair down to the perception bound; 0 if read."""
    vacuous: str | None = None
    """Why the bounds say nothing here, in words, or None."""


class DatasetBound(Record):
    """The whole bound family of a data set."""

    intrinsic_dim: Estimate
    geometric_constant: Estimate
    resolvable_mi_bits: float
    diameter: float
    """Largest distance met between points, in data units (a lower bound on the diameter)."""
    rows: tuple[BoundRow, ...]
    coincidence_curve: Curve
    """K = 1/q against radius."""
    n_points: int
    n_duplicates: int
    ambient_dim: int
    notices: tuple[Notice, ...] = ()
