r"""How many points lie within a small radius: the power law and its first correction.

Around a point of a smooth manifold with a smooth density the distances below a radius r_0 have
the density

    f(u) ~ u^(d-1) (1 + beta u^2),    u = r / r_0 in (0, 1),

because odd orders vanish by symmetry away from a boundary. The coefficient beta gathers curvature
and the second derivatives of the density and shrinks as r_0^2. Setting beta = 0 gives the
Levina-Bickel and Takens estimators, whose bias is beta's doing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar

_LEAST_CURVATURE = -0.999
_LEAST_DIM = 2e-3
"""Distances of a smaller dimension are those of points that all but coincide."""


@dataclass(frozen=True)
class RadialLaw:
    """The law u^(d-1) (1 + beta u^2) on (0, 1)."""

    intrinsic_dim: float
    curvature: float
    """beta, dimensionless: relative change of density from the centre to the rim."""

    def moments(self) -> Float[NDArray[np.float64], "2"]:
        """Return E[-ln u] and E[u^2], the statistics that determine (d, beta).

        Returns:
            The two moments.
        """
        d, beta = self.intrinsic_dim, self.curvature
        mass = 1.0 / d + beta / (d + 2.0)
        return np.array(
            [
                (1.0 / d**2 + beta / (d + 2.0) ** 2) / mass,
                (1.0 / (d + 2.0) + beta / (d + 4.0)) / mass,
            ]
        )

    def jacobian(self) -> Float[NDArray[np.float64], "2 2"]:
        """Return the derivatives of the moments (rows) by d and beta (columns).

        Returns:
            The matrix of derivatives.
        """
        d, beta = self.intrinsic_dim, self.curvature
        mass = 1.0 / d + beta / (d + 2.0)
        numerators = self.moments() * mass
        by_dim = np.array(
            [
                -2.0 / d**3 - 2.0 * beta / (d + 2.0) ** 3,
                -1.0 / (d + 2.0) ** 2 - beta / (d + 4.0) ** 2,
            ]
        )
        by_beta = np.array([1.0 / (d + 2.0) ** 2, 1.0 / (d + 4.0)])
        mass_by_dim = -1.0 / d**2 - beta / (d + 2.0) ** 2
        mass_by_beta = 1.0 / (d + 2.0)
        return np.stack(
            [
                by_dim / mass - numerators * mass_by_dim / mass**2,
                by_beta / mass - numerators * mass_by_beta / mass**2,
            ],
            axis=1,
        )

    @property
    def log_mass_ratio(self) -> float:
        """Log of the mass below r_0 against the pure power law, ln(1 + beta d / (d + 2))."""
        d = self.intrinsic_dim
        return float(np.log1p(self.curvature * d / (d + 2.0)))


def curvature_given_dim(intrinsic_dim: float, mean_square: float) -> float:
    """Return the beta whose law of that dimension has E[u^2] equal to ``mean_square``.

    Args:
        intrinsic_dim: d.
        mean_square: Mean of u^2 over the distances.

    Returns:
        beta, limited from below where the density would turn negative.
    """
    d = intrinsic_dim
    denominator = 1.0 / (d + 4.0) - mean_square / (d + 2.0)
    if denominator <= 0.0:
        return float(np.inf)
    return max(_LEAST_CURVATURE, float((mean_square / d - 1.0 / (d + 2.0)) / denominator))


def fit_radial_law(mean_log: float, mean_square: float) -> RadialLaw | None:
    """Solve the two moment equations for (d, beta).

    At beta = 0 the two statistics are the scores, so the moment estimate is as precise as maximum
    likelihood there.

    Args:
        mean_log: Mean of -ln u.
        mean_square: Mean of u^2.

    Returns:
        The law, or None if no d > 0 and beta > -1 reproduce the moments, which happens when the
        scale is too large for the expansion.
    """

    def excess(d: float) -> float:
        return float(RadialLaw(d, curvature_given_dim(d, mean_square)).moments()[0]) - mean_log

    # All distances equal, as on a lattice, are no power law's.
    if not RadialLaw(_LEAST_DIM, _LEAST_CURVATURE).moments()[1] < mean_square < 1.0:
        return None
    # Below `lowest` beta would be infinite, above `highest` the density negative at the rim.
    lowest = (
        max(0.5 * _LEAST_DIM, (4.0 * mean_square - 2.0) / (1.0 - mean_square)) * (1.0 + 1e-9)
        + 1e-9
    )
    highest = _dim_at_least_curvature(mean_square)
    grid = _with_turning_point(excess, np.linspace(lowest, highest, 65))
    values = np.array([excess(d) for d in grid])
    change = np.flatnonzero(np.sign(values[:-1]) * np.sign(values[1:]) <= 0.0)
    if change.size == 0:
        return None
    # Two roots exist when the rim density is far from uniform; the flatter law is meant.
    roots = [float(brentq(excess, grid[i], grid[i + 1], xtol=1e-12)) for i in change]
    laws = [RadialLaw(d, curvature_given_dim(d, mean_square)) for d in roots]
    return min(laws, key=lambda law: abs(law.curvature))


def _with_turning_point(
    excess: Callable[[float], float], grid: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Add to the grid the point where a curve of one sign comes closest to zero.

    Two roots may lie between neighbouring points of the grid.
    """
    values = np.array([excess(d) for d in grid])
    sign = np.sign(values[0])
    closest = int(np.argmin(sign * values[1:-1])) + 1
    if (sign * values <= 0.0).any():
        return grid
    found = minimize_scalar(
        lambda d: sign * excess(d),
        bounds=(grid[closest - 1], grid[closest + 1]),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return np.sort(np.append(grid, found.x))


def _dim_at_least_curvature(mean_square: float) -> float:
    def gap(d: float) -> float:
        return float(RadialLaw(d, _LEAST_CURVATURE).moments()[1]) - mean_square

    high = 1.0
    while gap(high) < 0.0:
        high *= 2.0
    return float(brentq(gap, _LEAST_DIM, high))
