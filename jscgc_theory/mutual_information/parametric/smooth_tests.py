"""How far coordinates are from standard normal, in nats, by Neyman's smooth test."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy import special, stats

_SHAPE_ORDERS = 8
_FITTED_MOMENTS = 2


@dataclass(frozen=True)
class Departure:
    """What a test of the model found: its size in nats and its p-value."""

    nats: float
    p_value: float


def legendre(
    uniform: Float[NDArray[np.float64], "n_points dim"], orders: int
) -> Float[NDArray[np.float64], "orders n_points dim"]:
    """Return the polynomials of order 1, 2, ... orthonormal on (0, 1) at every entry."""
    t = 2.0 * uniform - 1.0
    values = [np.ones_like(t), t]
    for k in range(1, orders):
        values.append(((2 * k + 1) * t * values[k] - k * values[k - 1]) / (k + 1))
    return np.stack([np.sqrt(2 * k + 1) * values[k] for k in range(1, orders + 1)])


def shape_departure(uniform: Float[NDArray[np.float64], "n_points dim"]) -> Departure:
    r"""Test that each column is uniform on (0, 1), as probability integral transforms are.

    With c_k the mean of the k-th orthonormal polynomial, n sum c_k^2 is chi-squared under
    uniformity (Neyman 1937), and sum c_k^2 / 2 is to second order the divergence from it, less
    than its bias; p-values are combined over columns by Bonferroni.

    Args:
        uniform: Transforms, location and scale fitted on the same points.

    Returns:
        The summed divergence and the p-value.
    """
    n_points, dim = uniform.shape
    squares = np.square(legendre(uniform, _SHAPE_ORDERS).mean(axis=1)).sum(axis=0)
    bias = (_SHAPE_ORDERS - _FITTED_MOMENTS) / n_points
    p_value = stats.chi2.sf(n_points * squares.max(), _SHAPE_ORDERS)
    return Departure(0.5 * float((squares - bias).sum()), min(1.0, dim * float(p_value)))


def radius_transform(
    points: Float[NDArray[np.float64], "n_points dim"],
    given: Float[NDArray[np.float64], "n_points given_dim"] | None = None,
) -> Float[NDArray[np.float64], "n_points 1"]:
    """Return the probability integral transform of squared radii of whitened points.

    The squared radius of a row of a whitened Gaussian sample is a leverage: a beta variable, not
    a chi-squared one, and the rows ``given`` that the points were regressed on take their share.

    Args:
        points: Whitened on these same points.
        given: Whitened points they are residuals of, if they are.

    Returns:
        Transforms, uniform on (0, 1) for a Gaussian cloud.
    """
    n_points, dim = points.shape
    dof, room, given_dim = n_points - 1, np.full(n_points, 1.0 - 1.0 / n_points), 0
    if given is not None:
        given_dim = given.shape[1]
        room = room - np.square(given).sum(axis=1) / dof
    leverage = np.square(points).sum(axis=1) / dof
    share = np.clip(leverage / np.maximum(room, leverage), 0.0, 1.0)
    transform = stats.beta.cdf(share, 0.5 * dim, 0.5 * (dof - given_dim - dim))
    return np.asarray(transform)[:, None]


def kurtosis_nats(points: Float[NDArray[np.float64], "n_points dim"]) -> float:
    r"""Return the negentropy that Mardia's kurtosis implies for independent components.

    Components of excess kurtosis kappa give E|z|^4 = d (d + 2) + d kappa in every rotation and
    a negentropy of d kappa^2 / 48 to leading order (Edgeworth): this sees independent
    components, such as rotated symbols, whose single projections all look normal.
    """
    n_points, dim = points.shape
    normal = dim * (dim + 2) * (n_points - 1) / (n_points + 1)
    excess = (float(np.square(np.square(points).sum(axis=1)).mean()) - normal) / dim
    return float(dim * excess**2 / 48.0)


def normal_departure(points: Float[NDArray[np.float64], "n_points dim"]) -> Departure:
    """Test that each column is standard normal."""
    return shape_departure(special.ndtr(points))
