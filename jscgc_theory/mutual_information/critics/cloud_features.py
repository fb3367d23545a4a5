"""The coordinates in which a critic sees a cloud: normal scores, the radius, their products."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.special import ndtri

RADIUS_FLOOR = 1e-3
"""Added to squared radii per dimension, in units of the squared interquartile range."""
FARTHEST = 1e100
"""Coordinates are held within so many interquartile ranges, so that their squares are finite."""

Cloud = Float[NDArray[np.float64], "n_points dim"]
Extended = Float[NDArray[np.float64], "n_points n_features"]


@dataclass(frozen=True)
class NormalScores:
    """The map of a column to the normal quantile of its mid-rank among training points.

    Between training points it is interpolated, beyond them it is constant: no tail survives.
    """

    values: Float[NDArray[np.float64], " n_distinct"]
    scores: Float[NDArray[np.float64], " n_distinct"]

    @classmethod
    def of(cls, column: Float[NDArray[np.float64], " n_points"]) -> Self:
        """Fit the map to training points; ties share the middle of their ranks."""
        values, counts = np.unique(column, return_counts=True)
        mid_ranks = np.cumsum(counts) - 0.5 * counts
        return cls(values, ndtri(mid_ranks / len(column)))

    def __call__(
        self, column: Float[NDArray[np.float64], " n_points"]
    ) -> Float[NDArray[np.float64], " n_points"]:
        """Return the scores of a column."""
        return np.interp(column, self.values, self.scores)


@dataclass(frozen=True)
class CloudFeatures:
    """Maps of a cloud fitted on training points alone, so that held-out bounds stay bounds.

    The cloud is extended by the logarithm of its radius and the products of that logarithm with
    the coordinates: what elliptical laws, and rotations by an angle that grows outwards, share
    lies there. Every column is then replaced by its normal score.
    """

    centre: Float[NDArray[np.float64], " dim"]
    scale: Float[NDArray[np.float64], " dim"]
    columns: tuple[NormalScores, ...]

    @classmethod
    def of(cls, cloud: Cloud) -> Self:
        """Fit the maps.

        Args:
            cloud: Training points, shape (n_points, dim).

        Returns:
            The maps.
        """
        low, centre, high = np.quantile(cloud, [0.25, 0.5, 0.75], axis=0)
        spread = np.where(high > low, high - low, np.ptp(cloud, axis=0))
        scale = np.where(spread > 0.0, spread, 1.0)
        extended = _extended((cloud - centre) / scale)
        return cls(centre, scale, tuple(NormalScores.of(column) for column in extended.T))

    def __call__(self, cloud: Cloud) -> Extended:
        """Return the normal scores of the coordinates, the log radius, and their products.

        Args:
            cloud: Shape (n_points, dim).

        Returns:
            Shape (n_points, 2 dim + 1).
        """
        extended = _extended((cloud - self.centre) / self.scale)
        pairs = zip(self.columns, extended.T, strict=True)
        return np.column_stack([scores(column) for scores, column in pairs])


def _extended(standard: Cloud) -> Extended:
    standard = np.clip(standard, -FARTHEST, FARTHEST)
    squares = np.square(standard).mean(axis=1, keepdims=True)
    log_radius = 0.5 * np.log(squares + RADIUS_FLOOR)
    return np.concatenate([standard, log_radius, log_radius * standard], axis=1)
