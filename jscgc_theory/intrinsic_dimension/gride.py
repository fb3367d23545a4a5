"""Gride: the dimension from the ratio of the distances to two neighbours of chosen ranks."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension.estimator import DimensionEstimator, normal_estimate
from jscgc_theory.intrinsic_dimension.sample import Sample
from jscgc_theory.pair_statistics import neighbourhood_variance
from jscgc_theory.records import Estimate
from jscgc_theory.validation import check_count


class Gride(DimensionEstimator):
    r"""Dimension from mu = r_(2n) / r_n, the generalised ratio estimator.

    With ranks n and 2n, mu^(-d) is Beta(n, n) distributed (Denti et al. 2022); d is its
    maximum-likelihood value. Unlike Fisher's information the interval allows for overlapping
    neighbourhoods.

    Args:
        n_neighbours: n, the smaller rank.

    References:
        Denti, Doimo, Laio, Mira. The generalized ratios intrinsic dimension estimator. Scientific
        Reports 12 (2022).
    """

    def __init__(self, *, n_neighbours: int = 2) -> None:
        self.n_neighbours = n_neighbours

    @property
    def n_neighbours_needed(self) -> int:
        """Twice the smaller rank."""
        return 2 * check_count(self.n_neighbours, name="n_neighbours")

    def estimate(self, sample: Sample) -> Estimate:
        """Estimate the dimension from two columns of the neighbour table.

        Args:
            sample: Distinct points and their neighbours.

        Returns:
            The estimate.

        Raises:
            InputError: If there are too few neighbours or all ratios are one.
        """
        far = self.n_neighbours_needed
        if far > sample.neighbours.n_neighbours:
            raise InputError(
                f"Gride with n_neighbours = {self.n_neighbours} reads neighbour {far}, but only "
                f"{sample.neighbours.n_neighbours} exist; lower n_neighbours or add points"
            )
        near = far // 2
        distances = sample.neighbours.distances
        logs = np.log(distances[:, far - 1] / distances[:, near - 1])
        if logs.max() <= 0.0:
            raise InputError(
                f"neighbours {near} and {far} of every point are equally far; raise n_neighbours"
            )
        value = _solve(logs, near)
        # The score is d ln f / d d; its slope turns it into an influence on d.
        step = 1e-4 * value
        slope = (_scores(value + step, logs, near) - _scores(value - step, logs, near)).mean() / (
            2.0 * step
        )
        influence = -_scores(value, logs, near) / slope / logs.size
        variance = neighbourhood_variance(influence, sample.neighbours.indices[:, :far])
        return normal_estimate(
            value,
            float(np.sqrt(variance)),
            method=f"Gride, ranks {near} and {far}",
            n_points_used=sample.n_points,
            n_neighbours=near,
        )


def _scores(d: float, logs: NDArray[np.float64], near: int) -> NDArray[np.float64]:
    """Derivative by d of ln f(mu) = ln d + (n - 1) ln(mu^d - 1) - (2n - 1) d ln mu + const."""
    exponent = d * logs
    # mu^d / (mu^d - 1) = 1 / (1 - mu^-d) stays finite; ties (mu = 1) contribute 1 / d.
    rise = np.divide(
        logs, -np.expm1(-exponent), out=np.full_like(logs, 1.0 / d), where=exponent > 1e-12
    )
    return np.asarray(1.0 / d + (near - 1) * rise - (2 * near - 1) * logs)


def _solve(logs: NDArray[np.float64], near: int) -> float:
    def total(d: float) -> float:
        return float(_scores(d, logs, near).mean())

    low, high = 1e-3, 1.0
    while total(high) > 0.0:
        high *= 2.0
    while total(low) < 0.0:
        low *= 0.5
    return float(brentq(total, low, high, xtol=1e-10))
