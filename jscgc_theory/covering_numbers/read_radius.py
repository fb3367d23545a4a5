"""A radius is counted at coarse levels and extrapolated at fine ones: how the intervals meet.

Radii fall with the probability they hold. Where one reading takes over from the other, its
interval may not fall back behind that of the other, lest a smaller probability had the larger
radius.
"""

from jscgc_theory.records import Estimate


def from_counting(counted: Estimate, extrapolated: Estimate) -> Estimate:
    """Return a counted radius whose interval does not end below that of the finer levels.

    Args:
        counted: Radius at the level asked for.
        extrapolated: Radius by extrapolation at the finest level that is counted.

    Returns:
        The counted radius.
    """
    (low, high), (_, least_high) = counted.ends, extrapolated.ends
    return counted.model_copy(update={"interval": (low, max(high, least_high))})


def from_extrapolation(extrapolated: Estimate, counted: Estimate) -> Estimate:
    """Return an extrapolated radius whose interval does not begin above that of coarser levels.

    Args:
        extrapolated: Radius at the level asked for.
        counted: Counted radius at the finest level that is counted.

    Returns:
        The extrapolated radius.
    """
    (low, high), (most_low, _) = extrapolated.ends, counted.ends
    return extrapolated.model_copy(update={"interval": (min(low, most_low), high)})
