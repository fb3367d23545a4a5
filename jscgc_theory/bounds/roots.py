"""One bracketed root, to full relative precision, with the solver loaded on first use."""

import sys
from collections.abc import Callable

_RELATIVE_TOLERANCE = 4.0 * sys.float_info.epsilon
_MOST_STEPS = 2000


def bracketed_root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return the root of a continuous function between two points where its signs differ.

    Every caller has a proof that the bracket holds a root; where rounding spoils a sign at an end,
    the root is that end.

    Args:
        function: Continuous, monotone on the bracket.
        low: One end of the bracket.
        high: The other end.

    Returns:
        The root, with a relative error of a few units in the last place.
    """
    # Importing scipy.optimize takes as long as the rest of the package together.
    from scipy.optimize import brentq

    at_low, at_high = function(low), function(high)
    if (at_low > 0.0) == (at_high > 0.0):
        return low if abs(at_low) < abs(at_high) else high
    root = brentq(
        function, low, high, xtol=sys.float_info.min, rtol=_RELATIVE_TOLERANCE, maxiter=_MOST_STEPS
    )
    return float(root)
