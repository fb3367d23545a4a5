"""Kraskov, Stoegbauer and Grassberger's formulas: from counts of neighbours to information."""

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.units import nats_to_bits


def ksg_bits(
    x_counts: Int[NDArray[np.int64], " n_pairs"],
    y_counts: Int[NDArray[np.int64], " n_pairs"],
    n_neighbours: int,
    algorithm: int,
) -> float:
    """Return the estimate, eq. (8) or (9) of Kraskov et al. (2004).

    I_1 = psi(k) + psi(N) - <psi(n_x + 1) + psi(n_y + 1)> with open counts;
    I_2 = psi(k) - 1/k + psi(N) - <psi(n_x) + psi(n_y)> with closed counts.
    The means are sums over values of the counts, so they do not depend on the order of the pairs.

    Args:
        x_counts: n_x of every pair.
        y_counts: n_y of every pair.
        n_neighbours: k.
        algorithm: 1 or 2.

    Returns:
        Bits.
    """
    means = _mean_digamma(x_counts, algorithm) + _mean_digamma(y_counts, algorithm)
    return nats_to_bits(_constant(len(x_counts), n_neighbours, algorithm) - means)


def ksg_terms_bits(
    x_counts: Int[NDArray[np.int64], " n_pairs"],
    y_counts: Int[NDArray[np.int64], " n_pairs"],
    n_neighbours: int,
    algorithm: int,
) -> Float[NDArray[np.float64], " n_pairs"]:
    """Return the terms whose mean is the estimate.

    Args:
        x_counts: n_x of every pair.
        y_counts: n_y of every pair.
        n_neighbours: k.
        algorithm: 1 or 2.

    Returns:
        Bits, one for each pair.
    """
    from scipy.special import digamma

    shift = 2 - algorithm
    nats = _constant(len(x_counts), n_neighbours, algorithm) - (
        digamma(x_counts + shift) + digamma(y_counts + shift)
    )
    return np.asarray(nats * nats_to_bits(1.0))


def _constant(n_pairs: int, n_neighbours: int, algorithm: int) -> float:
    from scipy.special import digamma

    overlap = 1.0 / n_neighbours if algorithm == 2 else 0.0
    return float(digamma(n_neighbours) - overlap + digamma(n_pairs))


def _mean_digamma(counts: Int[NDArray[np.int64], " n_pairs"], algorithm: int) -> float:
    from scipy.special import digamma

    values, how_often = np.unique(counts, return_counts=True)
    return float(how_often @ digamma(values + (2 - algorithm)) / len(counts))
