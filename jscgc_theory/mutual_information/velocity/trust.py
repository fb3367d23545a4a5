"""When an estimate from velocity fields must warn its reader: rules read from the data."""

import math

from jscgc_theory.mutual_information.velocity.tails import Tail
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.units import nats_to_bits

# Half of what an estimate may be wrong by without a word: max(5 %, 0.05 bit).
_SHARE = 0.025
_BITS = 0.025
_SIGNIFICANT_Z = 5.0
# A disagreement of fewer standard errors than this is a fluctuation.
_SIGNIFICANT_ERRORS = 3.0


def allowed_error_bits(value_bits: float) -> float:
    """Return how far an estimate may be off without a notice: half of max(5 %, 0.05 bit).

    Args:
        value_bits: The estimate.

    Returns:
        Bits.
    """
    return max(_SHARE * abs(value_bits), _BITS)


def is_cut_off(value_bits: float, lower: Tail) -> bool:
    """Tell whether more may lie below the smallest t than an estimate may be off.

    Args:
        value_bits: The estimate.
        lower: Tail at t -> 0.

    Returns:
        True if the value is a lower bound only.
    """
    return nats_to_bits(lower.bound - lower.value) > allowed_error_bits(value_bits)


def information_notices(
    value_bits: float, disagreement: Estimate, misfit: Estimate | None, lower: Tail, upper: Tail
) -> tuple[Notice, ...]:
    """Collect what the reader of I must know.

    Args:
        value_bits: The recommended value.
        disagreement: Squared form less loss gap.
        misfit: Least overstatement by a wrong unconditional field.
        lower: Tail at t -> 0.
        upper: Tail at t -> 1.

    Returns:
        The notices.
    """
    allowed = allowed_error_bits(value_bits)
    error = disagreement.standard_error or 0.0
    notices = []
    if abs(disagreement.value) > max(allowed, _SIGNIFICANT_ERRORS * error):
        message = (
            f"squared form and loss gap differ by {disagreement.value:+.3g} bits, more than their "
            "Monte-Carlo error: the conditional field is off by about that much; train longer"
        )
        notices.append(Notice(code="forms_disagree", message=message))
    if misfit is not None and _is_significant(misfit, 0.5 * allowed):
        message = (
            "the unconditional field is not that of these data (its residuals depend on its "
            f"answers): I is overstated by at least {misfit.value:.3g} bits; train "
            "v(x_t, t, None) on the same data, by dropping conditions"
        )
        notices.append(Notice(code="unconditional_field_misfit", message=message))
    if is_cut_off(value_bits, lower):
        message = (
            "the integrand has not decayed at the smallest t "
            f"({_at_most(nats_to_bits(lower.bound))} may lie below it): what was found is a "
            "lower bound, I(X_tmin; Y_hat); let t_range reach down further"
        )
        notices.append(Notice(code="tail_unresolved", message=message))
    beyond = nats_to_bits(upper.bound - upper.value)
    if beyond > allowed and not math.isclose(upper.value, upper.bound):
        message = f"{_at_most(beyond)} may lie above the largest t; let t_range reach up further"
        notices.append(Notice(code="upper_tail_unresolved", message=message))
    return tuple(notices)


def _at_most(bits: float) -> str:
    return f"up to {bits:.3g} bits" if math.isfinite(bits) else "any number of bits"


def _is_significant(misfit: Estimate, least_bits: float) -> bool:
    return float(misfit.details["z_score"]) > _SIGNIFICANT_Z and misfit.value > least_bits
