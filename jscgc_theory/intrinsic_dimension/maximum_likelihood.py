"""The Levina-Bickel maximum-likelihood estimator, averaged as MacKay and Ghahramani do."""

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension.distance_ratios import DistanceRatios
from jscgc_theory.intrinsic_dimension.estimator import DimensionEstimator, normal_estimate
from jscgc_theory.intrinsic_dimension.sample import Sample
from jscgc_theory.records import Estimate
from jscgc_theory.validation import check_count


class MaximumLikelihood(DimensionEstimator):
    r"""Dimension as the inverse mean logarithm of distance ratios.

    d = 1 / mean over points i and neighbours j < k of ln(r_k(i) / r_j(i)): Levina and Bickel
    (2004), eq. (8), with inverses averaged over points (MacKay and Ghahramani 2005), which removes
    the bias of averaging the d's themselves. Curvature and boundaries at the scale of the k-th
    neighbour bias it; the interval is about sampling only.

    Args:
        n_neighbours: k, at least 3.

    References:
        Levina, Bickel. Maximum likelihood estimation of intrinsic dimension. NeurIPS 2004.
        MacKay, Ghahramani. Comments on "Maximum likelihood estimation of intrinsic dimension"
        by Levina and Bickel (2005).
    """

    def __init__(self, *, n_neighbours: int = 20) -> None:
        self.n_neighbours = n_neighbours

    @property
    def n_neighbours_needed(self) -> int:
        """The rank that sets the scale."""
        return check_count(self.n_neighbours, name="n_neighbours", minimum=3)

    def estimate(self, sample: Sample) -> Estimate:
        """Estimate the dimension from the first k columns of the neighbour table.

        Args:
            sample: Distinct points and their neighbours.

        Returns:
            The estimate.

        Raises:
            InputError: If all neighbours of every point are equally far.
        """
        ratios, k = self._ratios(sample)
        return normal_estimate(
            1.0 / ratios.mean_log(),
            ratios.standard_error(ratios.power_law_influence()),
            method=f"maximum likelihood, {k} neighbours",
            n_points_used=sample.n_points,
            n_neighbours=k,
        )

    def value(self, sample: Sample) -> float:
        """Return the estimate without its error, which takes most of the time.

        Args:
            sample: Distinct points and their neighbours.

        Returns:
            The dimension.

        Raises:
            InputError: If all neighbours of every point are equally far.
        """
        return 1.0 / self._ratios(sample)[0].mean_log()

    def _ratios(self, sample: Sample) -> tuple[DistanceRatios, int]:
        k = min(self.n_neighbours_needed, sample.neighbours.n_neighbours)
        ratios = DistanceRatios.of(sample.neighbours, k)
        if ratios.mean_log() <= 0.0:
            raise InputError(
                f"the first {k} neighbours of every point are equally far; "
                "raise n_neighbours to reach another distance"
            )
        return ratios, k
