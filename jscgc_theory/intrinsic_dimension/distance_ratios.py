"""Ratios of neighbour distances: the statistics of which ratio estimators are made.

Given the distance r_k to its k-th neighbour, the k - 1 nearer ones lie independently below it, so
u = r_j / r_k follows the radial law whatever the local density is.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.neighbours import Neighbours
from jscgc_theory.pair_statistics import EdgeStatistic, RadialLaw, dyadic_covariance


@dataclass(frozen=True)
class DistanceRatios:
    """The ratios u = r_j / r_k (j < k) around some of the points of a cloud."""

    centres: Int[NDArray[np.int64], " n_centres"]
    """Rows of the points around which ratios are taken."""
    partners: Int[NDArray[np.int64], "n_centres n_ratios"]
    """Rows of the nearer neighbours."""
    ratios: Float[NDArray[np.float64], "n_centres n_ratios"]
    """u in (0, 1]."""
    n_points: int
    """Points in the cloud."""

    @classmethod
    def of(cls, neighbours: Neighbours, n_neighbours: int) -> Self:
        """Take the ratios around every point.

        Args:
            neighbours: Neighbour table with at least ``n_neighbours`` columns.
            n_neighbours: k, the rank that sets the scale.

        Returns:
            The ratios.
        """
        distances = neighbours.distances[:, :n_neighbours]
        return cls(
            np.arange(neighbours.n_points),
            neighbours.indices[:, : n_neighbours - 1],
            distances[:, :-1] / distances[:, -1:],
            neighbours.n_points,
        )

    def around(self, keep: NDArray[np.bool_]) -> "DistanceRatios":
        """Keep the ratios around some centres only.

        Args:
            keep: Which centres to keep, shape (n_centres,).

        Returns:
            The reduced ratios.
        """
        return DistanceRatios(
            self.centres[keep], self.partners[keep], self.ratios[keep], self.n_points
        )

    def mean_log(self) -> float:
        """Return the mean of -ln u, whose inverse is the Levina-Bickel dimension."""
        return float(-np.log(self.ratios).mean())

    def mean_square(self) -> float:
        """Return the mean of u^2."""
        return float(np.square(self.ratios).mean())

    def power_law_influence(self) -> EdgeStatistic:
        """Return each pair's influence on d = 1 / mean(-ln u)."""
        mean = self.mean_log()
        return self._statistic((np.log(self.ratios) + mean) / mean**2)

    def radial_law_influence(self, law: RadialLaw) -> EdgeStatistic:
        """Return each pair's influence on the d of a fitted radial law.

        Args:
            law: The law fitted to these ratios.

        Returns:
            The influence.
        """
        by_log, by_square = np.linalg.inv(law.jacobian())[0]
        log_part = -np.log(self.ratios) - self.mean_log()
        square_part = np.square(self.ratios) - self.mean_square()
        return self._statistic(by_log * log_part + by_square * square_part)

    def standard_error(self, influence: EdgeStatistic) -> float:
        """Return the standard error of a statistic of these ratios, dependence included.

        Args:
            influence: The statistic.

        Returns:
            Its standard error.
        """
        node_pairs = np.full(self.n_points, self.n_points - 1, dtype=np.int64)
        n_pairs = self.n_points * (self.n_points - 1) // 2
        return float(np.sqrt(dyadic_covariance((influence,), node_pairs, n_pairs)[0, 0]))

    def _statistic(self, values: NDArray[np.float64]) -> EdgeStatistic:
        return EdgeStatistic(
            np.repeat(self.centres, self.ratios.shape[1]),
            self.partners.ravel(),
            values.ravel() / values.size,
        )
