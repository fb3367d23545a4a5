"""I(X; Y_hat) from losses and squared differences that a user computed elsewhere."""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.velocity.field import MIN_PAIRS
from jscgc_theory.mutual_information.velocity.integrand_sample import Draws, IntegrandSample
from jscgc_theory.mutual_information.velocity.likelihood_weighting import (
    check_times,
    log_odds_range,
)
from jscgc_theory.mutual_information.velocity.summary import summarise
from jscgc_theory.mutual_information.velocity.velocity_information import VelocityInformation
from jscgc_theory.validation import check_points, check_positive

_LEAST_GRID = 8


def velocity_gap_from_arrays(
    losses_unconditional: ArrayLike,
    losses_conditional: ArrayLike,
    squared_differences: ArrayLike,
    *,
    t: ArrayLike | None = None,
    log_odds: ArrayLike | None = None,
    t_range: tuple[float, float] | None = None,
    total_variance: float | None = None,
    groups: ArrayLike | None = None,
) -> VelocityInformation:
    r"""Estimate I from arrays, as :func:`velocity_gap` does from a field.

    The three arrays hold ``|u - v_u|^2``, ``|u - v_c|^2`` and ``|v_c - v_u|^2``, each summed over
    dimensions and without any weight, one row for each pair and one column for each time.

    Args:
        losses_unconditional: Shape (n_pairs, n_times).
        losses_conditional: Shape (n_pairs, n_times).
        squared_differences: Shape (n_pairs, n_times).
        t: Times, shape (n_times,) for a grid common to all pairs, or (n_pairs, n_times) for times
            drawn uniformly in lambda over ``t_range``.
        log_odds: ``lambda = log(t/(1-t))`` in place of t.
        t_range: Range of drawn times; a grid brings its own.
        total_variance: tr Cov(x), for the rigorous bound on the upper tail.
        groups: One whole number per pair naming its source point; None if all differ.

    Returns:
        The record; ``misfit_bits`` is None, for it needs the velocities themselves.

    Raises:
        InputError: If the arrays are unusable, their shapes differ, or times and range do not fit.
    """
    arrays = [
        check_points(array, name=name, min_points=MIN_PAIRS).astype(np.float64)
        for array, name in (
            (losses_unconditional, "losses_unconditional"),
            (losses_conditional, "losses_conditional"),
            (squared_differences, "squared_differences"),
        )
    ]
    if len({array.shape for array in arrays}) > 1:
        raise InputError(
            f"the arrays have shapes {[array.shape for array in arrays]}; "
            "give one row per pair and one column per time in each"
        )
    times = _check_log_odds(t, log_odds)
    sample = _weighted(arrays, times, t_range)
    variance = math.inf
    if total_variance is not None:
        variance = check_positive(total_variance, name="total_variance")
    return summarise(sample, _check_groups(groups, len(arrays[0])), variance)


def _check_log_odds(
    t: ArrayLike | None, log_odds: ArrayLike | None
) -> Float[NDArray[np.float64], "..."]:
    if t is not None and log_odds is None:
        times = check_times(t)
        return np.asarray(np.log(times) - np.log1p(-times))
    if log_odds is None or t is not None:
        raise InputError("t and log_odds say the same; give exactly one of them")
    values = np.asarray(log_odds, dtype=np.float64)
    if not np.isfinite(values).all():
        raise InputError("log_odds holds NaN or infinite values; give log(t/(1-t)) of 0 < t < 1")
    return values


def _weighted(
    arrays: list[NDArray[np.float64]],
    log_odds: Float[NDArray[np.float64], "..."],
    t_range: tuple[float, float] | None,
) -> IntegrandSample:
    shape = arrays[0].shape
    if log_odds.shape == shape[1:]:
        lambda_range = (float(log_odds.min()), float(log_odds.max()))
        weight = np.broadcast_to(_trapezoid(log_odds), shape)
        log_odds = np.broadcast_to(log_odds, shape)
    elif log_odds.shape == shape:
        lambda_range = _range_of_draws(log_odds, t_range)
        weight = np.full(shape, (lambda_range[1] - lambda_range[0]) / shape[1])
    else:
        raise InputError(
            f"times have shape {log_odds.shape} for arrays of shape {shape}; give one time per "
            "column, or one per entry"
        )
    share = expit(-log_odds) ** 2
    unconditional, conditional, squared = (share * array for array in arrays)
    return IntegrandSample(
        log_odds, weight, unconditional, conditional, squared, None, lambda_range
    )


def _trapezoid(log_odds: Float[NDArray[np.float64], " n_times"]) -> NDArray[np.float64]:
    gaps = np.diff(log_odds)
    if len(log_odds) < _LEAST_GRID or not (gaps > 0.0).all():
        raise InputError(
            f"the grid of {len(log_odds)} times is unusable; give at least {_LEAST_GRID} "
            "ascending times"
        )
    return np.asarray(0.5 * (np.append(gaps, 0.0) + np.insert(gaps, 0, 0.0)))


def _range_of_draws(log_odds: Draws, t_range: tuple[float, float] | None) -> tuple[float, float]:
    if t_range is None:
        raise InputError("times were drawn for each pair but t_range is missing; give their range")
    low, high = log_odds_range(t_range)
    if log_odds.min() < low - 1e-9 or log_odds.max() > high + 1e-9:
        raise InputError(
            f"times lie outside t_range = ({t_range[0]:g}, {t_range[1]:g}); give the range they "
            "were drawn from"
        )
    return low, high


def _check_groups(groups: ArrayLike | None, n_pairs: int) -> NDArray[np.int64]:
    if groups is None:
        return np.arange(n_pairs, dtype=np.int64)
    labels = np.asarray(groups)
    if labels.shape != (n_pairs,):
        raise InputError(
            f"groups have shape {labels.shape} for {n_pairs} pairs; give one label per pair"
        )
    return np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.int64)
