"""Averages of an integrand in bins of lambda, with errors clustered by source point."""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.mutual_information.velocity.clustered_mean import Codes, clustered_means
from jscgc_theory.mutual_information.velocity.integrand_sample import Draws, IntegrandSample

_BIN_WIDTH = 0.5
_MAX_BINS = 60


class LambdaBins(NamedTuple):
    """Which bin of lambda each draw falls into."""

    centre: Float[NDArray[np.float64], " n_bins"]
    bin_of_draw: Int[NDArray[np.int64], "n_pairs n_draws"]
    length: Float[NDArray[np.float64], " n_bins"]
    """Stretch of lambda that the draws of each bin stand for."""


class BinnedMeans(NamedTuple):
    """Averages of an integrand per unit of lambda."""

    mean: Float[NDArray[np.float64], " n_bins"]
    standard_error: Float[NDArray[np.float64], " n_bins"]


def bin_masks(sample: IntegrandSample) -> LambdaBins:
    """Cut the range into bins of about half a unit of lambda that all hold draws.

    Args:
        sample: The integrands.

    Returns:
        The bins, ascending in lambda.
    """
    low, high = sample.lambda_range
    n_bins = min(_MAX_BINS, max(4, math.ceil((high - low) / _BIN_WIDTH)))
    edges = np.linspace(low, high, n_bins + 1)
    index = np.clip(np.searchsorted(edges, sample.log_odds, side="right") - 1, 0, n_bins - 1)
    length = np.bincount(index.ravel(), sample.weight.ravel(), minlength=n_bins)
    filled = np.flatnonzero(length > 0.0)
    rank = np.cumsum(length > 0.0) - 1
    centre = 0.5 * (edges[:-1] + edges[1:])
    return LambdaBins(
        centre[filled], rank[index].astype(np.int64), length[filled] / len(sample.log_odds)
    )


def binned(sample: IntegrandSample, values: Draws, codes: Codes, bins: LambdaBins) -> BinnedMeans:
    """Average an integrand in each bin.

    Args:
        sample: The sample the values belong to.
        values: An integrand, one value for each draw.
        codes: Source point of each pair.
        bins: The bins.

    Returns:
        Averages and standard errors; a ratio's linearised error, for the draws of a bin vary.
    """
    mean, error = np.empty(len(bins.length)), np.empty(len(bins.length))
    for k, length in enumerate(bins.length):
        weight = np.where(bins.bin_of_draw == k, sample.weight, 0.0) / length
        mean[k] = (weight * values).sum(axis=1).mean()
        residual = (weight * (values - mean[k])).sum(axis=1)
        error[k] = clustered_means(residual[:, None], codes).standard_error[0]
    return BinnedMeans(mean, error)
