"""When KSG cannot be believed, found from the data alone."""

from jscgc_theory.mutual_information.nearest_neighbour.smoothing_trend import SmoothingTrend
from jscgc_theory.records import Notice

_SHARE, _BITS = 0.05, 0.05
"""A bias is small below the larger of this share of the value and these bits."""
_MANY_TIES = 0.01
_DISCRETE_TIES = 0.1
NO_INTERVAL = Notice(
    code="no_interval",
    message=(
        "The non-uniformity correction carries no interval: how much of a thin neighbourhood is "
        "dependence is not known from the pairs alone."
    ),
)
_MANY_REPEATS = 0.03


def bias_notice(trend: SmoothingTrend) -> Notice | None:
    """Say that the neighbourhoods are too wide for the dependence.

    Args:
        trend: The estimate over scales.

    Returns:
        The notice, or None where the doubt is below 5 % or 0.05 bit.
    """
    if trend.certain_doubt_bits <= max(_SHARE * abs(trend.value_bits), _BITS):
        return None
    direction = "low" if trend.rise_bits >= 0.0 else "high"
    coarse_bits = trend.fine_bits - trend.rise_bits
    return Notice(
        code="ksg_biased",
        message=(
            f"Nearest neighbours read {direction} here: {coarse_bits:.3g} bits at four times the "
            f"neighbours, {trend.fine_bits:.3g} bits at these, so the bias may be "
            f"{trend.certain_doubt_bits:.2g} bits or more beyond the correction made. Strong "
            "dependence in many coordinates needs smaller neighbourhoods than these pairs give: "
            "take more pairs, fewer columns, or an estimator that models the law."
        ),
    )


def ties_notice(share: float) -> Notice | None:
    """Say that equal coordinates make distances equal, which the formulas do not allow for.

    Args:
        share: Largest share of tied values in a column that was not ranked.

    Returns:
        The notice, or None where ties are rare.
    """
    if share <= _MANY_TIES:
        return None
    return Notice(
        code="tied_values",
        message=(
            f"{share:.0%} of the values of a column repeat, so distances tie and the counts are "
            "biased; marginals='normal' orders equal values at random, which leaves I as it is."
        ),
    )


def discrete_notice(n_duplicates: int, n_pairs: int, share: float) -> Notice | None:
    """Say that whole pairs repeat because the values are few, and were dropped.

    Args:
        n_duplicates: Repeated pairs that were dropped.
        n_pairs: Pairs that were left.
        share: Share of tied values of the less tied side.

    Returns:
        The notice, or None where repetitions are rare or no property of the law.
    """
    if n_duplicates <= _MANY_REPEATS * n_pairs or share <= _DISCRETE_TIES:
        return None
    return Notice(
        code="discrete_values",
        message=(
            f"{n_duplicates} pairs repeat others because both x and y take few values; without "
            "them the law is another one. Give unrounded values, or count the cells of the table "
            "instead of using nearest neighbours."
        ),
    )
