"""Changes of scale, one column at a time, that leave I(X; Y) as it is."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.errors import InputError

MARGINALS = ("normal", "standardised", "raw")
"""Normal scores of the ranks, unit variance, or the columns as they are."""


def rescaled(
    cloud: Float[NDArray[np.float64], "n_points dim"],
    marginals: str,
    rng: np.random.Generator,
    *,
    name: str,
) -> Float[NDArray[np.float64], "n_points kept_dim"]:
    """Bring the columns of one side to a common scale; constant columns are left out.

    Normal scores replace a value by Phi^-1((rank - 1/2) / n). Equal values get ranks in random
    order (the distributional transform): the original is a function of the new column and the
    order is independent of the other side, so I is exactly what it was.

    Args:
        cloud: One side of the pairs.
        marginals: Which scale.
        rng: Orders equal values.
        name: What to call the side in messages.

    Returns:
        The columns that vary, rescaled.

    Raises:
        InputError: If the columns span more than float64 can hold differences of.
    """
    varying = cloud[:, (cloud != cloud[0]).any(axis=0)]
    if marginals == "normal":
        return normal_scores(varying, rng)
    with np.errstate(over="ignore", invalid="ignore"):
        if marginals == "standardised":
            varying = (varying - varying.mean(axis=0)) / varying.std(axis=0)
        spread = np.ptp(varying, axis=0)
    if not (np.isfinite(varying).all() and np.isfinite(spread).all() and spread.all()):
        raise InputError(
            f"the values of {name} are too large or too close to be scaled in float64; "
            "use marginals='normal'"
        )
    return varying


def normal_scores(
    cloud: Float[NDArray[np.float64], "n_points dim"], rng: np.random.Generator
) -> Float[NDArray[np.float64], "n_points dim"]:
    """Return Phi^-1((rank - 1/2) / n) of every column, equal values ordered at random.

    Args:
        cloud: Shape (n_points, dim).
        rng: Orders equal values.

    Returns:
        Columns of one and the same set of values.
    """
    from scipy.special import ndtri

    n_points = len(cloud)
    levels = ndtri((np.arange(n_points) + 0.5) / n_points)
    scores = np.empty(cloud.shape)
    for column in range(cloud.shape[1]):
        tie_order = rng.permutation(n_points)
        scores[np.lexsort((tie_order, cloud[:, column])), column] = levels
    return scores


def tied_share(cloud: Float[NDArray[np.float64], "n_points dim"]) -> float:
    """Return the largest share of a varying column's values that another row repeats.

    Args:
        cloud: Shape (n_points, dim).

    Returns:
        A share in [0, 1].
    """
    shares = [0.0]
    for column in cloud.T:
        _, counts = np.unique(column, return_counts=True)
        if len(counts) > 1:
            shares.append(float(counts[counts > 1].sum() / len(column)))
    return max(shares)
