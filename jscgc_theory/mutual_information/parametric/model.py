"""The protocol of a fitted model of the joint law, and of the estimators that fit one."""

import abc
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.mutual_information.estimator import MIEstimator
from jscgc_theory.mutual_information.paired_sample import PairedSample

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Residuals:
    """A sample in coordinates that are standard normal if the model of its law is right.

    The marginal coordinates of X are then also independent of the residuals of Y given X, and
    the other way round.
    """

    x: Float[NDArray[np.float64], "n_pairs x_rank"]
    y: Float[NDArray[np.float64], "n_pairs y_rank"]
    x_given_y: Float[NDArray[np.float64], "n_pairs x_rank"]
    y_given_x: Float[NDArray[np.float64], "n_pairs y_rank"]

    def swapped(self) -> "Residuals":
        """Return the residuals with the roles of X and Y exchanged."""
        return Residuals(self.y, self.x, self.y_given_x, self.x_given_y)


class JointModel(abc.ABC):
    """A fitted joint density, known through log p(x, y) / (p(x) p(y))."""

    @abc.abstractmethod
    def log_ratio_nats(self, sample: PairedSample) -> Vector:
        """Return log p(x_i, y_i) / (p(x_i) p(y_i)) of each pair, in nats."""

    @abc.abstractmethod
    def all_pairs_log_ratio_nats(self, sample: PairedSample) -> Matrix:
        """Return log p(x_i, y_j) / (p(x_i) p(y_j)) at row i, column j, in nats."""


class ParametricMI(MIEstimator):
    """An estimator of I(X; Y) through an explicit model of the joint law.

    After ``fit`` the fitted model stands in ``model_``.
    """

    model_: JointModel

    @abc.abstractmethod
    def fit_model(self, sample: PairedSample) -> JointModel:
        """Fit the model of the joint law.

        Args:
            sample: Distinct pairs.

        Returns:
            The fitted model, which can be evaluated at any pairs.
        """
