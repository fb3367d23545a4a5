"""The least of several upper bounds that each carry noise."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.special import ndtr

from jscgc_theory.errors import InputError

_CHANCE = 3.0
"""Standard errors within which another bound might be the least."""
_REACH = 8.0
_N_NODES = 2001


class LeastBound(NamedTuple):
    """The least bound, in the unit of the bounds given."""

    value: float
    standard_error: float
    place: int
    """Which bound was the least."""


def least_upper_bound(values: Sequence[float], standard_errors: Sequence[float]) -> LeastBound:
    """Return the least of noisy upper bounds, raised by what choosing the least may bias it.

    The minimum of noisy numbers lies below the least mean, most where the means are equal and the
    errors independent. That shift, over the bounds that chance could have made the least, is
    added: the result leans to the safe side.

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
    rivals = bounds - bounds[place] <= _CHANCE * np.hypot(errors, errors[place])
    shift = _mean_largest(errors[rivals])
    return LeastBound(float(bounds[place]) + shift, float(errors[place]), place)


def _mean_largest(errors: Float[NDArray[np.float64], " n_bounds"]) -> float:
    """Return the mean of the largest of independent normal errors of mean zero."""
    scale = float(errors.max())
    if scale == 0.0 or len(errors) == 1:
        return 0.0
    nodes = np.linspace(-_REACH, _REACH, _N_NODES)
    below = np.prod([ndtr(nodes / max(error / scale, 1e-6)) for error in errors], axis=0)
    return scale * (_REACH - float(np.trapezoid(below, nodes)))
