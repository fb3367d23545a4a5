"""How a measured radius and a bound compare, given the intervals of both, in words."""

import math
from typing import Literal

from jscgc_theory.records import Estimate, Record

BOUND_NAMES = {
    "delta_star": "the paper's delta* (18)",
    "finite_outage_fano": "the finite-outage Fano bound R1",
    "small_ball": "the small-ball bound R2",
    "perception": "the perception bound R3",
    "meta_converse": "the meta-converse R4",
}
"""Field of a bound row to the name of the bound in sentences."""

_Outcome = Literal["holds", "violated", "undecided"]


class Verdict(Record):
    """How one bound fares against the measured radius."""

    verdict: Literal["holds", "violated", "undecided"]
    margin: float
    """Measured radius over bound, minus one; negative if the radius lies below the bound."""
    reason: str
    """One or two sentences, with the outage probability in them."""


def judge(
    bound_name: str,
    bound: Estimate,
    measured: Estimate,
    outage_probability: float,
    *,
    vacuous: str | None = None,
    extrapolated_octaves: float = 0.0,
) -> Verdict:
    """Compare the measured radius at an outage probability with one bound.

    ``holds`` if the measured interval lies at or above the bound's, ``violated`` if it lies below,
    ``undecided`` otherwise. (18) limits the radius as P_e -> 0 only, so a radius below it at a
    finite P_e is never a violation; nor is one below a bound that is vacuous.

    Args:
        bound_name: A key of ``BOUND_NAMES``.
        bound: The bound, in data units.
        measured: The measured radius, in data units.
        outage_probability: P_e of the measured radius.
        vacuous: Why the bounds say nothing here, if they do not.
        extrapolated_octaves: Halvings of the radius the bound was extrapolated by.

    Returns:
        The verdict with its margin and reason.
    """
    position = _position(measured.interval, bound.interval)
    sentence = (
        f"At P_e = {outage_probability:g} the measured radius {_with_interval(measured)} "
        f"{_POSITION_WORDS[position]} {BOUND_NAMES[bound_name]}, {_with_interval(bound)}"
    )
    outcome, remark = _conclude(position, bound_name, outage_probability, vacuous)
    reason = f"{sentence}{remark}."
    if extrapolated_octaves > 0.0:
        reason += f" The bounds are extrapolated by {extrapolated_octaves:.3g} octaves."
    return Verdict(verdict=outcome, margin=_margin(measured.value, bound.value), reason=reason)


_Position = Literal["above", "below", "overlaps", "unknown"]

_POSITION_WORDS: dict[_Position, str] = {
    "above": "lies above",
    "below": "lies below",
    "overlaps": "cannot be told from",
    "unknown": "cannot be held against",
}


def _position(
    measured: tuple[float, float] | None, bound: tuple[float, float] | None
) -> _Position:
    if measured is None or bound is None or any(map(math.isnan, (*measured, *bound))):
        return "unknown"
    if measured[0] >= bound[1]:
        return "above"
    if measured[1] < bound[0]:
        return "below"
    return "overlaps"


def _conclude(
    position: _Position, bound_name: str, outage: float, vacuous: str | None
) -> tuple[_Outcome, str]:
    if position == "unknown":
        return "undecided", "; one of the two has no interval"
    if bound_name == "delta_star":
        return _conclude_delta_star(position, outage)
    if position == "overlaps":
        return "undecided", "; the intervals overlap"
    if position == "above":
        return "holds", "" if vacuous is None else f"; the bound is vacuous here: {vacuous}"
    if vacuous is not None:
        return "undecided", f"; that is no violation, the bound is vacuous here: {vacuous}"
    return "violated", (
        "; no system does that, so I is understated, the pairs are not the system's own, "
        "or the estimate behind the bound fails"
    )


def _conclude_delta_star(position: _Position, outage: float) -> tuple[_Outcome, str]:
    limit = "(18) is a statement for P_e -> 0"
    if position == "above":
        return "holds", f"; {limit}, where the radius is larger still"
    if position == "below":
        return "undecided", (
            f"; that is no violation, {limit} and limits no radius at P_e = {outage:g}: "
            "R1, R2 and R3 do"
        )
    return "undecided", f"; the intervals overlap, and {limit}"


def _margin(measured: float, bound: float) -> float:
    if bound == 0.0:
        return math.inf
    return measured / bound - 1.0


def _with_interval(estimate: Estimate) -> str:
    if estimate.interval is None:
        return f"{estimate.value:.4g} (no interval)"
    low, high = estimate.interval
    return f"{estimate.value:.4g} [{low:.4g}, {high:.4g}]"
