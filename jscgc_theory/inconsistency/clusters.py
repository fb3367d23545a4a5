"""Pairs that share a source point: how many independent pairs they are worth."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from jscgc_theory.errors import InputError
from jscgc_theory.records import Notice
from jscgc_theory.validation import check_probability


class Clusters(NamedTuple):
    """Which source point each pair belongs to."""

    codes: Int[NDArray[np.int64], " n_pairs"]
    """Number of the group of each pair, from 0."""
    n_groups: int

    @property
    def all_single(self) -> bool:
        """Whether every pair has a source point of its own."""
        return self.n_groups == self.codes.size


def check_distances(distances: ArrayLike) -> Float[NDArray[np.float64], " n_pairs"]:
    """Check a list of distances.

    Args:
        distances: One distance per pair, shape (n_pairs,), in data units.

    Returns:
        The distances as float64.

    Raises:
        InputError: If there are none, or one is negative or not finite.
    """
    try:
        values = np.asarray(distances, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"distances are not numbers: {error}; give one per pair") from error
    if values.ndim != 1:
        raise InputError(f"distances have shape {values.shape}; give a flat list, one per pair")
    if values.size == 0:
        raise InputError("distances are empty; give at least one pair")
    bad = np.flatnonzero(~(np.isfinite(values) & (values >= 0.0)))
    if bad.size:
        raise InputError(
            f"distances hold {values[bad[0]]} at position {bad[0]}; "
            "a distance is finite and at least 0: remove such pairs"
        )
    return values


def check_groups(groups: ArrayLike | None, n_pairs: int) -> Clusters:
    """Check group labels and number them.

    Args:
        groups: One label per pair (whole numbers or strings), or None if no two pairs share a
            source point.
        n_pairs: Number of pairs.

    Returns:
        The numbered groups.

    Raises:
        InputError: If there is not one label per pair, or a label is NaN.
    """
    if groups is None:
        return Clusters(np.arange(n_pairs, dtype=np.int64), n_pairs)
    labels = np.asarray(groups)
    if labels.shape != (n_pairs,):
        raise InputError(
            f"groups have shape {labels.shape} for {n_pairs} pairs; give one label per pair"
        )
    if np.issubdtype(labels.dtype, np.floating) and not np.isfinite(labels).all():
        raise InputError("groups hold NaN or infinite labels; name every pair's source point")
    try:
        names, codes = np.unique(labels, return_inverse=True)
    except TypeError as error:
        raise InputError(
            f"groups cannot be sorted: {error}; give labels of one kind, such as whole numbers"
        ) from error
    return Clusters(codes.astype(np.int64), int(names.size))


def effective_sample_size(
    within: Bool[NDArray[np.bool_], " n_pairs"], clusters: Clusters, confidence: float = 0.95
) -> float:
    """Return the number of independent pairs that know a proportion as well as these do.

    ``n_eff = n / deff``, deff the cluster-robust (between-group) variance of the proportion over
    its variance for independent pairs, reduced by the squared ratio of Student quantiles because
    only as many degrees of freedom as groups estimate that variance.

    Args:
        within: Whether each pair lies within the radius.
        clusters: The group of each pair.
        confidence: Level of the interval the number is meant for.

    Returns:
        A number of at most n_pairs, equal to it if every group is single; the number of groups
        where all pairs lie on one side and the data say nothing of the dependence.

    Raises:
        InputError: If the confidence is outside (0, 1).

    References:
        Korn and Graubard, "Confidence intervals for proportions with small expected number of
        positive counts estimated from survey data", Survey Methodology 24, 1998.
    """
    level = 0.5 + 0.5 * check_probability(confidence, name="confidence")
    n_pairs, n_groups = within.size, clusters.n_groups
    if clusters.all_single:
        return float(n_pairs)
    residual = within - within.mean()
    if n_groups == 1 or not residual.any():
        return float(n_groups)
    per_group = np.bincount(clusters.codes, weights=residual, minlength=n_groups)
    between = float(per_group @ per_group) * n_groups / (n_groups - 1)
    independent = float(residual @ residual) * n_pairs / (n_pairs - 1)
    student_ratio = stdtrit(n_pairs - 1, level) / stdtrit(n_groups - 1, level)
    # Fewer than one pair's worth would let the interval's arithmetic leave its domain.
    return float(
        np.clip(n_pairs * student_ratio**2 * independent / max(between, 1e-300), 1.0, n_pairs)
    )


def one_group_notice(clusters: Clusters) -> tuple[Notice, ...]:
    """Return the notice due where all pairs share one source point.

    Args:
        clusters: The group of each pair.

    Returns:
        One notice or none.
    """
    if clusters.n_groups > 1 or clusters.codes.size == 1:
        return ()
    message = (
        f"all {clusters.codes.size} pairs share one source point: "
        "they say nothing of other source points; add source points"
    )
    return (Notice(code="one_group", message=message),)
