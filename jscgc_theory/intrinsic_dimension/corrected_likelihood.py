"""Maximum likelihood with curvature corrected and boundary neighbourhoods left out."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension.distance_ratios import DistanceRatios
from jscgc_theory.intrinsic_dimension.estimator import DimensionEstimator, normal_estimate
from jscgc_theory.intrinsic_dimension.isotropy import one_sidedness
from jscgc_theory.intrinsic_dimension.sample import Sample
from jscgc_theory.pair_statistics import EdgeStatistic, RadialLaw, fit_radial_law
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.validation import check_count

TRIMMING_LEVELS = (0.8, 0.95)
"""Keep centres below this quantile of the isotropic law; the stronger trimming is tried first."""
_LARGEST_ERROR_RATIO = 1.6
"""Trimming is worth at most this growth of the standard error."""
_STRONG_CURVATURE = 0.25
_BOUNDARY_SHARE, _MOSTLY_BOUNDARY = 0.14, 0.4
_SMALLER_SCALE = 10


@dataclass(frozen=True)
class CorrectedFit:
    """A fitted radial law with what is needed for joint intervals."""

    law: RadialLaw
    standard_error: float
    influence: EdgeStatistic
    """Influence of each pair of points on d."""
    n_neighbours: int
    kept_share: float
    """Share of the centres that were used."""
    expected_curvature: float
    """Size of beta at this scale: as fitted, or as a fit at a larger scale foretells (beta ~ r^2),
    whichever is larger; infinite if no law fitted there."""
    one_sided_share: float
    """Share of neighbourhoods beyond the 95 % quantile of the isotropic law, 0.05 by chance: as
    found, or as the share at a larger scale foretells (as r), whichever is larger."""

    def estimate(self, n_points: int) -> Estimate:
        """Return the dimension with its interval and what the reader must know.

        Args:
            n_points: Points in the sample.

        Returns:
            The estimate.
        """
        return normal_estimate(
            self.law.intrinsic_dim,
            self.standard_error,
            method=f"curvature-corrected maximum likelihood, {self.n_neighbours} neighbours",
            n_points_used=round(self.kept_share * n_points),
            n_neighbours=self.n_neighbours,
            curvature=self.law.curvature,
            one_sided_share=self.one_sided_share,
        ).model_copy(update={"notices": tuple(scale_notices(self))})


class CorrectedLikelihood(DimensionEstimator):
    r"""Dimension from the radial law u^(d-1) (1 + beta u^2) of distance ratios.

    The Levina-Bickel estimator assumes beta = 0; solving for (d, beta) from the means of -ln u and
    u^2 removes the bias of order r^2 that curvature and a varying density cause. Neighbourhoods
    whose directions are one-sided (Rayleigh's test in the tangent space) lie at a boundary and are
    left out as centres, if what remains suffices. The interval allows for pairs that share points.

    Args:
        n_neighbours: k, the rank that sets the scale; lowered to 10 where |beta| exceeds 0.25.
    """

    def __init__(self, *, n_neighbours: int = 20) -> None:
        self.n_neighbours = n_neighbours

    @property
    def n_neighbours_needed(self) -> int:
        """The rank that sets the scale."""
        return check_count(self.n_neighbours, name="n_neighbours", minimum=4)

    def estimate(self, sample: Sample) -> Estimate:
        """Estimate the dimension from neighbour distances and directions.

        Args:
            sample: Distinct points and their neighbours.

        Returns:
            The estimate.

        Raises:
            InputError: If no radial law fits at this scale.
        """
        fit = self.fit_law(sample)
        if fit is None:
            raise InputError(
                f"no radial law fits the distances to {self.n_neighbours} neighbours (the scale "
                "is too large or the points lie on a lattice); use MaximumLikelihood"
            )
        return fit.estimate(sample.n_points)

    def fit_law(self, sample: Sample, *, trim: bool = True) -> CorrectedFit | None:
        """Fit the radial law at the chosen scale, or at the smaller one if curvature is strong.

        Args:
            sample: Distinct points and their neighbours.
            trim: Whether to leave out one-sided neighbourhoods.

        Returns:
            The fit, or None if no law reproduces the moments.
        """
        k = min(self.n_neighbours_needed, sample.neighbours.n_neighbours)
        fit = _fit_at(sample, k, trim)
        strong = fit is None or abs(fit.law.curvature) > _STRONG_CURVATURE
        if strong and k > _SMALLER_SCALE:
            fit = _at_smaller_scale(fit, _fit_at(sample, _SMALLER_SCALE, trim))
        return fit


def scale_notices(fit: CorrectedFit) -> list[Notice]:
    """Say what at this scale keeps the interval from being promised.

    Args:
        fit: The fitted law.

    Returns:
        Notices, none if all is well.
    """
    notices = []
    if fit.expected_curvature > _STRONG_CURVATURE:
        notices.append(
            Notice(
                code="curvature_at_scale",
                message=(
                    "Curvature or density change the density of neighbours by about "
                    f"{_percent(fit.expected_curvature)} across the smallest usable scale; terms "
                    "beyond the first correction may bias the dimension, the constant and the "
                    "radii: more points would help."
                ),
            )
        )
    if fit.one_sided_share > _MOSTLY_BOUNDARY:
        notices.append(
            Notice(
                code="boundary_at_scale",
                message=(
                    f"About {fit.one_sided_share:.0%} of the neighbourhoods are one-sided (5 % "
                    "would be by chance): boundaries or steep density are within reach of most "
                    "points, and the dimension may read low: more points would help."
                ),
            )
        )
    elif fit.one_sided_share > _BOUNDARY_SHARE:
        notices.append(
            Notice(
                code="boundary_in_pairs",
                message=(
                    f"About {fit.one_sided_share:.0%} of the neighbourhoods are one-sided (5 % "
                    "would be by chance). They are left out of the dimension but not of the pairs "
                    "behind C: if the data end there, and do not only thin out, C and the bounds "
                    "by the power law, (18) and R1, read high or low by more than their intervals."
                ),
            )
        )
    return notices


def _percent(share: float) -> str:
    return f"{share:.0%}" if share < 1.0 else "100 % or more"


def _at_smaller_scale(
    larger: CorrectedFit | None, smaller: CorrectedFit | None
) -> CorrectedFit | None:
    """Take the fit at the smaller scale, but not its word alone that all is well there.

    Fewer directions show one-sidedness less often; curvature goes with the square of the radius,
    the share of points near a boundary with the radius itself.
    """
    if smaller is None or larger is None:
        fit = smaller or larger
        return None if fit is None else replace(fit, expected_curvature=math.inf)
    shrink = (smaller.n_neighbours / larger.n_neighbours) ** (1.0 / larger.law.intrinsic_dim)
    return replace(
        smaller,
        expected_curvature=max(
            smaller.expected_curvature, abs(larger.law.curvature) * shrink * shrink
        ),
        one_sided_share=max(smaller.one_sided_share, larger.one_sided_share * shrink),
    )


def _fit_at(sample: Sample, k: int, trim: bool) -> CorrectedFit | None:
    ratios = DistanceRatios.of(sample.neighbours, k)
    everywhere = _fit(ratios, k, 1.0, 0.05)
    if everywhere is None or sample.points is None or not trim:
        return everywhere
    tangent_dim = max(1, round(everywhere.law.intrinsic_dim))
    least = chdtri(tangent_dim, 1.0 - min(TRIMMING_LEVELS))
    sidedness = one_sidedness(sample.points, sample.neighbours, k, tangent_dim, least=least)
    one_sided = float(np.mean(sidedness > chdtri(tangent_dim, 0.05)))
    for level in TRIMMING_LEVELS:
        keep: NDArray[np.bool_] = sidedness <= chdtri(tangent_dim, 1.0 - level)
        if keep.sum() < 0.05 * keep.size:
            continue
        trimmed = _fit(ratios.around(keep), k, float(keep.mean()), one_sided)
        if trimmed is None:
            continue
        if trimmed.standard_error <= _LARGEST_ERROR_RATIO * everywhere.standard_error:
            return trimmed
    return _fit(ratios, k, 1.0, one_sided)


def _fit(
    ratios: DistanceRatios, k: int, kept_share: float, one_sided_share: float
) -> CorrectedFit | None:
    law = fit_radial_law(ratios.mean_log(), ratios.mean_square())
    if law is None:
        return None
    influence = ratios.radial_law_influence(law)
    error = ratios.standard_error(influence)
    return CorrectedFit(law, error, influence, k, kept_share, abs(law.curvature), one_sided_share)
