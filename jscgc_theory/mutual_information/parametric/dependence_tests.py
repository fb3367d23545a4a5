"""Whether residuals depend on what they should be independent of."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy import special, stats

from jscgc_theory.mutual_information.parametric.smooth_tests import (
    Departure,
    legendre,
    radius_transform,
)
from jscgc_theory.mutual_information.parametric.whitening import Whitening

_ORDERS = 4
_MAX_ORDERS = 12
_MAX_FEATURES = 48
"""Polynomials of single coordinates: the fewer the coordinates, the finer."""
_MAX_COORDINATES = 24
_PAIRS_PER_COORDINATE = 50

Cloud = Float[NDArray[np.float64], "n_pairs _"]
Orders = Float[NDArray[np.float64], "_ n_pairs _"]


def feature_departures(residual: Cloud, given: Cloud) -> tuple[Departure, ...]:
    """Test that residuals are independent of the coordinates they were regressed on.

    Two families of bounded features are correlated: polynomials of single coordinates and of the
    radius, on both sides; and the residuals themselves with coordinates modulated by functions of
    the radius, which is where rotations that grow with the radius hide a dependence.

    Args:
        residual: Standard normal under the model.
        given: Standard normal under the model and independent of the residual.

    Returns:
        The departure in each family.
    """
    pairs_bear = 1 + len(given) // _PAIRS_PER_COORDINATE
    kept = min(_MAX_COORDINATES, pairs_bear, max(residual.shape[1], given.shape[1]))
    orders = int(np.clip(min(_MAX_FEATURES, pairs_bear) // kept, _ORDERS, _MAX_ORDERS))
    first = legendre(special.ndtr(residual[:, :kept]), orders)
    second = legendre(special.ndtr(given[:, :kept]), orders)
    n_regressed = first.shape[2] * second.shape[2]
    first_radius = _radius_features(residual, given)
    second_radius = _radius_features(given)
    single = _correlated(
        _columns(first, first_radius), _columns(second, second_radius), n_regressed
    )
    if not len(second_radius):
        return (single,)
    return single, _correlated(first[0], _columns(second[0] * second_radius), 0)


def _radius_features(points: Cloud, given: Cloud | None = None) -> Orders:
    """Return polynomials of the radius, none of a single column: its own are the same."""
    orders = _ORDERS if points.shape[1] > 1 else 0
    return legendre(radius_transform(points, given), _ORDERS)[:orders]


def _columns(*features: Orders) -> Cloud:
    return np.hstack([order for family in features for order in family])


def _correlated(first: Cloud, second: Cloud, n_regressed: int) -> Departure:
    r"""Test for correlation by Pillai's trace V, sum of squared canonical correlations.

    Its mean p q / nu and variance under independence are exact for Gaussian features; a gamma
    law matches them. Cells whose correlation the regression has removed do not count. V/2 less
    its mean is to second order the information, in nats, that the features share.
    """
    first, second = Whitening.of(first)[1], Whitening.of(second)[1]
    nu, p, q = len(first) - 1, first.shape[1], second.shape[1]
    trace = float(np.square(first.T @ second / nu).sum())
    mean = max(p * q - n_regressed, 1) / nu
    variance = 2 * mean * (nu - p) * (nu - q) / (nu * (nu - 1) * (nu + 2))
    p_value = stats.gamma.sf(trace, mean**2 / variance, scale=variance / mean)
    return Departure(0.5 * (trace - mean), float(p_value))
