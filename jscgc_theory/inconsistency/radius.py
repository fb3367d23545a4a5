"""The measured radius: a quantile of the distance, with an interval free of its law."""

import math
from bisect import bisect_left

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc

from jscgc_theory.inconsistency.clusters import (
    check_distances,
    check_groups,
    effective_sample_size,
    one_group_notice,
)
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.validation import check_probability

# n (1 - P_e) may exceed a whole number by rounding alone.
_RANK_ROUNDING = 1e-9


def empirical_radius(
    distances: ArrayLike,
    outage_probability: float,
    *,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Return the smallest radius r with ``P(rho(X, X_hat) > r) <= P_e``, Definition 1.

    The (1 - P_e) quantile of the distances. For independent pairs its interval runs between two
    order statistics whose ranks the binomial law gives, for any law of the distance. Pairs that
    share a source point are counted at their effective number at that quantile.

    Args:
        distances: rho(x, x_hat) of each pair, shape (n_pairs,), in data units.
        outage_probability: P_e in (0, 1).
        groups: One label per pair naming its source point; None if all differ.
        confidence: Level of the interval.

    Returns:
        The radius in data units. The upper end is infinite where the pairs are too few for the
        quantile; a notice says so. ``details``: ``outage_probability``, ``n_groups``,
        ``effective_sample_size``.

    Raises:
        InputError: If distances, groups, P_e or confidence are unusable.

    References:
        David and Nagaraja, Order Statistics, 2003, section 7.1; Woodruff, JASA 47, 1952.
    """
    outage = check_probability(outage_probability)
    confidence = check_probability(confidence, name="confidence")
    values = check_distances(distances)
    clusters = check_groups(groups, values.size)
    n_pairs = values.size
    ascending = np.sort(values)
    rank = min(max(math.ceil(n_pairs * (1.0 - outage) - _RANK_ROUNDING), 1), n_pairs)
    radius = float(ascending[rank - 1])
    n_effective = effective_sample_size(values <= radius, clusters, confidence)
    low_rank, high_rank = _interval_ranks(n_pairs, n_effective, outage, confidence)
    if clusters.n_groups == 1 < n_pairs:
        low_rank, high_rank = 0, n_pairs + 1
    low = float(ascending[low_rank - 1]) if low_rank > 0 else 0.0
    high = float(ascending[high_rank - 1]) if high_rank <= n_pairs else math.inf
    return Estimate(
        value=radius,
        interval=(low, high),
        confidence=confidence,
        method="order statistics" if clusters.all_single else "clustered order statistics",
        n_points_used=n_pairs,
        notices=one_group_notice(clusters) + _too_few_notice(high, n_effective, outage),
        details={
            "outage_probability": outage,
            "n_groups": clusters.n_groups,
            "effective_sample_size": n_effective,
        },
    )


def _interval_ranks(
    n_pairs: int, n_effective: float, outage: float, confidence: float
) -> tuple[int, int]:
    """Return the ranks of the interval's ends, 0 and n_pairs + 1 standing for 0 and infinity.

    With all pairs independent, P(x_(low) <= quantile <= x_(high)) >= confidence exactly; the
    binomial law is continued to fractional counts through the incomplete beta function.
    """
    tail = 0.5 * (1.0 - confidence)
    scale = n_effective / n_pairs

    def at_most(rank: int) -> float:
        """P(Binomial(n, 1 - P_e) <= rank)."""
        if rank == n_pairs:
            return 1.0
        return float(betainc((n_pairs - rank) * scale, rank * scale + 1.0, outage))

    def at_least(rank: int) -> float:
        """P(Binomial(n, 1 - P_e) >= rank)."""
        if rank == 0:
            return 1.0
        return float(betainc(rank * scale, (n_pairs - rank) * scale + 1.0, 1.0 - outage))

    ranks = range(n_pairs + 1)
    low = bisect_left(ranks, True, key=lambda rank: at_most(rank) > tail)
    high = bisect_left(ranks, True, key=lambda rank: at_least(rank) <= tail)
    return low, high


def _too_few_notice(high: float, n_effective: float, outage: float) -> tuple[Notice, ...]:
    if math.isfinite(high):
        return ()
    message = (
        f"about {n_effective:.4g} independent pairs are too few to bound the radius from above "
        f"at P_e = {outage:g}: the largest distance may lie below it; add source points"
    )
    return (Notice(code="too_few_pairs", message=message),)
