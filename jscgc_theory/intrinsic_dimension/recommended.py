"""The dimension that is recommended by default, by a stated rule."""

import math
from dataclasses import dataclass

from jscgc_theory.intrinsic_dimension.corrected_likelihood import CorrectedLikelihood
from jscgc_theory.intrinsic_dimension.distance_ratios import DistanceRatios
from jscgc_theory.intrinsic_dimension.estimator import Z_95, DimensionEstimator
from jscgc_theory.intrinsic_dimension.maximum_likelihood import MaximumLikelihood
from jscgc_theory.intrinsic_dimension.sample import Sample
from jscgc_theory.pair_statistics import EdgeStatistic
from jscgc_theory.records import Estimate, Notice

_LEAST_NEIGHBOURS = 5


@dataclass(frozen=True)
class DimensionFit:
    """An estimate together with each pair's influence on it, for joint intervals."""

    estimate: Estimate
    influence: EdgeStatistic
    corrected: bool
    """Whether curvature was corrected, so that the power law holds at scale zero."""

    @property
    def extra_variance(self) -> float:
        """Variance that the interval states beyond the sampling error: unresolved bias."""
        stated = self.estimate.half_width / Z_95
        return max(0.0, stated**2 - (self.estimate.standard_error or 0.0) ** 2)


class RecommendedDimension(DimensionEstimator):
    r"""The default estimator: curvature-corrected while the sample can carry it.

    A sample of N points resolves dimensions up to about 2 log10 N (Eckmann and Ruelle 1992). Up to
    there curvature and dimension can be told apart and the corrected likelihood is taken; beyond,
    the plain likelihood at the same scale is, its interval widened to include the corrected value,
    with a notice that the truth may lie higher still.

    Args:
        n_neighbours: k, the rank that sets the scale; at most a tenth of the points are taken,
            but at least 5.

    References:
        Eckmann, Ruelle. Fundamental limitations for estimating dimensions and Lyapunov exponents
        in dynamical systems. Physica D 56 (1992).
    """

    def __init__(self, *, n_neighbours: int = 20) -> None:
        self.n_neighbours = n_neighbours

    @property
    def n_neighbours_needed(self) -> int:
        """The rank that sets the scale."""
        return CorrectedLikelihood(n_neighbours=self.n_neighbours).n_neighbours_needed

    def estimate(self, sample: Sample) -> Estimate:
        """Estimate the dimension by the rule above.

        Args:
            sample: Distinct points and their neighbours.

        Returns:
            The estimate.
        """
        return self.fit_sample(sample).estimate

    def fit_sample(self, sample: Sample) -> DimensionFit:
        """Estimate the dimension and keep what joint intervals need.

        Args:
            sample: Distinct points and their neighbours.

        Returns:
            The fit.
        """
        k = min(self.n_neighbours_needed, max(_LEAST_NEIGHBOURS, sample.n_points // 10))
        plain = MaximumLikelihood(n_neighbours=k).estimate(sample)
        resolvable = resolvable_dimension(sample.n_points)
        if plain.value > resolvable:
            return _uncorrected(sample, plain, _beyond_sample(plain.value, resolvable))
        corrected = CorrectedLikelihood(n_neighbours=k).fit_law(sample)
        if corrected is None:
            return _uncorrected(sample, plain, _no_law(plain.value))
        if corrected.law.intrinsic_dim > resolvable:
            notice = _beyond_sample(corrected.law.intrinsic_dim, resolvable)
            return _uncorrected(sample, plain, notice)
        return DimensionFit(
            corrected.estimate(sample.n_points), corrected.influence, corrected=True
        )


def _uncorrected(sample: Sample, plain: Estimate, notice: Notice) -> DimensionFit:
    k = int(plain.details["n_neighbours"])
    influence = DistanceRatios.of(sample.neighbours, k).power_law_influence()
    # Only to widen the interval, so one-sided neighbourhoods need not be looked for.
    corrected = CorrectedLikelihood(n_neighbours=k).fit_law(sample, trim=False)
    low, high = plain.interval or (plain.value, plain.value)
    if corrected is not None:
        low = min(low, corrected.law.intrinsic_dim)
        high = max(high, corrected.law.intrinsic_dim + Z_95 * corrected.standard_error)
    estimate = plain.model_copy(update={"interval": (low, high), "notices": (notice,)})
    return DimensionFit(estimate, influence, corrected=False)


def resolvable_dimension(n_points: int) -> float:
    """Return the dimension up to which N points carry information, 2 log10 N.

    Args:
        n_points: N.

    Returns:
        The Eckmann-Ruelle limit.
    """
    return 2.0 * math.log10(n_points)


def _beyond_sample(value: float, resolvable: float) -> Notice:
    return Notice(
        code="dimension_beyond_sample",
        message=(
            f"A dimension of {value:.1f} is more than 2 log10 N = {resolvable:.1f}, what so many "
            "points resolve (Eckmann and Ruelle 1992): curvature and boundaries cannot be told "
            "from dimension, the true value may be higher, and the interval is not promised."
        ),
    )


def _no_law(value: float) -> Notice:
    return Notice(
        code="curvature_at_scale",
        message=(
            "No smooth law fits the neighbour distances at the smallest usable scale; the "
            f"dimension {value:.2f} is uncorrected and its interval is not promised: more points "
            "would help."
        ),
    )
