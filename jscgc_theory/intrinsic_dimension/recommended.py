"""The dimension that is recommended by default, by a stated rule."""

import math
from dataclasses import dataclass, replace

from jscgc_theory.intrinsic_dimension.calibrated import LEAST_POINTS, CalibratedDimension
from jscgc_theory.intrinsic_dimension.corrected_likelihood import CorrectedLikelihood
from jscgc_theory.intrinsic_dimension.dimension_variation import (
    DimensionVariation,
    dimension_variation,
)
from jscgc_theory.intrinsic_dimension.distance_ratios import DistanceRatios
from jscgc_theory.intrinsic_dimension.estimator import Z_95, DimensionEstimator
from jscgc_theory.intrinsic_dimension.maximum_likelihood import MaximumLikelihood
from jscgc_theory.intrinsic_dimension.sample import Sample
from jscgc_theory.pair_statistics import EdgeStatistic
from jscgc_theory.records import Estimate, Notice

_LEAST_NEIGHBOURS = 5
_DISCLAIMED = {"dimension_beyond_sample", "curvature_at_scale", "boundary_at_scale"}


@dataclass(frozen=True)
class DimensionFit:
    """An estimate together with each pair's influence on it, for joint intervals."""

    estimate: Estimate
    influence: EdgeStatistic
    corrected: bool
    """Whether curvature was corrected, so that the power law holds at scale zero."""
    slope: float
    """Slope of the power law at the smallest scale seen; the dimension itself if corrected."""

    @property
    def extra_variance(self) -> float:
        """Variance of the law's exponent beyond the sampling error: unresolved bias.

        Between the smallest scale seen and scale zero the exponent passes from the slope to d.
        """
        stated = self.estimate.half_width / Z_95
        passed = (self.estimate.value - self.slope) / Z_95
        return max(0.0, stated**2 + passed**2 - (self.estimate.standard_error or 0.0) ** 2)


class RecommendedDimension(DimensionEstimator):
    r"""The default estimator: curvature-corrected while the sample can carry it, else calibrated.

    A sample of N points resolves dimensions up to about 2 log10 N (Eckmann and Ruelle 1992). Up to
    there curvature and dimension can be told apart and the corrected likelihood is taken. Beyond,
    every single statistic errs by far more than by chance, and the dimension is read off many of
    them as calibrated on simulated manifolds, with a notice that its interval holds for most of
    them, not for each. So it is where the corrected likelihood finds that curvature or boundaries
    fill the smallest usable scale.

    Where local dimensions differ by a fifth or more, as those of photographs do, no single
    manifold lies behind the data: the likelihood, a mean over neighbourhoods, stands, with a
    notice. So it does with fewer than 200 points, or where only distances are known. Beyond the
    sample that is the plain one, its interval widened to include the corrected value.

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
        likelihood = MaximumLikelihood(n_neighbours=k)
        plain = likelihood.value(sample)
        resolvable = resolvable_dimension(sample.n_points)
        corrected = None
        if plain <= resolvable:
            corrected = CorrectedLikelihood(n_neighbours=k).fit_law(sample)
        value = plain if corrected is None else corrected.law.intrinsic_dim
        if corrected is not None and value <= resolvable:
            estimate = corrected.estimate(sample.n_points)
            fit = DimensionFit(estimate, corrected.influence, corrected=True, slope=value)
        else:
            reason = _no_law(value) if value <= resolvable else _beyond_sample(value, resolvable)
            fit = _uncorrected(sample, likelihood.estimate(sample), reason)
        variation = dimension_variation(sample.neighbours)
        if variation.is_clear:
            return _noted(fit, _varies(variation))
        return _calibrated(sample, fit, plain) if _is_doubtful(sample, fit) else fit


def _is_doubtful(sample: Sample, fit: DimensionFit) -> bool:
    """Tell whether the likelihood disclaims its interval and the calibration applies."""
    disclaimed = {notice.code for notice in fit.estimate.notices} & _DISCLAIMED
    return bool(disclaimed) and sample.points is not None and sample.n_points >= LEAST_POINTS


def _calibrated(sample: Sample, fit: DimensionFit, plain: float) -> DimensionFit:
    """Replace the dimension, not the slope of the power law at the scales that are seen.

    Where the calibration does not apply, the likelihood stands.
    """
    found = CalibratedDimension().estimate(sample)
    if found.notices:
        return replace(fit, estimate=_widened(fit.estimate, found))
    likelihoods = {"maximum_likelihood": plain, "likelihood_at_scale": fit.slope}
    notices = (*fit.estimate.notices, _is_read_off(found))
    estimate = found.model_copy(
        update={"details": found.details | likelihoods, "notices": notices}
    )
    return replace(fit, estimate=estimate)


def _noted(fit: DimensionFit, notice: Notice) -> DimensionFit:
    notices = (*fit.estimate.notices, notice)
    return replace(fit, estimate=fit.estimate.model_copy(update={"notices": notices}))


def _widened(estimate: Estimate, found: Estimate) -> Estimate:
    low, high = estimate.ends
    interval = (min(low, found.value), max(high, found.value))
    notices = (*estimate.notices, *found.notices)
    return estimate.model_copy(update={"interval": interval, "notices": notices})


def _uncorrected(sample: Sample, plain: Estimate, notice: Notice) -> DimensionFit:
    k = int(plain.details["n_neighbours"])
    # Only to widen the interval, so one-sided neighbourhoods need not be looked for.
    corrected = CorrectedLikelihood(n_neighbours=k).fit_law(sample, trim=False)
    low, high = plain.ends
    if corrected is not None:
        low = min(low, corrected.law.intrinsic_dim)
        high = max(high, corrected.law.intrinsic_dim + Z_95 * corrected.standard_error)
    estimate = plain.model_copy(update={"interval": (low, high), "notices": (notice,)})
    influence = _plain_influence(sample, plain)
    return DimensionFit(estimate, influence, corrected=False, slope=plain.value)


def _plain_influence(sample: Sample, plain: Estimate) -> EdgeStatistic:
    k = int(plain.details["n_neighbours"])
    return DistanceRatios.of(sample.neighbours, k).power_law_influence()


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
            "points resolve (Eckmann and Ruelle 1992): distances alone cannot tell curvature and "
            "boundaries from dimension and read low, and the interval is not promised."
        ),
    )


def _varies(variation: DimensionVariation) -> Notice:
    return Notice(
        code="dimension_varies",
        message=(
            f"Local dimensions differ by about {max(variation.relative):.0%} (one standard "
            "deviation) between neighbourhoods: the dimension is a mean over them at the smallest "
            "scale seen, and no single power law holds below it."
        ),
    )


def _is_read_off(found: Estimate) -> Notice:
    low, high = found.ends
    return Notice(
        code="dimension_calibrated",
        message=(
            f"The dimension {found.value:.2f} is read off distances, angles and spectra of "
            f"neighbourhoods as calibrated on simulated manifolds. {low:.2f} to {high:.2f} holds "
            "for 95 % of such manifolds and is not promised for this one; more points would help."
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
