"""The multivariate Student t as joint law, in canonical coordinates of its scatter."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy import special, stats

from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric.gaussian_model import GaussianModel
from jscgc_theory.mutual_information.parametric.model import (
    JointModel,
    Matrix,
    Residuals,
    Vector,
)


@dataclass(frozen=True)
class StudentModel(JointModel):
    """A t law with nu degrees of freedom; X and Y are t with the same nu and radius."""

    scatter: GaussianModel
    """Canonical coordinates in which the scatter, not the covariance, is the identity."""
    dof: float

    @property
    def information_nats(self) -> float:
        """The scatter's part plus what the common radius tells."""
        return self.scatter.information_nats + radius_information_nats(self.dof, *self.dims)

    @property
    def dims(self) -> tuple[int, int]:
        """Dimensions that X and Y fill."""
        return self.scatter.to_u.rank, self.scatter.to_v.rank

    def residuals(self, sample: PairedSample) -> Residuals:
        """Return a sample in coordinates that are standard normal under the law.

        Given x, y is t with nu + d_x degrees of freedom and a scatter that grows with |u|^2.
        """
        plain, (x_dim, y_dim) = self.scatter.residuals(sample), self.dims
        return Residuals(
            _normal_radius(plain.x, self.dof),
            _normal_radius(plain.y, self.dof),
            self._conditional(plain.x_given_y, plain.y, y_dim),
            self._conditional(plain.y_given_x, plain.x, x_dim),
        )

    def log_ratio_nats(self, sample: PairedSample) -> Vector:
        """Return the log density ratio of each pair."""
        u, v = self.scatter.to_u(sample.x), self.scatter.to_v(sample.y)
        joint = self.squared_radii(sample)
        return np.asarray(self._ratio(joint, np.square(u).sum(axis=1), np.square(v).sum(axis=1)))

    def all_pairs_log_ratio_nats(self, sample: PairedSample) -> Matrix:
        """Return the log density ratio of each x with each y."""
        u, v = self.scatter.to_u(sample.x), self.scatter.to_v(sample.y)
        own_x, own_y = np.square(u).sum(axis=1)[:, None], np.square(v).sum(axis=1)
        # The Gaussian ratio is (|u|^2 + |v|^2 - joint radius squared)/2 plus its mean.
        gaussian = self.scatter.all_pairs_log_ratio_nats(sample)
        joint = own_x + own_y - 2.0 * (gaussian - self.scatter.information_nats)
        return np.asarray(self._ratio(np.maximum(joint, 0.0), own_x, own_y))

    def squared_radii(self, sample: PairedSample) -> Vector:
        """Return the squared Mahalanobis radius of each pair in the joint scatter."""
        plain = self.scatter.residuals(sample)
        return np.asarray(np.square(plain.x).sum(axis=1) + np.square(plain.y_given_x).sum(axis=1))

    def _ratio(self, joint: Any, own_x: Any, own_y: Any) -> Any:
        """Return log t(z) - log t(x) - log t(y) from squared radii of equal shapes."""
        nu, (x_dim, y_dim) = self.dof, self.dims
        constant = special.gammaln(0.5 * (nu + x_dim + y_dim)) + special.gammaln(0.5 * nu)
        constant -= special.gammaln(0.5 * (nu + x_dim)) + special.gammaln(0.5 * (nu + y_dim))
        heights = (nu + x_dim) * np.log1p(own_x / nu) + (nu + y_dim) * np.log1p(own_y / nu)
        heights = heights - (nu + x_dim + y_dim) * np.log1p(joint / nu)
        return self.scatter.information_nats + constant + 0.5 * heights

    def _conditional(self, residual: Matrix, given: Matrix, given_dim: int) -> Matrix:
        growth = (self.dof + np.square(given).sum(axis=1)) / (self.dof + given_dim)
        return _normal_radius(residual / np.sqrt(growth)[:, None], self.dof + given_dim)


def radius_information_nats(dof: float, x_dim: int, y_dim: int) -> float:
    r"""Return I(X; Y) of a joint t law with uncorrelated X and Y: c = H(d_x) + H(d_y) - H(d).

    H(d) = log(B(d/2, nu/2) / Gamma(d/2)) + (nu + d)/2 (psi((nu + d)/2) - psi(nu/2)) is the
    entropy of the d-dimensional t of unit scatter (Arellano-Valle, Contreras-Reyes and Genton
    2013), without the part (d/2) log(nu pi) that cancels.

    Args:
        dof: Degrees of freedom nu.
        x_dim: Dimensions of X.
        y_dim: Dimensions of Y.

    Returns:
        The information in nats, 0 in the Gaussian limit.

    References:
        Arellano-Valle, Contreras-Reyes, Genton. Shannon entropy and mutual information for
        multivariate skew-elliptical distributions. 2013.
    """
    dims = np.array([x_dim, y_dim, x_dim + y_dim], dtype=np.float64)
    spread = special.digamma(0.5 * (dof + dims)) - special.digamma(0.5 * dof)
    constant = special.betaln(0.5 * dims, 0.5 * dof) - special.gammaln(0.5 * dims)
    entropies = constant + 0.5 * (dof + dims) * spread
    return float(entropies @ [1.0, 1.0, -1.0])


def scatter_inflation(dof: float, dim: int) -> float:
    """Return a fitted scatter's variance in shape over a Gaussian one's (Tyler 1982)."""
    return 1.0 + 2.0 / (dof + dim)


def _normal_radius(
    points: Float[NDArray[np.float64], "n_points dim"], dof: float
) -> Float[NDArray[np.float64], "n_points dim"]:
    """Move points of a t law of unit scatter along their rays to a standard normal law."""
    dim = points.shape[1]
    squared = np.square(points).sum(axis=1)
    tiny = np.finfo(np.float64).tiny
    # Far outside the law the survival probability underflows, and its normal radius with it.
    survival = np.maximum(stats.f.sf(squared / dim, dim, dof), tiny)
    stretch = np.sqrt(stats.chi2.isf(survival, dim) / np.maximum(squared, tiny))
    return np.asarray(points * stretch[:, None])
