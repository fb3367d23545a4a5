"""Bounded features of a cloud, learnt on some points and evaluated on others."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy import special, stats

from jscgc_theory.mutual_information.parametric.normal_scores import RankTransform
from jscgc_theory.mutual_information.parametric.smooth_tests import legendre
from jscgc_theory.mutual_information.parametric.whitening import Whitening

_ORDERS = 4
_POINTS_PER_FEATURE = 20

Cloud = Float[NDArray[np.float64], "n_points _"]


@dataclass(frozen=True)
class Features:
    """Normal scores of the coordinates, with polynomials of their ranks and of the radius."""

    ranks: RankTransform
    whitening: Whitening
    linear: bool
    """Whether there are too few points for more than the scores."""

    @classmethod
    def of(cls, cloud: Cloud) -> Self:
        """Learn the features' scales.

        Args:
            cloud: Shape (n_points, dim).

        Returns:
            The features, as many as the points can bear.
        """
        ranks = RankTransform.of(cloud)
        whitening, _ = Whitening.of(special.ndtri(ranks.levels(cloud)))
        n_features = _ORDERS * (cloud.shape[1] + 1)
        return cls(ranks, whitening, n_features * _POINTS_PER_FEATURE > len(cloud))

    def __call__(self, cloud: Cloud) -> Cloud:
        """Evaluate the features at points."""
        levels = self.ranks.levels(cloud)
        scores = special.ndtri(levels)
        if self.linear:
            return np.asarray(scores)
        squares = np.square(self.whitening(scores)).sum(axis=1)
        radius = stats.chi2.cdf(squares, self.whitening.rank)[:, None]
        bends = legendre(levels, _ORDERS)[1:]
        return np.hstack([scores, *bends, *legendre(radius, _ORDERS)])
