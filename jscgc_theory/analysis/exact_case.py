"""The answer of ``exact``: cases whose information, radii and bounds are known."""

from pydantic import Field

from jscgc_theory.records import Estimate, Notice, Record


class ExactRow(Record):
    """One case at one SNR and one outage probability; plain numbers."""

    snr_db: float
    outage_probability: float
    mi_bits: float
    radius_posterior: float
    """Radius of the exact posterior sampler."""
    radius_best: float
    """Radius of the best decoder."""
    small_ball: float
    perception: float
    meta_converse: float
    finite_outage_fano: float
    delta_star: float
    monte_carlo: dict[str, Estimate] = Field(default_factory=dict)
    """The simulated quantities among the above, with intervals."""


class ExactCase(Record):
    """An exactly known source and channel over a grid of SNR and outage probability."""

    case: str
    """``sphere``, ``torus`` or ``gaussian``."""
    dim: int
    geometric_constant: float
    """C = lim r^d / q(r)."""
    rows: tuple[ExactRow, ...]
    notices: tuple[Notice, ...] = ()
