"""What a matrix of scores says of I: one contribution per pair, its mean the value.

``scores[i, j]`` is a critic's T(x_i, y_j): the diagonal belongs to the joint law, the rest to the
product of the marginals. A contribution is the value plus the influence of its pair (Hajek
projection: a pair enters by its diagonal entry, its row and its column), so that the mean of the
contributions is the value and their spread gives its standard error, the product part included.
"""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray
from scipy.special import logsumexp

from jscgc_theory.errors import InputError
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import check_points

LARGEST_EXPONENT = 300.0
"""A mean of e^T beyond e^300 refutes its critic all the same, and its square stays finite."""

Scores = Float[NDArray[np.float64], "m m"]
Contributions = Float[NDArray[np.float64], " m"]


def info_nce_contributions(scores: Scores) -> Contributions:
    """Return the contributions to InfoNCE, mean_i [T_ii - ln mean_j e^T_ij], in nats.

    Args:
        scores: Critic values; each row is one batch's question "which y belongs to this x?".

    Returns:
        Shape (m,); none of their means exceeds ln m.
    """
    log_row_means = logsumexp(scores, axis=1) - math.log(len(scores))
    chosen = np.exp(scores - log_row_means[:, None]).mean(axis=0)
    return np.asarray(np.diagonal(scores) - log_row_means - (chosen - 1.0))


def half_batch_contributions(scores: Scores) -> Contributions:
    """Return the contributions to InfoNCE with the pairs in two batches of half the size.

    Args:
        scores: Critic values of at least four pairs.

    Returns:
        Shape (m,), in nats.
    """
    half = len(scores) // 2
    first, second = scores[:half, :half], scores[half:, half:]
    return np.concatenate([info_nce_contributions(first), info_nce_contributions(second)])


def dv_contributions(scores: Scores) -> Contributions:
    """Return the contributions to Donsker-Varadhan, mean_i T_ii - ln mean_{i!=j} e^T_ij, in nats.

    Args:
        scores: Critic values.

    Returns:
        Shape (m,).
    """
    log_mean, shares = product_shares(scores)
    return np.asarray(np.diagonal(scores) - log_mean - 2.0 * (shares - 1.0))


def nwj_contributions(scores: Scores) -> Contributions:
    """Return the contributions to NWJ, mean_i T_ii - mean_{i!=j} e^T_ij + 1, in nats.

    T is the log ratio itself here; the literature's critic is T + 1.

    Args:
        scores: Critic values.

    Returns:
        Shape (m,).
    """
    log_mean, shares = product_shares(scores)
    mean = math.exp(min(log_mean, LARGEST_EXPONENT))
    return np.asarray(np.diagonal(scores) + 1.0 - mean * (2.0 * shares - 1.0))


def smile_contributions(scores: Scores, clip: float) -> Contributions:
    """Return the contributions to SMILE: Donsker-Varadhan with e^T clipped in the product part.

    Args:
        scores: Critic values.
        clip: tau; e^T is held in [e^-tau, e^tau].

    Returns:
        Shape (m,).
    """
    log_mean, shares = product_shares(np.clip(scores, -clip, clip))
    return np.asarray(np.diagonal(scores) - log_mean - 2.0 * (shares - 1.0))


def jensen_shannon_contributions(scores: Scores) -> Contributions:
    """Return the contributions to -mean_i sp(-T_ii) - mean_{i!=j} sp(T_ij), sp the softplus.

    Not a bound on I: the objective by which SMILE's critic is trained and stopped.

    Args:
        scores: Critic values.

    Returns:
        Shape (m,), in nats.
    """
    diagonal = np.diagonal(scores)
    product = np.logaddexp(0.0, scores)
    crossed = product.sum(axis=0) + product.sum(axis=1) - 2.0 * np.diagonal(product)
    per_pair = crossed / (len(scores) - 1.0)
    return np.asarray(0.5 * per_pair.mean() - per_pair - np.logaddexp(0.0, -diagonal))


def product_shares(scores: Scores) -> tuple[float, Contributions]:
    """Return ln mean_{i!=j} e^T_ij and how much of that mean each pair carries.

    Args:
        scores: Critic values.

    Returns:
        The logarithm in nats, and shares with mean 1: half of the pair's row and column sums.
    """
    m = len(scores)
    weights = scores.copy()
    np.fill_diagonal(weights, -np.inf)
    top = float(weights.max())
    np.exp(weights - top, out=weights)
    total = float(weights.sum())
    shares = 0.5 * m * (weights.sum(axis=0) + weights.sum(axis=1)) / total
    return top + math.log(total / (m * (m - 1.0))), shares


def dv_lower_bound_bits(scores: ArrayLike) -> tuple[float, float]:
    """Evaluate the Donsker-Varadhan bound of any log ratio on held-out pairs.

    I(X; Y) >= E_joint[T] - log2 E_product[e^T] for every function T (Donsker & Varadhan 1983).

    Args:
        scores: T(x_i, y_j) in nats, shape (m, m), for pairs that T was not fitted on.

    Returns:
        The bound in bits and its standard error, which counts every pair's row and column.

    Raises:
        InputError: If the scores are not a finite square matrix of at least two rows.
    """
    matrix = np.asarray(check_points(scores, name="scores", min_points=2), dtype=np.float64)
    if matrix.shape[0] != matrix.shape[1]:
        raise InputError(
            f"scores have shape {matrix.shape}; give T(x_i, y_j) for all i and j, a square matrix"
        )
    return mean_bits(dv_contributions(matrix))


def mean_bits(contributions: Contributions) -> tuple[float, float]:
    """Return the mean of contributions and its standard error.

    Args:
        contributions: In nats.

    Returns:
        Both in bits.
    """
    error = np.std(contributions, ddof=1) / math.sqrt(len(contributions))
    return nats_to_bits(float(contributions.mean())), nats_to_bits(float(error))
