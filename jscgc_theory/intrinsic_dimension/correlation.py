"""The correlation dimension, from the closest pairs of points."""

import numpy as np

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension.estimator import DimensionEstimator, normal_estimate
from jscgc_theory.intrinsic_dimension.sample import Sample
from jscgc_theory.neighbours import pair_scan
from jscgc_theory.pair_statistics import dyadic_covariance, takens_dimension
from jscgc_theory.records import Estimate
from jscgc_theory.validation import check_count


class CorrelationDimension(DimensionEstimator):
    r"""Dimension as the exponent of the fraction of pairs within r, r -> 0.

    q(r) = P(|X - X'| <= r) ~ r^d (Grassberger and Procaccia 1983), d by Takens' estimator over the
    closest pairs. On data of uneven density it is the dimension of the dense parts.

    Args:
        pairs_per_point: Closest pairs used, as a multiple of the number of points.
    """

    def __init__(self, *, pairs_per_point: int = 1) -> None:
        self.pairs_per_point = pairs_per_point

    @property
    def n_neighbours_needed(self) -> int:
        """One; distances between all pairs are measured anew."""
        return 1

    def estimate(self, sample: Sample) -> Estimate:
        """Estimate the dimension from the closest pairs.

        Args:
            sample: Distinct points and their neighbours.

        Returns:
            The estimate.

        Raises:
            InputError: If only distances are known or the closest pairs are all equally far.
        """
        points = sample.require_points("the correlation dimension")
        multiple = check_count(self.pairs_per_point, name="pairs_per_point")
        scan = pair_scan(
            points,
            multiple * sample.n_points,
            rng=np.random.default_rng(0),
            near=sample.neighbours,
        )
        value, influence = takens_dimension(scan, len(scan.distance))
        if not np.isfinite(value):
            raise InputError(
                f"the {len(scan.distance)} closest pairs are equally far (a lattice?); "
                "raise pairs_per_point to reach another distance"
            )
        variance = dyadic_covariance((influence,), scan.pairs_per_node, scan.n_pairs)[0, 0]
        return normal_estimate(
            value,
            float(np.sqrt(variance)),
            method=f"Takens, {len(scan.distance)} closest pairs",
            n_points_used=sample.n_points,
            n_pairs=len(scan.distance),
            radius=float(scan.distance[-1]),
        )
