"""The Gaussian joint law in canonical coordinates."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric.model import (
    JointModel,
    Matrix,
    Residuals,
    Vector,
)
from jscgc_theory.mutual_information.parametric.whitening import Whitening


@dataclass(frozen=True)
class GaussianModel(JointModel):
    """Canonical coordinates u of X and v of Y with E u_i v_i = rho_i, all else uncorrelated."""

    to_u: Whitening
    to_v: Whitening
    correlations: Float[NDArray[np.float64], " n_directions"]
    sines: Float[NDArray[np.float64], " n_directions"]
    """sqrt(1 - rho^2), found without that subtraction: exact however close rho is to 1."""

    @classmethod
    def of(
        cls,
        sample: PairedSample,
        weights: Float[NDArray[np.float64], " n_pairs"] | None = None,
    ) -> Self:
        """Fit the law by canonical correlation analysis on the ranges of both clouds.

        Args:
            sample: Distinct pairs.
            weights: Weights of the pairs, of mean 1; equal if omitted.

        Returns:
            The law of greatest likelihood, up to its finite-sample bias.

        Raises:
            InputError: If there are too few pairs for the dimensions or an exact linear relation
                makes I infinite.
        """
        to_u, u = Whitening.of(sample.x, weights)
        to_v, v = Whitening.of(sample.y, weights)
        dof = sample.n_pairs - 1
        if dof <= to_u.rank + to_v.rank:
            raise InputError(
                f"{sample.n_pairs} pairs in {to_u.rank} + {to_v.rank} dimensions leave no "
                "independent residual; add pairs or reduce the dimensions first"
            )
        left, correlations, right = np.linalg.svd(u.T @ v / dof)
        u, v = u @ left, v @ right.T
        n = len(correlations)
        residuals = v[:, :n] - correlations * u[:, :n]
        sines = np.sqrt(np.square(residuals).sum(axis=0) / dof)
        if n and sines.min() <= np.finfo(np.float64).eps * sample.n_pairs:
            raise InputError(
                "x and y hold an exact linear relation, so I is infinite; "
                "drop the columns that repeat each other"
            )
        correlations = np.minimum(correlations, 1.0)
        return cls(to_u.turned(left), to_v.turned(right.T), correlations, sines)

    @property
    def information_nats(self) -> float:
        """-sum log sqrt(1 - rho_i^2): the plug-in information."""
        return float(-np.log(self.sines).sum())

    def residuals(self, sample: PairedSample) -> Residuals:
        """Return a sample in coordinates that are standard normal under the law."""
        u, v = self.to_u(sample.x), self.to_v(sample.y)
        return Residuals(u, v, self._unexplained(u, v), self._unexplained(v, u))

    def log_ratio_nats(self, sample: PairedSample) -> Vector:
        """Return the log density ratio of each pair."""
        u, v = self._leading(sample)
        products = (u * v) @ self._cross_weights
        return products + self._own_part(u) + self._own_part(v) + self.information_nats

    def all_pairs_log_ratio_nats(self, sample: PairedSample) -> Matrix:
        """Return the log density ratio of each x with each y."""
        u, v = self._leading(sample)
        products = (u * self._cross_weights) @ v.T
        own = self._own_part(u)[:, None] + self._own_part(v)
        return np.asarray(products + own + self.information_nats)

    @property
    def _cross_weights(self) -> Vector:
        return self.correlations / np.square(self.sines)

    def _leading(self, sample: PairedSample) -> tuple[Matrix, Matrix]:
        n = len(self.correlations)
        return self.to_u(sample.x)[:, :n], self.to_v(sample.y)[:, :n]

    def _own_part(self, leading: Matrix) -> Vector:
        weights = -0.5 * np.square(self.correlations / self.sines)
        return np.asarray(np.square(leading) @ weights)

    def _unexplained(self, wanted: Matrix, given: Matrix) -> Matrix:
        n = len(self.correlations)
        left_over = wanted.copy()
        left_over[:, :n] -= self.correlations * given[:, :n]
        left_over[:, :n] /= self.sines
        return left_over
