"""The bounds at one information and one outage probability, with their intervals."""

from collections.abc import Sequence
from typing import Any

from jscgc_theory.analysis.data_law import DataLaw
from jscgc_theory.bounds import binary_entropy_bits, log2_least_coincidence, vacuity
from jscgc_theory.covering_numbers import SmallBall
from jscgc_theory.covering_numbers.power_law import Z_95
from jscgc_theory.records import Estimate, Record

_FUNCTIONS_OF_I = ("delta_star", "finite_outage_fano", "small_ball", "perception")


class BoundRow(Record):
    """All bounds at one information and one outage probability."""

    mi_bits: float
    mi_interval_bits: tuple[float, float] | None = None
    """How uncertain I is, where that was given: it is part of the bounds' intervals."""
    snr_db: float | None = None
    outage_probability: float
    delta_star: Estimate
    finite_outage_fano: Estimate
    small_ball: Estimate
    perception: Estimate
    meta_converse: Estimate | None = None
    """R4, where the law of the information density was given."""
    extrapolated_octaves: float
    """Halvings of the radius from the closest pair down to the perception bound; 0 if read."""
    vacuous: str | None = None
    """Why the bounds say nothing here, in words, or None."""


def bound_row(
    law: DataLaw, ball: SmallBall, mi_bits: float, snr_db: float | None, outage: float
) -> BoundRow:
    """Return every bound at one information and one outage probability.

    Args:
        law: Dimension and coincidence law of the data.
        ball: Small-ball probability of the data.
        mi_bits: I(X; Y_hat) in bits.
        snr_db: SNR in dB that I belongs to, if any.
        outage: P_e in (0, 1).

    Returns:
        The row.
    """
    power_law = law.coincidence.power_law
    fano_bits = (mi_bits + binary_entropy_bits(outage)) / (1.0 - outage)
    log2_least = log2_least_coincidence(mi_bits, outage)
    paper = power_law.radius(-(mi_bits + 1.0), "(18), power law")
    perception = law.perception.radius(log2_least)
    return BoundRow(
        mi_bits=mi_bits,
        snr_db=snr_db,
        outage_probability=outage,
        delta_star=paper,
        finite_outage_fano=power_law.radius(-fano_bits, "R1, power law"),
        small_ball=_at_most(ball.radius(log2_least), perception),
        perception=perception,
        extrapolated_octaves=law.perception.extrapolated_octaves(perception.value),
        vacuous=vacuity(
            paper.value,
            diameter=law.coincidence.scan.diameter,
            intrinsic_dim=power_law.intrinsic_dim,
            geometric_constant=power_law.finite_constant,
            mi_bits=mi_bits,
            n_points=len(law.points),
        ),
    )


def with_uncertain_information(
    row: BoundRow, law: DataLaw, ball: SmallBall, mi_interval_bits: tuple[float, float]
) -> BoundRow:
    """Return a row whose intervals also hold what the information may be.

    Bounds fall as I grows: the low end is that at the high end of I, the high end at the low one.

    Args:
        row: The row at the best guess of I.
        law: Dimension and coincidence law of the data.
        ball: Small-ball probability of the data.
        mi_interval_bits: Low and high end of I.

    Returns:
        The row.
    """
    ends = [
        bound_row(law, ball, end, row.snr_db, row.outage_probability) for end in mi_interval_bits
    ]
    widened = {
        name: _hull(getattr(row, name), [getattr(end, name) for end in ends])
        for name in _FUNCTIONS_OF_I
    }
    return row.model_copy(update={"mi_interval_bits": mi_interval_bits, **widened})


def with_meta_converse(row: BoundRow, law: DataLaw, log2_beta: Estimate) -> BoundRow:
    """Return a row with R4, the radius where q falls to beta.

    Args:
        row: The row.
        law: Coincidence law of the data.
        log2_beta: log2 beta at the row's outage probability.

    Returns:
        The row; R4's interval holds the errors of q and of beta, and there is none where beta
        has none.
    """
    radius = law.perception.radius(min(0.0, log2_beta.value))
    named = {
        "method": f"{log2_beta.method}; {radius.method}",
        "notices": (*radius.notices, *log2_beta.notices),
    }
    if log2_beta.interval is None:
        radius = radius.model_copy(update={"interval": None, "standard_error": None})
    else:
        ends = [law.perception.radius(min(0.0, end)) for end in log2_beta.interval]
        radius = _hull(radius, ends)
    return row.model_copy(update={"meta_converse": radius.model_copy(update=named)})


def _hull(estimate: Estimate, others: Sequence[Estimate]) -> Estimate:
    """Return an estimate with the interval that holds its own and those of others."""
    intervals = [one.ends for one in (estimate, *others)]
    low, high = min(low for low, _ in intervals), max(high for _, high in intervals)
    return estimate.model_copy(
        update={"interval": (low, high), "standard_error": (high - low) / (2.0 * Z_95)}
    )


def _at_most(small_ball: Estimate, perception: Estimate) -> Estimate:
    """Hold S(r) >= q(r), which makes R2 no larger than R3, where estimates break it.

    So the interval of R2 ends no higher than that of R3. The error stays that of S: R3 is often
    read far more precisely.
    """
    (low, high), (_, ceiling) = small_ball.ends, perception.ends
    value = min(small_ball.value, perception.value)
    changed: dict[str, Any] = {"interval": (min(low, value), min(high, ceiling))}
    if value < small_ball.value:
        changed["value"] = value
        changed["standard_error"] = (high - low) / (2.0 * Z_95)
        changed["method"] = f"R3, since S >= q; {small_ball.method}"
    return small_ball.model_copy(update=changed)
