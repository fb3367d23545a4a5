"""Maximum likelihood of the multivariate t: scatter by reweighting, nu by a line search."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy import linalg, optimize, special

_DOF_RANGE = (0.1, 1e4)
"""Beyond 10^4 degrees of freedom the law is Gaussian to within any sample."""
_MAX_ROUNDS = 500

Cloud = Float[NDArray[np.float64], "n_points _"]
Values = Float[NDArray[np.float64], "*shape"]
Radii = Float[NDArray[np.float64], " n_points"]


def fit_student(
    cloud: Cloud,
    dof: float | None = None,
    weights: Radii | None = None,
    tolerance: float = 1e-9,
) -> tuple[float, Radii]:
    r"""Fit location, scatter and degrees of freedom.

    Weights (nu + d)/(nu + delta_i) of the squared radii delta_i give the next location and
    scatter, divided by their mean (parameter-expanded EM, Liu, Rubin and Wu 1998); nu maximises
    the likelihood at these radii (ECME, Liu and Rubin 1995).

    Args:
        cloud: Points that fill all their dimensions.
        dof: Degrees of freedom if known; fitted otherwise.
        weights: Where to start, such as the weights of a fit of almost the same points.
        tolerance: Gain of mean log-likelihood below which a round is the last.

    Returns:
        Degrees of freedom, and the final weights, of mean 1 up to rounding.

    References:
        Liu, Rubin. ML estimation of the t distribution using EM and its extensions. 1995.
        Liu, Rubin, Wu. Parameter expansion to accelerate EM: the PX-EM algorithm. 1998.
    """
    dim = cloud.shape[1]
    nu = 4.0 if dof is None else dof
    if weights is None:
        points, _ = _whitened(cloud, np.ones(len(cloud)))
        weights = 1.0 / (1.0 + np.square(points).sum(axis=1) / dim)
    last = -np.inf
    for _ in range(_MAX_ROUNDS):
        points, log_volume = _whitened(cloud, weights / weights.mean())
        radii = np.square(points).sum(axis=1)
        nu = _likeliest_dof(radii, dim) if dof is None else nu
        height = float(log_radial_density(radii, dim, nu).mean()) - log_volume
        weights = (nu + dim) / (nu + radii)
        if height - last < tolerance:
            break
        last = height
    return nu, weights / weights.mean()


def log_radial_density(radii: Values, dim: int, dof: float) -> Values:
    """Return the log density of the t law of unit scatter at squared radii."""
    constant = special.gammaln(0.5 * (dof + dim)) - special.gammaln(0.5 * dof)
    constant -= 0.5 * dim * np.log(np.pi * dof)
    return np.asarray(constant - 0.5 * (dof + dim) * np.log1p(radii / dof))


def _likeliest_dof(radii: Radii, dim: int) -> float:
    found = optimize.minimize_scalar(
        lambda log_dof: -log_radial_density(radii, dim, np.exp(log_dof)).mean(),
        bounds=np.log(_DOF_RANGE),
        method="bounded",
        options={"xatol": 1e-6},
    )
    return float(np.exp(found.x))


def _whitened(cloud: Cloud, weights: Radii) -> tuple[Cloud, float]:
    """Return the points whitened by their weighted covariance, and log of its root volume."""
    centred = cloud - np.average(cloud, axis=0, weights=weights)
    factor = np.linalg.cholesky((centred * weights[:, None]).T @ centred / len(cloud))
    points = linalg.solve_triangular(factor, centred.T, lower=True).T
    return points, float(np.log(np.diagonal(factor)).sum())
