"""Reading a bound off held-out pairs, block by block, so that memory stays bounded."""

import itertools
import math
from collections.abc import Callable

import numpy as np

from jscgc_theory.mutual_information.critics.score_bounds import Contributions, Scores

MAX_BLOCK = 2048
"""Held-out pairs that are crossed with one another at once."""

CAP_QUANTILE = 0.999
"""Share of the training pairs whose own score stays below the upper limit."""
LEAST_SCORE_NATS = -10.0
"""A joint pair whose log ratio is lower has a probability below e^-10."""

Reading = Callable[[Scores], Contributions]
"""Turns a matrix of scores into one number for each pair."""


def score_limits(training_scores: Contributions) -> tuple[float, float]:
    """Return between which values held-out scores are kept.

    Where no joint pair lies the log ratio is not large; unlimited, one wild extrapolation could
    rule the mean of e^T over the products, or the mean of T over the pairs. Any function is a
    critic, so bounds stay bounds.

    Args:
        training_scores: T(x_i, y_i) of the training pairs.

    Returns:
        ``LEAST_SCORE_NATS`` and their quantile at ``CAP_QUANTILE``.
    """
    highest = float(np.quantile(training_scores, CAP_QUANTILE))
    return LEAST_SCORE_NATS, max(LEAST_SCORE_NATS, highest)


def blocks_of(n_pairs: int) -> list[slice]:
    """Cut pairs into the fewest blocks of nearly equal size that are small enough.

    Args:
        n_pairs: Number of pairs.

    Returns:
        The blocks, in order.
    """
    n_blocks = math.ceil(n_pairs / MAX_BLOCK)
    ends = [n_pairs * k // n_blocks for k in range(n_blocks + 1)]
    return [slice(first, last) for first, last in itertools.pairwise(ends)]


def read_blocks(
    scores_of: Callable[[slice], Scores], n_pairs: int, *readings: Reading
) -> list[Contributions]:
    """Read the scores of every block.

    Args:
        scores_of: Gives the scores of a block's pairs, all crossed with one another.
        n_pairs: Number of pairs.
        *readings: What to read off each matrix.

    Returns:
        For each reading its numbers of all pairs, in order.
    """
    per_block = []
    for block in blocks_of(n_pairs):
        scores = scores_of(block)
        per_block.append([reading(scores) for reading in readings])
    return [np.concatenate(parts) for parts in zip(*per_block, strict=True)]
