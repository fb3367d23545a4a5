"""Which I(X; Y_hat) of a system to believe, and how far.

Symbols are a function of X, so ``I(X; Y_hat) = I(Y; Y_hat)``, and the law of the channel is known:
it bounds I from both sides without any network, and gives I itself where the sides meet. The
velocity gap is sharper where they do not, but only as good as the fields.
"""

import math
from typing import NamedTuple

from jscgc_theory.mutual_information.estimator import Z_95
from jscgc_theory.records import Estimate, Notice

_CHANCE = 4.0
"""Standard errors by which a proven bound may be off by chance."""
_LARGEST_DISAGREEMENT = 0.5
_OPEN_ABOVE = {"tail_unresolved", "upper_tail_unresolved"}


class ChosenInformation(NamedTuple):
    """I, and whether what the fields say of it takes part."""

    mi_bits: Estimate
    fields_agree: bool


def choose_information(
    velocity: Estimate, channel: Estimate | None, capacity_bits: float
) -> ChosenInformation:
    """Choose between the velocity gap and what the channel says.

    - Where the velocity gap lies within what the channel proves, the more precise of the two is
      the answer, the gap's interval cut to what is proven.
    - Where it does not, or where its two forms differ by more than half of it, the answer is the
      channel's estimate; if the channel only bounds I, all between the bounds, and the value is
      the upper one: a radius that is bounded at it is bounded for certain.

    If the conditional field is ``v_u + (1 + a)(v - v_u)``, v the true one, the forms differ by
    2 a / (1 - a) of the loss gap, which is off by ``a^2 / (1 - a^2)`` of itself: up to a share of
    0.8 the interval, which is wider by the difference, holds the truth.

    Args:
        velocity: The velocity gap of a :class:`.VelocityInformation`.
        channel: The answer of :class:`.KnownChannelMI`, or None where the channel is not known.
        capacity_bits: R6.

    Returns:
        I with an interval inside [0, capacity].
    """
    low, high = _proven(channel, capacity_bits)
    gap, other = _within(velocity, low, high), _without_fields(velocity, channel, low, high)
    if gap is None:
        return ChosenInformation(_with_notice(other, velocity, low, high), fields_agree=False)
    more_precise = gap if gap.half_width <= other.half_width else other
    return ChosenInformation(more_precise, fields_agree=True)


def _without_fields(
    velocity: Estimate, channel: Estimate | None, low: float, high: float
) -> Estimate:
    """Return the channel's estimate, or all between the bounds."""
    if channel is not None and channel.details["side"] == "estimate":
        least, most = (min(max(end, low), high) for end in channel.interval or (low, high))
        return _clipped(channel, least, most)
    return Estimate(
        value=high,
        interval=(low, high),
        method="at most what the known channel allows",
        n_points_used=velocity.n_points_used if channel is None else channel.n_points_used,
        details={"side": "upper_bound"},
    )


def _proven(channel: Estimate | None, capacity_bits: float) -> tuple[float, float]:
    """Return a lower and an upper bound in bits."""
    if channel is None:
        return 0.0, capacity_bits
    codebook = channel.details["parts"]["codebook"]
    lower = codebook["lower_bits"] - _CHANCE * codebook["lower_standard_error"]
    if channel.details["side"] == "estimate":
        upper = codebook["upper_bits"] + _CHANCE * codebook["upper_standard_error"]
    else:
        upper = channel.value + _CHANCE * (channel.standard_error or 0.0)
    high = min(max(upper, 0.0), capacity_bits)
    return min(max(lower, 0.0), high), high


def _within(velocity: Estimate, low: float, high: float) -> Estimate | None:
    """Return the velocity gap cut to the bounds, None if it contradicts them or itself."""
    reach = Z_95 * (velocity.standard_error or 0.0)
    least, most = velocity.interval or (velocity.value - reach, velocity.value + reach)
    if _OPEN_ABOVE & {notice.code for notice in velocity.notices}:
        most = math.inf
    excess = float(velocity.details.get("disagreement_excess_bits", 0.0))
    cut = max(least, low), min(most, high)
    if excess > _LARGEST_DISAGREEMENT * abs(velocity.value) or cut[0] > cut[1]:
        return None
    return _clipped(velocity, *cut)


def _clipped(estimate: Estimate, low: float, high: float) -> Estimate:
    value = min(max(estimate.value, low), high)
    return estimate.model_copy(update={"value": value, "interval": (low, high)})


def _with_notice(answer: Estimate, velocity: Estimate, low: float, high: float) -> Estimate:
    message = (
        f"the velocity gap, {velocity.value:.3g} bits, is set aside: the known channel allows "
        f"{low:.3g} to {high:.3g} bits, or the two forms of the gap contradict each other; train "
        "longer, the unconditional field too (condition dropout)"
    )
    notice = Notice(code="velocity_gap_set_aside", message=message)
    return answer.model_copy(update={"notices": (*answer.notices, notice)})
