"""The least of several upper bounds that each carry noise."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from jscgc_theory.errors import InputError

_REACH = 8.0
_N_NODES = 2001


class LeastBound(NamedTuple):
    """The least bound, in the unit of the bounds given."""

    value: float
    standard_error: float
    place: int
    """Which bound was the least."""


def least_upper_bound(values: Sequence[float], standard_errors: Sequence[float]) -> LeastBound:
    """Return the least of noisy upper bounds, raised by what choosing the least biases it.

    The minimum of noisy numbers lies below the least mean. The shift that independent normal
    errors would cause around the values found, ``min U_j - E min(U_j + s_j xi_j)``, is added back;
    errors that move together cause less, so the result leans to the safe side.

    Args:
        values: Bounds.
        standard_errors: Their standard errors.

    Returns:
        The raised least bound, its standard error, and its place.

    Raises:
        InputError: If there is no bound.

    >>> least_upper_bound([3.0, 5.0], [0.0, 0.1]).value
    3.0
    """
    if not values:
        raise InputError("there is no upper bound to choose from; give at least one")
    bounds, errors = np.asarray(values, dtype=float), np.asarray(standard_errors, dtype=float)
    place = int(np.argmin(bounds))
    least, error = float(bounds[place]), float(errors[place])
    noisy = errors > 0.0
    if not noisy.any():
        return LeastBound(least, error, place)
    low = float((bounds - _REACH * errors).min())
    high = float((bounds + _REACH * errors).min())
    nodes = np.linspace(low, high, _N_NODES)
    # E min = low + integral of P(every bound > t); a bound without error is a step.
    survival = np.prod(
        [
            ndtr((bound - nodes) / error) if error > 0.0 else (nodes < bound).astype(float)
            for bound, error in zip(bounds, errors, strict=True)
        ],
        axis=0,
    )
    expected = low + float(np.trapezoid(survival, nodes))
    return LeastBound(least + max(0.0, least - expected), error, place)
