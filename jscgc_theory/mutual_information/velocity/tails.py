r"""What lies outside the range of lambda that was sampled.

Above, ``int = (1/2) int_0^gamma (mmse_u - mmse_c) dgamma <= gamma tr Cov(x)/2`` nats, whatever the
channel, and the integrand falls as ``e^(-2 lambda)``. Below, the integral cut at ``t_min`` is
exactly ``I(X_tmin; Y_hat)``; once gamma exceeds the channel's SNR the integrand falls as
``e^(2 lambda)``. An exponential of rate 2 leaves ``1/(e^(2h) - 1)`` of its last stretch of length
h. A slower rate that only grows towards 2 leaves at most what its present value says.
"""

import math
from typing import NamedTuple

import numpy as np

from jscgc_theory.mutual_information.velocity.clustered_mean import Codes, clustered_means
from jscgc_theory.mutual_information.velocity.integrand_sample import Draws, IntegrandSample

_STRETCH = 1.0
# A tail is followed only if it falls at least this fast; the asymptotic rate is 2.
_LEAST_RATE = 1.0


class Tail(NamedTuple):
    """One end of the range."""

    share: float
    """What is added for the tail, as a share of the last stretch: 0 where it does not decay."""
    value: float
    """What is added, in nats."""
    bound: float
    """Most that lies beyond the end, in nats; infinite if the integrand does not decay."""


def lower_tail(sample: IntegrandSample, codes: Codes) -> Tail:
    """Extrapolate below the range, t -> 0.

    Args:
        sample: The integrands.
        codes: Source point of each pair.

    Returns:
        The tail.
    """
    return _tail(sample, codes, at_lower_end=True)


def upper_tail(sample: IntegrandSample, codes: Codes, total_variance: float) -> Tail:
    """Extrapolate above the range, t -> 1.

    Args:
        sample: The integrands.
        codes: Source point of each pair.
        total_variance: ``tr Cov(x)``.

    Returns:
        The tail, its bound rigorous.
    """
    rigorous = 0.5 * math.exp(-2.0 * sample.lambda_range[1]) * total_variance
    tail = _tail(sample, codes, at_lower_end=False)
    share, value = tail.share, tail.value
    if value > rigorous:
        share, value = share * rigorous / value, rigorous
    return Tail(share, value, rigorous)


def last_stretch(sample: IntegrandSample, *, at_lower_end: bool, step: int = 0) -> Draws:
    """Return the weight of each draw in a stretch of lambda at an end of the range.

    Args:
        sample: The integrands.
        at_lower_end: Which end.
        step: 0 for the last stretch, 1 for the one before.

    Returns:
        Weights, 0 outside the stretch.
    """
    low, high = sample.lambda_range
    length = min(_STRETCH, 0.25 * (high - low))
    depth = sample.log_odds - low if at_lower_end else high - sample.log_odds
    inside = (depth >= step * length) & (depth < (step + 1) * length)
    return np.where(inside, sample.weight, 0.0)


def _tail(sample: IntegrandSample, codes: Codes, *, at_lower_end: bool) -> Tail:
    weights = [last_stretch(sample, at_lower_end=at_lower_end, step=step) for step in (0, 1)]
    length = float(weights[0].sum(axis=1).mean())
    columns = [(weight * sample.squared).sum(axis=1) for weight in weights]
    columns.append((weights[0] * sample.loss_gap).sum(axis=1))
    found = clustered_means(np.stack(columns, axis=1), codes)
    last, before, gap = (float(value) for value in found.mean)
    if last <= 0.0:
        return Tail(0.0, 0.0, 0.0)
    if length <= 0.0:
        return Tail(0.0, 0.0, math.inf)
    errors = found.standard_error
    if last >= before * math.exp(-_LEAST_RATE * length):
        # What does not decay is the fields' own error if the loss gap sees no information there.
        seen = gap > 2.0 * float(errors[2])
        unseen = (max(0.0, gap) + 2.0 * float(errors[2])) / math.expm1(_LEAST_RATE * length)
        return Tail(0.0, 0.0, math.inf if seen else unseen)
    share = 1.0 / math.expm1(2.0 * length)
    ratio = last / before
    upper = last + 2.0 * float(errors[0])
    return Tail(share, share * last, max(share, ratio / (1.0 - ratio)) * upper)
