"""The mean cosine of the von Mises-Fisher law for millions of concentrations at once."""

from functools import cache

import numpy as np
from jaxtyping import Float
from numpy.polynomial.chebyshev import Chebyshev
from numpy.typing import NDArray

from jscgc_theory.sources.von_mises_fisher import mean_deficit

# At this degree the interpolant meets the quadrature to about 1e-12 for every d up to 1000.
_DEGREE = 64
# Beyond this concentration 1 - A(kappa) is d/(2 kappa) to double precision.
_LARGEST_KAPPA = 1e17


def fast_mean_deficit(
    kappa: Float[NDArray[np.float64], " n"], dim: int
) -> Float[NDArray[np.float64], " n"]:
    """Return ``1 - A(kappa)`` on S^d by interpolation, a hundred times faster than by quadrature.

    ``(1 - A(kappa)) (1 + 2 kappa/d)`` runs smoothly from 1 to 1 as ``kappa/(kappa + d)`` runs from
    0 to 1, so one Chebyshev interpolant serves every concentration, with a relative error near
    1e-12 of the deficit however small it is.

    Args:
        kappa: Concentrations, at least 0.
        dim: d of S^d.

    Returns:
        Means of the deficit in [0, 1].
    """
    bounded = _interpolant(dim)(kappa / (kappa + dim))
    return np.asarray(bounded / (1.0 + 2.0 * kappa / dim))


@cache
def _interpolant(dim: int) -> Chebyshev:
    def bounded_deficit(share: NDArray[np.float64]) -> NDArray[np.float64]:
        kappa = np.minimum(dim * share / (1.0 - share), _LARGEST_KAPPA)
        return np.asarray(mean_deficit(kappa, dim) * (1.0 + 2.0 * kappa / dim))

    return Chebyshev.interpolate(bounded_deficit, _DEGREE, domain=[0.0, 1.0])
