"""What every question about a data set starts from: its dimension and its coincidence law."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.analysis.curve import Curve
from jscgc_theory.analysis.stages import Progress, stage
from jscgc_theory.covering_numbers import CoincidenceLaw, fit_coincidence
from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension import DimensionFit, RecommendedDimension, Sample
from jscgc_theory.neighbours import PairScan, cross_scan, distinct_rows, pair_scan
from jscgc_theory.neighbours.neighbour_table import MOST_ROWS_COUNTED
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.validation import check_points

_CLOSE_PAIRS_PER_POINT = 10
_NEIGHBOURS = 32
"""Enough for most points to have all their close pairs, of which there are twenty on average,
among their neighbours; of large clouds, whose boxes leave out more, fewer are found sooner."""
_CURVE_POINTS = 200


@dataclass(frozen=True)
class DataLaw:
    """Dimension and coincidence law of a data set, from one neighbour pass and one pair pass."""

    points: NDArray[np.floating]
    """Distinct points, shape (n_points, ambient_dim)."""
    n_duplicates: int
    fit: DimensionFit
    coincidence: CoincidenceLaw
    generated: CoincidenceLaw | None
    """The law of pairs of a data point and a generated point, if there are generated points."""
    notices: tuple[Notice, ...]

    @property
    def intrinsic_dim(self) -> Estimate:
        """The recommended dimension."""
        return self.fit.estimate

    @property
    def perception(self) -> CoincidenceLaw:
        """The law q of the perception bound: of generated points where given, else of the data."""
        return self.coincidence if self.generated is None else self.generated

    def geometric_constant(self) -> Estimate:
        """Return C of K = 1/q = C r^-d, with its reading and the scale it was read at."""
        law = self.coincidence.power_law
        return law.constant(
            "pair fraction at the scale, extrapolated by the fitted dimension",
            reading="volume",
            scale=self.coincidence.scale,
            correlation_with_dim=law.correlation,
        )


def fit_data_law(
    points: ArrayLike,
    *,
    generated: ArrayLike | None = None,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> DataLaw:
    """Estimate the dimension and the coincidence law of a data set.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        generated: Points of the generator's output law, of the same width.
        rng: Randomness of subsamples.
        progress: Told the finished fraction.

    Returns:
        The law.

    Raises:
        InputError: If either cloud is unusable.
    """
    estimator = RecommendedDimension()
    is_small = len(check_points(points)) <= MOST_ROWS_COUNTED
    sample = Sample.from_points(
        points,
        _NEIGHBOURS if is_small else estimator.n_neighbours_needed,
        count_pairs=True,
        progress=stage(progress, 0.0, 0.5),
    )
    cloud = sample.require_points("the coincidence law")
    fit = estimator.fit_sample(sample)
    scan = pair_scan(
        cloud,
        _CLOSE_PAIRS_PER_POINT * len(cloud),
        rng=rng,
        near=sample.neighbours,
        progress=stage(progress, 0.5, 0.9),
    )
    coincidence = _law(scan, fit, len(cloud))
    cross: CoincidenceLaw | None = None
    cross_notices: tuple[Notice, ...] = ()
    if generated is not None:
        others = _checked_generated(generated, points, cloud)
        cross, cross_notices = _cross_law(cloud, others, fit, rng)
    return DataLaw(
        cloud,
        sample.n_duplicates,
        fit,
        coincidence,
        cross,
        (*sample.notices, *fit.estimate.notices, *coincidence.notices, *cross_notices),
    )


def _law(scan: PairScan, fit: DimensionFit, n_points: int) -> CoincidenceLaw:
    return fit_coincidence(
        scan,
        fit.estimate.value,
        fit.influence,
        corrected=fit.corrected,
        n_points_used=n_points,
        extra_variance_dim=fit.extra_variance,
    )


def _checked_generated(
    generated: ArrayLike, points: ArrayLike, cloud: NDArray[np.floating]
) -> NDArray[np.floating]:
    others = check_points(generated, name="generated")
    if others.shape[1] != cloud.shape[1]:
        raise InputError(
            f"generated has {others.shape[1]} columns but points have {cloud.shape[1]}; "
            "both must lie in the same space"
        )
    source = check_points(points)
    if len(others) == len(source) != len(cloud):
        # Row by row a source and what was made of it, maybe: partners of dropped rows go too.
        others = others[distinct_rows(source)]
    return others


def _cross_law(
    cloud: NDArray[np.floating],
    others: NDArray[np.floating],
    fit: DimensionFit,
    rng: np.random.Generator,
) -> tuple[CoincidenceLaw, tuple[Notice, ...]]:
    n_close = _CLOSE_PAIRS_PER_POINT * min(len(cloud), len(others))
    scan = cross_scan(cloud, others, n_close, rng=rng)
    law = _law(scan, fit, len(cloud) + len(others))
    notices = list(law.notices)
    if scan.n_coincident:
        notices.append(
            Notice(
                code="generated_repeats_source",
                message=(
                    f"{scan.n_coincident} pairs of a data point and an unrelated generated point "
                    "coincide and were left out: the generator repeats its data."
                ),
            )
        )
    return law, tuple(notices)


def coincidence_curve(law: CoincidenceLaw) -> Curve:
    """Return K = 1/q against radius with its standard error.

    Args:
        law: The coincidence law.

    Returns:
        The curve over the radii where pairs were met.
    """
    scan = law.scan
    beyond = np.flatnonzero(scan.cumulative > 0)
    shown = beyond[np.unique(np.linspace(0, len(beyond) - 1, _CURVE_POINTS).astype(np.int64))]
    radius, q = scan.radius[shown], scan.cumulative[shown] / scan.n_pairs
    errors = [law.relative_error(float(level)) / float(level) for level in q]
    return Curve(
        radius=tuple(radius.tolist()),
        count=tuple((1.0 / q).tolist()),
        standard_error=tuple(errors),
    )
