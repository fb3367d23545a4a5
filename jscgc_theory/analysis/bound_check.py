"""The answer of ``check``: measured radii held against every bound."""

from typing import Literal

from jscgc_theory.analysis.dataset_bound import BoundRow
from jscgc_theory.records import Estimate, Notice, Record


class Verdict(Record):
    """How one bound fares against the measured radius."""

    verdict: Literal["holds", "violated", "undecided"]
    margin: float
    """Measured radius over bound, minus one; negative if the radius lies below the bound."""
    reason: str
    """One sentence, with the outage probability in it."""


class CheckRow(BoundRow):
    """Bounds, measured radius and verdicts at one information and one outage probability."""

    measured_radius: Estimate
    verdicts: dict[str, Verdict]
    """Keys: ``delta_star``, ``finite_outage_fano``, ``small_ball``, ``perception``."""


class BoundCheck(Record):
    """A system's measured radii against the bound family."""

    intrinsic_dim: Estimate
    geometric_constant: Estimate
    rows: tuple[CheckRow, ...]
    n_pairs: int
    n_groups: int
    """Number of independent source points; smaller than ``n_pairs`` when draws are clustered."""
    notices: tuple[Notice, ...] = ()
