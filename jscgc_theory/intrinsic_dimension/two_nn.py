"""TwoNN: the dimension from the two nearest neighbours."""

import numpy as np

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension.distance_ratios import DistanceRatios
from jscgc_theory.intrinsic_dimension.estimator import DimensionEstimator, normal_estimate
from jscgc_theory.intrinsic_dimension.sample import Sample
from jscgc_theory.pair_statistics import neighbourhood_variance
from jscgc_theory.records import Estimate
from jscgc_theory.validation import check_finite_number


class TwoNN(DimensionEstimator):
    r"""Dimension from the ratio of the second to the first neighbour distance.

    ln(r_2 / r_1) is exponential with rate d (Facco et al. 2017, eq. 5). The largest ratios, which
    outliers and boundaries produce, are treated as censored at the quantile where they begin:
    d = (n_kept - 1) / (sum of kept logarithms + n_censored x the censoring point), the likelihood
    form of Facco's straight-line fit through the lowest 90 %.

    Args:
        discard_fraction: Share of the largest ratios to censor, in [0, 1).

    References:
        Facco, d'Errico, Rodriguez, Laio. Estimating the intrinsic dimension of datasets by a
        minimal neighborhood information. Scientific Reports 7 (2017).
    """

    def __init__(self, *, discard_fraction: float = 0.1) -> None:
        self.discard_fraction = discard_fraction

    @property
    def n_neighbours_needed(self) -> int:
        """Two."""
        return 2

    def estimate(self, sample: Sample) -> Estimate:
        """Estimate the dimension from the first two columns of the neighbour table.

        Args:
            sample: Distinct points and their neighbours.

        Returns:
            The estimate.

        Raises:
            InputError: If ``discard_fraction`` lies outside [0, 1).
        """
        share = check_finite_number(self.discard_fraction, name="discard_fraction")
        if not 0.0 <= share < 1.0:
            raise InputError(f"discard_fraction = {share:g} is outside [0, 1); try 0.1")
        ratios = DistanceRatios.of(sample.neighbours, 2)
        logs = -np.log(ratios.ratios[:, 0])
        n_kept = max(1, round((1.0 - share) * logs.size))
        censoring_point = np.partition(logs, n_kept - 1)[n_kept - 1]
        exposure = np.minimum(logs, censoring_point).sum()
        if exposure <= 0.0:
            raise InputError(
                "the first two neighbours of most points are equally far (a lattice?); "
                "TwoNN has no answer: use an estimator over more neighbours"
            )
        value = (n_kept - 1) / exposure if n_kept > 1 else n_kept / exposure
        event = logs <= censoring_point
        influence = value * (event - value * np.minimum(logs, censoring_point)) / n_kept
        variance = neighbourhood_variance(influence, sample.neighbours.indices[:, :2])
        return normal_estimate(
            value,
            float(np.sqrt(variance)),
            method="TwoNN, censored maximum likelihood",
            n_points_used=sample.n_points,
            discard_fraction=share,
        )
