"""The answer of ``covering``: the three curves of K, and (d, C) with intervals."""

from jscgc_theory.records import Estimate, Notice, Record


class Curve(Record):
    """A count against radius: the number of balls K at one reading."""

    radius: tuple[float, ...]
    """Radii in data units, ascending."""
    count: tuple[float, ...]
    """K at each radius; for the coincidence curve K = 1/q."""
    standard_error: tuple[float, ...] | None = None
    """Standard error of the count, where the reading is statistical."""


class CoveringReport(Record):
    """Covering, packing and coincidence curves of a data set."""

    intrinsic_dim: Estimate
    geometric_constant: Estimate
    """C in K(eps) = C eps^-d; ``details["reading"]`` names the reading of K, here ``volume``."""
    readings: dict[str, Estimate]
    """C under each reading of K: ``volume``, ``covering``, ``packing``."""
    curves: dict[str, Curve]
    """``covering``, ``packing`` and ``coincidence``."""
    resolvable_mi_bits: float
    """log2 of the number of pairs: beyond it every radius is extrapolated."""
    n_points: int
    n_duplicates: int
    ambient_dim: int
    notices: tuple[Notice, ...] = ()
