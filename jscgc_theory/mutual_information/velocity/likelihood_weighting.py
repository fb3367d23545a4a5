r"""The weight under which the flow-matching loss is a likelihood, and draws of t for it.

``I = (1/ln 2) int_0^1 ((1-t)/t) (E|u - v_u|^2 - E|u - v_c|^2) dt``: weighted by ``(1-t)/t`` the
loss is, up to a constant, the bits the model loses. In ``lambda = log(t/(1-t))`` the same weight
is ``(1-t)^2``, bounded: training draws lambda uniformly and weights the loss by ``(1-t)^2``.
"""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count, check_finite_number


class WeightedTimes(NamedTuple):
    """Draws of t whose weighted mean is the likelihood-weighted integral over the range."""

    t: Float[NDArray[np.float64], " n_draws"]
    weight: Float[NDArray[np.float64], " n_draws"]


def likelihood_weight(t: ArrayLike) -> Float[NDArray[np.float64], "..."]:
    """Return ``(1 - t)/t``, the likelihood weight of the velocity loss per unit of t.

    Args:
        t: Times in (0, 1).

    Returns:
        Weights, of the shape of t.

    Raises:
        InputError: If a time lies outside (0, 1).

    References:
        Song, Durkan, Murray and Ermon, NeurIPS 2021; Kingma and Gao, NeurIPS 2023.

    >>> float(likelihood_weight(0.25))
    3.0
    """
    times = check_times(t)
    return np.asarray((1.0 - times) / times)


def likelihood_weight_per_log_odds(log_odds: ArrayLike) -> Float[NDArray[np.float64], "..."]:
    """Return ``(1 - t)^2``, the likelihood weight of the velocity loss per unit of lambda.

    Args:
        log_odds: ``lambda = log(t/(1-t))``.

    Returns:
        Weights in (0, 1), of the shape of lambda.

    >>> float(likelihood_weight_per_log_odds(0.0))
    0.25
    """
    return np.asarray(expit(-np.asarray(log_odds, dtype=np.float64)) ** 2)


def draw_likelihood_times(
    n_draws: int, t_range: tuple[float, float], rng: np.random.Generator
) -> WeightedTimes:
    r"""Draw t uniformly in lambda, one draw in each of ``n_draws`` equal strata.

    The weight ``(1-t)^2 (lambda_max - lambda_min)`` makes ``mean(weight * loss(t))`` an unbiased
    estimate of ``int ((1-t)/t) loss(t) dt`` over the range.

    Args:
        n_draws: Number of draws, in random order.
        t_range: Smallest and largest t, in (0, 1).
        rng: Source of randomness.

    Returns:
        Times and weights, both of shape (n_draws,).

    Raises:
        InputError: If the range is not ascending inside (0, 1).
    """
    count = check_count(n_draws, name="n_draws")
    low, high = log_odds_range(t_range)
    position = (rng.permutation(count) + rng.random(count)) / count
    log_odds = low + (high - low) * position
    return WeightedTimes(expit(log_odds), (high - low) * likelihood_weight_per_log_odds(log_odds))


def check_times(t: ArrayLike) -> Float[NDArray[np.float64], "..."]:
    """Check times of the path.

    Args:
        t: Times.

    Returns:
        The times in float64.

    Raises:
        InputError: If one is not strictly between 0 and 1.
    """
    times = np.asarray(t, dtype=np.float64)
    inside = (times > 0.0) & (times < 1.0)
    if not inside.all():
        raise InputError(
            f"t holds {times[~inside].flat[0]:g}, outside (0, 1); both ends are singular, "
            "stay strictly inside"
        )
    return times


def log_odds_range(t_range: tuple[float, float]) -> tuple[float, float]:
    """Return the range of lambda of a range of t.

    Args:
        t_range: Smallest and largest t.

    Returns:
        ``log(t/(1-t))`` at both.

    Raises:
        InputError: If the range is not ascending inside (0, 1).
    """
    low, high = (check_finite_number(end, name="t_range") for end in t_range)
    if not 0.0 < low < high < 1.0:
        raise InputError(
            f"t_range = ({low:g}, {high:g}) is not ascending inside (0, 1); "
            "give for example (1e-4, 0.9999)"
        )
    return math.log(low / (1.0 - low)), math.log(high / (1.0 - high))
