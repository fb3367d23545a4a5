"""Intervals over sources: pairs of one source are drawn, or left out, together."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import NDArray
from torch import Tensor

from jscgc_theory.records import Notice

CONFIDENCE = 0.95
FEW_SOURCES = 10
"""Below this number of sources an interval is rough or absent, and a notice says so."""
LEAST_SOURCES = 6
"""Below this number of sources resamples say little of their law: no interval of a mean."""
N_RESAMPLES = 2000
_RESAMPLES_AT_ONCE = 100
_NO_SPREAD = 1e-9
MAX_GROUPS = 20
"""Sources are left out in at most this many groups."""
_SEED = 0


@dataclass(frozen=True)
class SourceInterval:
    """An interval, its standard error, and what the reader must know of both."""

    interval: tuple[float, float] | None
    standard_error: float | None
    notices: tuple[Notice, ...]


def mean_of_each_source(
    values: Float[Tensor, " n_images"], sources: Int[Tensor, " n_images"]
) -> Float[NDArray[np.float64], " n_sources"]:
    """Return the mean value of each source, so that every source counts once."""
    labels, places = torch.unique(sources.cpu(), return_inverse=True)
    wide = values.detach().cpu().double()
    sums = torch.zeros(len(labels), dtype=torch.float64).index_add_(0, places, wide)
    return (sums / torch.bincount(places, minlength=len(labels))).numpy()


def bootstrap_mean(values: Float[NDArray[np.float64], " n_sources"]) -> SourceInterval:
    """Return the studentised bootstrap interval of a mean over sources.

    [m - q_high se, m - q_low se] with the quantiles of t* = (m* - m) / se* over resamples. At six
    to sixty skewed or normal values it covers in 93 to 97 % of cases, where the accelerated
    percentile interval (BCa) falls to 85 %.

    Args:
        values: One value for each source.

    Returns:
        The interval; none below ``LEAST_SOURCES`` or where a value is not finite.

    References:
        Efron, Tibshirani. An introduction to the bootstrap (1993), section 12.5.
    """
    n_sources = len(values)
    notices = notices_of_sources(n_sources)
    if n_sources < LEAST_SOURCES or not np.isfinite(values).all():
        return SourceInterval(None, None, notices)
    mean, standard_error = values.mean(), values.std(ddof=1) / np.sqrt(n_sources)
    if np.ptp(values) == 0.0:
        return SourceInterval((float(mean), float(mean)), 0.0, notices)
    low, high = np.quantile(_studentised(values), [0.5 - 0.5 * CONFIDENCE, 0.5 + 0.5 * CONFIDENCE])
    ends = (float(mean - high * standard_error), float(mean - low * standard_error))
    return SourceInterval(ends, float(standard_error), notices)


def _studentised(
    values: Float[NDArray[np.float64], " n_sources"],
) -> Float[NDArray[np.float64], " n_resamples"]:
    rng = np.random.default_rng(_SEED)
    n_sources = len(values)
    standard = (values - values.mean()) / values.std()
    found = []
    for _ in range(N_RESAMPLES // _RESAMPLES_AT_ONCE):
        drawn = standard[rng.integers(n_sources, size=(_RESAMPLES_AT_ONCE, n_sources))]
        spread = drawn.std(axis=1, ddof=1)
        # A resample of one source over and over has no spread to be measured in.
        varied = spread > _NO_SPREAD
        found.append(drawn.mean(axis=1)[varied] / (spread[varied] / np.sqrt(n_sources)))
    return np.concatenate(found)


def share_interval(share: float, n_sources: int) -> tuple[float, float]:
    """Return Wilson's interval of a share.

    ``(p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)`` for independent events; wider
    than need be where sources hold shares of their own, whose variance is at most p(1-p).

    Args:
        share: p, the mean over sources of an event or of its share within a source.
        n_sources: n.

    Returns:
        Its ends, within [0, 1].

    References:
        Wilson. Probable inference, the law of succession, and statistical inference. Journal of
        the American Statistical Association 22 (1927).
    """
    z = float(NormalDist().inv_cdf(0.5 + 0.5 * CONFIDENCE))
    spread = z**2 / n_sources
    middle = share + 0.5 * spread
    reach = z * math.sqrt(share * (1.0 - share) / n_sources + 0.25 * spread / n_sources)
    low, high = (middle - reach) / (1.0 + spread), (middle + reach) / (1.0 + spread)
    # Rounding must not shut the share itself out at 0 or 1.
    return max(0.0, min(low, share)), min(1.0, max(high, share))


def jackknife(
    statistic: Callable[[Tensor], float], sources: Int[Tensor, " n_images"], value: float
) -> SourceInterval:
    """Return Student's interval from leaving out groups of sources, one group at a time.

    With G groups, se^2 = (G - 1) / G sum_g (t_g - mean t)^2. A distance between samples is biased
    by an amount that depends on their size; drawing with replacement, as the bootstrap does, adds
    that bias once more and misses the value, while leaving out shifts all t_g alike.

    Args:
        statistic: Value of the metric from the images where a mask, shape (n_images,), is true.
        sources: Source of each image.
        value: The metric of all images, the middle of the interval.

    Returns:
        The interval; none for a single source, or where leaving sources out leaves too little.

    References:
        Kott. The delete-a-group jackknife. Journal of Official Statistics 17 (2001).
    """
    labels, places = torch.unique(sources, return_inverse=True)
    notices = notices_of_sources(len(labels))
    if len(labels) < 2:
        return SourceInterval(None, None, notices)
    n_groups = min(len(labels), MAX_GROUPS)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(_SEED))
    groups = (order % n_groups).to(places.device)[places]
    if any(int((groups != group).sum()) < 2 for group in range(n_groups)):
        message = (
            "Leaving out one source leaves too few images to compare, so there is no interval."
        )
        return SourceInterval(None, None, (Notice(code="too_few_images", message=message),))
    left = np.array([statistic(groups != group) for group in range(n_groups)])
    standard_error = float(np.sqrt((n_groups - 1) * left.var()))
    from scipy.special import stdtrit

    reach = float(stdtrit(n_groups - 1, 0.5 + 0.5 * CONFIDENCE)) * standard_error
    return SourceInterval((value - reach, value + reach), standard_error, notices)


def notices_of_sources(n_sources: int) -> tuple[Notice, ...]:
    """Say how far an interval over so many sources can be trusted."""
    if n_sources >= FEW_SOURCES:
        return ()
    told = "one source" if n_sources == 1 else f"{n_sources} sources"
    message = f"The value rests on {told}, so little is known of the spread between sources."
    return (Notice(code="few_sources", message=message),)
