"""The outage probability as a function of the radius."""

from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray
from pydantic import model_validator
from scipy.special import betainccinv, betaincinv

from jscgc_theory.errors import InputError
from jscgc_theory.inconsistency.clusters import (
    Clusters,
    check_distances,
    check_groups,
    effective_sample_size,
    one_group_notice,
)
from jscgc_theory.records import Notice, Record
from jscgc_theory.validation import check_probability

_DEFAULT_RADII = 101


class OutageCurve(Record):
    """P_e(r) = P(rho(X, X_hat) > r) with an interval at each radius (not for all at once)."""

    radius: tuple[float, ...]
    """Radii in data units, ascending."""
    outage_probability: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    confidence: float
    n_pairs: int
    n_groups: int
    """Number of independent source points."""
    notices: tuple[Notice, ...] = ()

    @model_validator(mode="after")
    def _columns_pair_up(self) -> Self:
        columns = (self.radius, self.outage_probability, self.lower, self.upper)
        if len({len(column) for column in columns}) != 1:
            raise ValueError("radius, outage_probability, lower and upper must be equally long")
        return self


def outage_curve(
    distances: ArrayLike,
    radii: ArrayLike | None = None,
    *,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> OutageCurve:
    """Return P_e(r) at given radii, the share of pairs further apart than r.

    Intervals are Clopper and Pearson's, exact for independent pairs; pairs that share a source
    point are counted at their effective number at each radius.

    Args:
        distances: rho(x, x_hat) of each pair, shape (n_pairs,), in data units.
        radii: Radii in data units; by default 101 quantiles of the distances.
        groups: One label per pair naming its source point; None if all differ.
        confidence: Level of each interval.

    Returns:
        The curve, radii ascending.

    Raises:
        InputError: If distances, radii, groups or confidence are unusable.

    References:
        Clopper and Pearson, Biometrika 26, 1934; Korn and Graubard, Survey Methodology 24, 1998.
    """
    confidence = check_probability(confidence, name="confidence")
    values = check_distances(distances)
    clusters = check_groups(groups, values.size)
    chosen = _default_radii(values) if radii is None else _check_radii(radii)
    rows = [_outage_at(values, float(radius), clusters, confidence) for radius in chosen]
    outage, lower, upper = (tuple(column) for column in zip(*rows, strict=True))
    return OutageCurve(
        radius=tuple(chosen.tolist()),
        outage_probability=outage,
        lower=lower,
        upper=upper,
        confidence=confidence,
        n_pairs=values.size,
        n_groups=clusters.n_groups,
        notices=one_group_notice(clusters),
    )


def _outage_at(
    values: Float[NDArray[np.float64], " n_pairs"],
    radius: float,
    clusters: Clusters,
    confidence: float,
) -> tuple[float, float, float]:
    beyond = values > radius
    share = float(beyond.mean())
    if clusters.n_groups == 1 < values.size:
        return share, 0.0, 1.0
    n_effective = effective_sample_size(~beyond, clusters, confidence)
    hits, tail = share * n_effective, 0.5 * (1.0 - confidence)
    lower = 0.0 if share == 0.0 else float(betaincinv(hits, n_effective - hits + 1.0, tail))
    upper = 1.0 if share == 1.0 else float(betainccinv(hits + 1.0, n_effective - hits, tail))
    return share, lower, upper


def _default_radii(
    values: Float[NDArray[np.float64], " n_pairs"],
) -> Float[NDArray[np.float64], " n_radii"]:
    levels = np.linspace(0.0, 1.0, _DEFAULT_RADII)
    return np.unique(np.quantile(values, levels, method="inverted_cdf"))


def _check_radii(radii: ArrayLike) -> Float[NDArray[np.float64], " n_radii"]:
    try:
        values = np.atleast_1d(np.asarray(radii, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise InputError(f"radii are not numbers: {error}; give radii in data units") from error
    if values.ndim != 1 or values.size == 0:
        raise InputError(f"radii have shape {values.shape}; give a non-empty flat list")
    if not (np.isfinite(values) & (values >= 0.0)).all():
        raise InputError("radii hold negative or infinite values; give finite radii from 0 up")
    return np.sort(values)
