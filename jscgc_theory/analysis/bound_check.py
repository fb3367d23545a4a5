"""The answer of ``check``: measured radii held against every bound."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.analysis import dataset_bound
from jscgc_theory.analysis.dataset_bound import BoundRow
from jscgc_theory.analysis.source_points import SourcePoints, find_source_points
from jscgc_theory.analysis.stages import Progress
from jscgc_theory.analysis.verdicts import BOUND_NAMES, judge
from jscgc_theory.analysis.verdicts import Verdict as Verdict
from jscgc_theory.errors import InputError
from jscgc_theory.inconsistency import empirical_radius, pair_distances
from jscgc_theory.records import Estimate, Notice, Record
from jscgc_theory.validation import (
    check_finite_number,
    check_nonnegative,
    check_number_list,
    check_paired,
    check_probability,
)

_Pairs = Float[NDArray[np.floating], "n_pairs ambient_dim"]
_SourcePoints = Float[NDArray[np.floating], "n_source_points ambient_dim"]


class CheckRow(BoundRow):
    """Bounds, measured radius and verdicts at one information and one outage probability."""

    measured_radius: Estimate
    verdicts: dict[str, Verdict]
    """Keys: ``delta_star``, ``finite_outage_fano``, ``small_ball``, ``perception`` and, where it
    is known, ``meta_converse``."""


class BoundCheck(Record):
    """A system's measured radii against the bound family."""

    intrinsic_dim: Estimate
    geometric_constant: Estimate
    rows: tuple[CheckRow, ...]
    n_pairs: int
    n_groups: int
    """Number of independent source points; smaller than ``n_pairs`` when draws are clustered."""
    notices: tuple[Notice, ...] = ()


def check(
    source: ArrayLike,
    generated: ArrayLike,
    *,
    mi_bits: float,
    outage_probability: float | Sequence[float] = (0.1, 0.01),
    groups: ArrayLike | None = None,
    snr_db: float | None = None,
    mi_interval_bits: tuple[float, float] | None = None,
    log2_beta: Mapping[float, Estimate] | None = None,
    confidence: float = 0.95,
    rng: np.random.Generator | int | None = None,
    progress: Progress | None = None,
) -> BoundCheck:
    """Hold the measured radius of a system against every bound, at each outage probability.

    The (1 - P_e) quantile of ``rho(x, x_hat)`` over the pairs, with its interval, against (18),
    R1, R2 and R3 with theirs, and R4 where its beta is given. (18) is a statement for P_e -> 0:
    a radius below it at finite P_e is answered ``undecided``, never ``violated``.

    Args:
        source: x of each pair, shape (n_pairs, ambient_dim); a row is repeated for each draw.
        generated: x_hat of each pair, of the same shape.
        mi_bits: Mutual information I(X; Y_hat) in bits of the system.
        outage_probability: P_e in (0, 1), one or several.
        groups: One label per pair naming its source point; by default equal source rows are one
            source point.
        snr_db: SNR in dB the pairs were taken at, to be written into the rows.
        mi_interval_bits: Low and high end of I where it is uncertain: the bounds' intervals
            grow by it, so that no verdict rests on more than is known of I.
        log2_beta: log2 beta of R4 by outage probability, see :func:`jscgc_theory.delta_star`.
        confidence: Level of the measured radius' interval.
        rng: Generator or seed for the bounds' resampling.
        progress: Told the finished fraction.

    Returns:
        One row per outage probability, with the bounds, the measured radius and the verdicts.

    Raises:
        InputError: If the clouds do not pair up or any argument is out of range.

    References:
        JSCGC paper (arXiv 2601.12808), Definition 1 and Theorem 1.
    """
    mi_bits = check_nonnegative(mi_bits, name="mi_bits")
    outages = tuple(
        check_probability(outage)
        for outage in check_number_list(outage_probability, name="outage_probability")
    )
    snr_db = None if snr_db is None else check_finite_number(snr_db, name="snr_db")
    first, second = check_paired(source, generated)
    points = find_source_points(first, groups)
    distances = pair_distances(first, second)
    radii = [
        empirical_radius(distances, outage, groups=points.labels, confidence=confidence)
        for outage in outages
    ]
    first, second = _one_pair_each(first, second, points)
    bound = dataset_bound.delta_star(
        first,
        mi_bits=mi_bits,
        outage_probability=outages,
        generated=second,
        mi_interval_bits=mi_interval_bits,
        log2_beta=log2_beta,
        rng=rng,
        progress=progress,
    )
    row_at = {row.outage_probability: row for row in bound.rows}
    return BoundCheck(
        intrinsic_dim=bound.intrinsic_dim,
        geometric_constant=bound.geometric_constant,
        rows=tuple(
            _check_row(row_at[outage], radius, snr_db)
            for outage, radius in zip(outages, radii, strict=True)
        ),
        n_pairs=distances.size,
        n_groups=np.unique(points.labels).size,
        notices=points.notices + bound.notices,
    )


def _one_pair_each(
    source: _Pairs, generated: _Pairs, points: SourcePoints
) -> tuple[_SourcePoints, _SourcePoints]:
    """Keep the first pair of each source point; repeated rows would pass for distances of 0."""
    n_pairs, n_points = source.shape[0], points.first_pairs.size
    if n_points < 2:
        raise InputError(
            f"source has 1 distinct point among {n_pairs} pairs; "
            "its dimension needs many source points: add pairs"
        )
    if n_points == n_pairs:
        return source, generated
    return source[points.first_pairs], generated[points.first_pairs]


def _check_row(row: BoundRow, measured: Estimate, snr_db: float | None) -> CheckRow:
    fields = {name: getattr(row, name) for name in BoundRow.model_fields}
    verdicts = {
        name: judge(
            name,
            fields[name],
            measured,
            row.outage_probability,
            vacuous=row.vacuous,
            extrapolated_octaves=row.extrapolated_octaves,
        )
        for name in BOUND_NAMES
        if fields[name] is not None
    }
    return CheckRow(**{**fields, "snr_db": snr_db}, measured_radius=measured, verdicts=verdicts)
