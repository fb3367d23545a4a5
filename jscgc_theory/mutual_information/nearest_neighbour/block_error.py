"""The standard error of a statistic whose terms overlap: its spread over disjoint blocks."""

import math
from collections.abc import Callable

import numpy as np

from jscgc_theory.mutual_information.paired_sample import PairedSample

_LARGEST_BLOCK = 2000
_N_BLOCKS = 20


def block_standard_error(
    sample: PairedSample,
    statistic: Callable[[PairedSample], float],
    rng: np.random.Generator,
) -> float:
    """Estimate the standard error of a statistic of independent pairs.

    The variance over disjoint random blocks of b pairs is V b / n to leading order, V being the
    variance of the whole (Holmes and Nemenman 2019), dependence of overlapping neighbourhoods
    included. Blocks hold half the pairs, or 2000 if that is fewer, and random partitions are
    drawn until there are twenty blocks.

    Args:
        sample: The pairs.
        statistic: The estimate of a sample.
        rng: Draws the partitions.

    Returns:
        The standard error, in the units of the statistic.

    References:
        Holmes, Nemenman. Estimation of mutual information for real-valued data with error bars
        and controlled bias. Physical Review E 100 (2019), 022404.
    """
    n_blocks = max(2, math.ceil(sample.n_pairs / _LARGEST_BLOCK))
    variances = []
    for _ in range(math.ceil(_N_BLOCKS / n_blocks)):
        blocks = np.array_split(rng.permutation(sample.n_pairs), n_blocks)
        values = [statistic(sample.take(rows)) for rows in blocks]
        variances.append(np.var(values, ddof=1) / n_blocks)
    return float(np.sqrt(np.mean(variances)))
