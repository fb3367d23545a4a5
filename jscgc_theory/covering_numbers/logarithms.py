"""Constants that floating-point numbers may not hold, given with their logarithms."""

import math
from typing import Any

from jscgc_theory.records import Estimate
from jscgc_theory.units import bits_to_nats


def saturating_exp(value: float) -> float:
    """Return the exponential, infinity where floating-point numbers end.

    Args:
        value: The exponent.

    Returns:
        exp(value), 0 or infinity.
    """
    return math.exp(value) if value < 709.0 else math.inf


def estimate_from_log(
    log_value: float, log_interval: tuple[float, float], *, details: dict[str, Any], **fields: Any
) -> Estimate:
    """Return an estimate whose natural logarithm is known, with logarithms to base two beside it.

    Args:
        log_value: Logarithm of the value.
        log_interval: Logarithms of the ends of the interval.
        details: Further evidence.
        **fields: Other fields of the estimate.

    Returns:
        The estimate, its details holding ``log2_value`` and ``log2_interval``.
    """
    low, high = log_interval
    bit = bits_to_nats(1.0)
    logs = {"log2_value": log_value / bit, "log2_interval": [low / bit, high / bit]}
    return Estimate(
        value=saturating_exp(log_value),
        interval=(saturating_exp(low), saturating_exp(high)),
        details=logs | details,
        **fields,
    )
