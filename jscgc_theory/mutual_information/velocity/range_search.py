r"""The range of lambda that holds the information, found from the data.

It starts where ``gamma tr Cov(x)`` is so small that what lies beyond is at most 0.001 nat, and
goes down, one unit of lambda (a factor e in the noise) after another, until what the decay
``e^(2 lambda)`` leaves is a small share of what was found, twice running. A learned field need not
get there, for its own error does not decay: the walk also ends where, past the peak, the squared
form has stopped falling and the loss gap sees no information any more.
"""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.velocity.field import SourcePairs, VelocityField
from jscgc_theory.mutual_information.velocity.integrand_sample import (
    Draws,
    IntegrandSample,
    sample_integrands,
)
from jscgc_theory.mutual_information.velocity.likelihood_weighting import log_odds_range

# I(X; X_t) <= gamma tr Cov(x) / 2 nats at the upper end.
_NATS_BEYOND_UPPER_END = 1e-3
# Below t = 1e-9 the rounding of x_t in float64 reaches the velocity.
_LEAST_T = 1e-9
_N_PILOT_PAIRS = 512
_N_PILOT_DRAWS = 4
_NEGLIGIBLE_SHARE = 2e-3
_DECAYED_BLOCKS = 2
_FLOOR_SHARE = 0.25
# Decay by e^(2 lambda) takes a block to 0.14 of the one before.
_HARDLY_FALLING = 0.5

BlockIsLast = Callable[[list[IntegrandSample]], bool]


def allowed_range(pairs: SourcePairs, t_range: tuple[float, float] | None) -> tuple[float, float]:
    """Return the widest range of lambda worth asking for.

    Args:
        pairs: The pairs.
        t_range: Times the field may be asked at; None for all.

    Returns:
        Smallest and largest lambda.

    Raises:
        InputError: If the range of t is unusable.
    """
    # float64 keeps t apart from 1 only up to 1 - 1e-16.
    top = min(0.5 * math.log(0.5 * pairs.total_variance / _NATS_BEYOND_UPPER_END), 36.0)
    bottom = math.log(_LEAST_T)
    if t_range is not None:
        low, high = log_odds_range(t_range)
        top, bottom = min(top, high), max(bottom, low)
    if not bottom < top:
        raise InputError(
            f"t_range = {t_range} holds none of the times that matter for x of total variance "
            f"{pairs.total_variance:.3g}; widen it or rescale x"
        )
    return bottom, top


def search_range(
    field: VelocityField,
    pairs: SourcePairs,
    t_range: tuple[float, float] | None,
    rng: np.random.Generator,
    *,
    is_last: BlockIsLast,
    n_pilot_draws: int = _N_PILOT_DRAWS,
) -> tuple[float, float]:
    """Walk down from the upper end, block by block, until a rule says stop.

    Args:
        field: The velocity field.
        pairs: The pairs; at most 512 of them are used.
        t_range: Times the field may be asked at; None for all.
        rng: Source of randomness.
        is_last: Whether the blocks seen so far are enough, given from the top downwards.
        n_pilot_draws: Draws for each pair and block, a power of two.

    Returns:
        Smallest and largest lambda.

    Raises:
        InputError: If the range of t is unusable or the field's answers are.
    """
    bottom, top = allowed_range(pairs, t_range)
    n_pilot = min(pairs.n_pairs, _N_PILOT_PAIRS)
    pilot = pairs.take(rng.choice(pairs.n_pairs, n_pilot, replace=False))
    blocks: list[IntegrandSample] = []
    low = top
    while low > bottom:
        high, low = low, max(low - 1.0, bottom)
        blocks.append(sample_integrands(field, pilot, (low, high), n_pilot_draws, rng))
        if is_last(blocks):
            break
    return low, top


def information_has_decayed(blocks: list[IntegrandSample]) -> bool:
    """Tell whether the last two blocks are both negligible, or both no more than a floor of error.

    Args:
        blocks: Samples of adjacent blocks of lambda, from the top downwards.

    Returns:
        True if both are past the peak and what the decay leaves is below 0.2 % of the sum, or if
        both are below a quarter of the peak, hardly falling, and without a significant loss gap.
    """
    found = np.array([_per_pair(block, block.squared).mean() for block in blocks])
    if len(found) <= _DECAYED_BLOCKS:
        return False
    fall = found / np.append(np.inf, np.maximum(found[:-1], 1e-300))
    negligible = found / math.expm1(2.0) < _NEGLIGIBLE_SHARE * np.cumsum(found)
    floor = (found < _FLOOR_SHARE * found.max()) & (fall > _HARDLY_FALLING)
    decayed = (negligible & (fall < 1.0))[-_DECAYED_BLOCKS:].all()
    stuck = floor[-_DECAYED_BLOCKS:].all() and not any(
        _has_loss_gap(block) for block in blocks[-_DECAYED_BLOCKS:]
    )
    return bool(decayed or stuck)


def _per_pair(block: IntegrandSample, values: Draws) -> Float[NDArray[np.float64], " n_pairs"]:
    return np.asarray((block.weight * values).sum(axis=1))


def _has_loss_gap(block: IntegrandSample) -> bool:
    gap = _per_pair(block, block.loss_gap)
    return bool(gap.mean() > 2.0 * gap.std(ddof=1) / math.sqrt(gap.size))
