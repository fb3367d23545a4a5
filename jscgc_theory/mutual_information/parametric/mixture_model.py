"""A mixture of Gaussian laws as joint law; its marginal and conditional laws are mixtures too."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy import linalg, special

from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric.model import (
    JointModel,
    Matrix,
    Residuals,
    Vector,
)
from jscgc_theory.mutual_information.parametric.normal_scores import RankTransform

_SMALLEST_LEVEL = 1e-15

Means = Float[NDArray[np.float64], "n_components dim"]
Covariances = Float[NDArray[np.float64], "n_components dim dim"]


@dataclass(frozen=True)
class Mixture:
    """Gaussian components with weights, of coordinates taken in a fixed order."""

    log_weights: Float[NDArray[np.float64], " n_components"]
    means: Means
    factors: Covariances
    """Lower Cholesky factors of the covariances."""

    @classmethod
    def of(cls, weights: Vector, means: Means, covariances: Covariances) -> "Mixture":
        """Return the mixture of these components."""
        return cls(np.log(weights), means, np.asarray(np.linalg.cholesky(covariances), float))

    def innovations(
        self, cloud: Float[NDArray[np.float64], "n_points dim"]
    ) -> Float[NDArray[np.float64], "n_components n_points dim"]:
        """Return each coordinate, standardised given those before it, in every component."""
        return np.stack(
            [
                linalg.solve_triangular(factor, (cloud - mean).T, lower=True).T
                for factor, mean in zip(self.factors, self.means, strict=True)
            ]
        )

    def running_log_densities(
        self, innovations: Float[NDArray[np.float64], "n_components n_points dim"]
    ) -> Float[NDArray[np.float64], "n_components n_points dim_and_one"]:
        """Return log of weight times density of the first 0, 1, 2, ... coordinates."""
        scales = np.log(np.diagonal(self.factors, axis1=1, axis2=2))[:, None, :]
        terms = -0.5 * np.square(innovations) - scales - 0.5 * np.log(2.0 * np.pi)
        sums = np.cumsum(terms, axis=2)
        start = np.zeros((*sums.shape[:2], 1))
        return np.concatenate([start, sums], axis=2) + self.log_weights[:, None, None]

    def normal_coordinates(
        self, cloud: Float[NDArray[np.float64], "n_points dim"]
    ) -> Float[NDArray[np.float64], "n_points dim"]:
        """Map points to a standard normal law: each coordinate given those before (Rosenblatt)."""
        innovations = self.innovations(cloud)
        shares = special.softmax(self.running_log_densities(innovations)[:, :, :-1], axis=0)
        levels = (shares * special.ndtr(innovations)).sum(axis=0)
        return np.asarray(special.ndtri(np.clip(levels, _SMALLEST_LEVEL, 1.0 - _SMALLEST_LEVEL)))


@dataclass(frozen=True)
class MixtureModel(JointModel):
    """A Gaussian mixture of normal scores; ``x_first`` and ``y_first`` are one law."""

    x_ranks: RankTransform
    y_ranks: RankTransform
    x_first: Mixture
    y_first: Mixture

    def residuals(self, sample: PairedSample) -> Residuals:
        """Return a sample in coordinates that are standard normal under the law."""
        x, y = self._scores(sample)
        forward = self.x_first.normal_coordinates(np.hstack([x, y]))
        backward = self.y_first.normal_coordinates(np.hstack([y, x]))
        x_dim, y_dim = x.shape[1], y.shape[1]
        return Residuals(
            forward[:, :x_dim], backward[:, :y_dim], backward[:, y_dim:], forward[:, x_dim:]
        )

    def log_ratio_nats(self, sample: PairedSample) -> Vector:
        """Return the log density ratio of each pair."""
        x, y = self._scores(sample)
        joint, own_x = _joint_and_first(self.x_first, x, y)
        _, own_y = _joint_and_first(self.y_first, y, x)
        return np.asarray(joint - own_x - own_y)

    def all_pairs_log_ratio_nats(self, sample: PairedSample) -> Matrix:
        """Return the log density ratio of each x with each y.

        In a component the log density of y given x is that of the difference of a part of y and
        a part of x, whose squared length is one matrix product.
        """
        x, y = self._scores(sample)
        x_dim, law = x.shape[1], self.x_first
        _, own_y = _joint_and_first(self.y_first, y, x)
        centre = np.zeros_like(y)
        heights = law.running_log_densities(law.innovations(np.hstack([x, centre])))
        table = np.full((len(x), len(y)), -np.inf)
        for k, factor in enumerate(law.factors):
            corner = factor[x_dim:, x_dim:]
            shift = linalg.solve_triangular(
                factor[:x_dim, :x_dim], (x - law.means[k, :x_dim]).T, lower=True
            )
            of_x = linalg.solve_triangular(corner, factor[x_dim:, :x_dim] @ shift, lower=True).T
            of_y = linalg.solve_triangular(corner, (y - law.means[k, x_dim:]).T, lower=True).T
            squares = np.square(of_x).sum(axis=1)[:, None] + np.square(of_y).sum(axis=1)
            squares = np.maximum(squares - 2.0 * of_x @ of_y.T, 0.0)
            volume = np.log(np.diagonal(corner)).sum() + 0.5 * y.shape[1] * np.log(2.0 * np.pi)
            table = np.logaddexp(table, heights[k, :, x_dim, None] - 0.5 * squares - volume)
        own_x = special.logsumexp(heights[:, :, x_dim], axis=0)
        return np.asarray(table - own_x[:, None] - own_y)

    def _scores(self, sample: PairedSample) -> tuple[Matrix, Matrix]:
        x, y = self.x_ranks.levels(sample.x), self.y_ranks.levels(sample.y)
        return np.asarray(special.ndtri(x)), np.asarray(special.ndtri(y))


def _joint_and_first(law: Mixture, first: Matrix, second: Matrix) -> tuple[Vector, Vector]:
    """Return the log densities of both clouds together and of the first alone."""
    running = law.running_log_densities(law.innovations(np.hstack([first, second])))
    joint = special.logsumexp(running[:, :, -1], axis=0)
    return joint, special.logsumexp(running[:, :, first.shape[1]], axis=0)
