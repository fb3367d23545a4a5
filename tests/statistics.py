"""Judgements on random results: tolerances in standard errors, laws, coverage."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from jscgc_theory.records import Estimate


def assert_within_standard_errors(
    estimate: Estimate | tuple[float, float], truth: float, k: float = 4.0
) -> None:
    """Assert that an estimate lies within k of its own standard errors of the truth.

    Args:
        estimate: An estimate that states its standard error, or (value, standard_error).
        truth: The exact value.
        k: Number of standard errors; at 4 a correct Gaussian estimate fails once in 16 000 seeds.
    """
    if isinstance(estimate, Estimate):
        value, standard_error = estimate.value, estimate.standard_error
    else:
        value, standard_error = estimate
    assert standard_error is not None, "the estimate states no standard error"
    assert np.isfinite(standard_error), f"standard error {standard_error} is not finite"
    assert standard_error > 0.0, f"standard error {standard_error} is not positive"
    distance = abs(value - truth) / standard_error
    assert distance <= k, (
        f"{value:.6g} is {distance:.1f} standard errors of {standard_error:.3g} "
        f"from the truth {truth:.6g}; at most {k:g} are allowed"
    )


def sample_mean_and_error(draws: ArrayLike) -> tuple[float, float]:
    """Return the mean of independent draws and its standard error, for the assertion above."""
    values = np.asarray(draws, dtype=float)
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))


def assert_follows_law(
    draws: ArrayLike,
    law: Callable[[NDArray[np.floating]], ArrayLike],
    significance: float = 1e-4,
) -> None:
    """Assert by the Kolmogorov-Smirnov test that independent draws follow a continuous law.

    Args:
        draws: The draws, one-dimensional.
        law: Cumulative distribution function, vectorised.
        significance: Probability of refusing draws that do follow the law.
    """
    result = stats.kstest(np.asarray(draws, dtype=float), law)
    assert result.pvalue >= significance, (
        f"draws leave their law: distance {result.statistic:.4f}, p-value {result.pvalue:.2g}"
    )


def assert_same_law(first: ArrayLike, second: ArrayLike, significance: float = 1e-4) -> None:
    """Assert by the two-sample Kolmogorov-Smirnov test that two samples share one law.

    Args:
        first: Independent draws.
        second: Independent draws, independent of the first.
        significance: Probability of refusing samples that do share their law.
    """
    result = stats.ks_2samp(np.asarray(first, dtype=float), np.asarray(second, dtype=float))
    assert result.pvalue >= significance, (
        f"samples differ in law: distance {result.statistic:.4f}, p-value {result.pvalue:.2g}"
    )


def assert_coverage(hits: int, n: int, low: float = 0.90, high: float = 0.99) -> None:
    """Assert that intervals covered the truth in a stated share of repetitions.

    Args:
        hits: Repetitions whose interval held the truth.
        n: Repetitions.
        low: Least share; 0.90 for a nominal 95 % interval.
        high: Largest share: an interval that always covers says too little.
    """
    share = hits / n
    assert low <= share <= high, (
        f"intervals covered the truth in {hits} of {n} repetitions ({share:.1%}); "
        f"{low:.0%} to {high:.0%} expected"
    )
