"""The contract of the function that turns a probability into a radius, shared by R2, R3, R4."""

import math
from collections.abc import Callable

from jscgc_theory.bounds.power_law import check_log2_probability
from jscgc_theory.errors import InputError

RadiusAtLog2Probability = Callable[[float], float]
"""Maps log2 p to ``inf {r : P(r) >= p}``, P being q(r) or S(r): the generalised inverse."""


def radius_at(inverse: RadiusAtLog2Probability, log2_probability: float) -> float:
    """Call the inverse and check what it returns.

    Args:
        inverse: Maps log2 of a probability to a radius in data units.
        log2_probability: At most 0.

    Returns:
        The radius.

    Raises:
        InputError: If the probability is above 1 or the radius is NaN or negative.
    """
    radius = float(inverse(check_log2_probability(log2_probability)))
    if math.isnan(radius) or radius < 0.0:
        raise InputError(
            f"radius_at_log2_probability({log2_probability:g}) = {radius:g}; "
            "it must return a radius of at least 0"
        )
    return radius
