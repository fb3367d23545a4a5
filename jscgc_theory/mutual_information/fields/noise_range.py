"""The noise levels at which a velocity field must be right for I(X; Y_hat) to be right."""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.neighbours import nearest_neighbours
from jscgc_theory.validation import check_positive

_FINER = 0.1
_COARSER = 10.0
# float32 keeps about this many digits of a point of unit size.
_FINEST_SHARE = 1e-5
# x of total variance V keeps at most V/(2 sigma^2) nats beyond sigma.
_REACH = 30.0

_MOST_SEARCHED = 4000


class NoiseRange(NamedTuple):
    """Noise levels sigma = t/(1-t) of ``z = x + sigma n``, in the units of x."""

    smallest: float
    largest: float

    @property
    def log_low(self) -> float:
        """Logarithm of the smallest level."""
        return math.log(self.smallest)

    @property
    def log_high(self) -> float:
        """Logarithm of the largest level."""
        return math.log(self.largest)

    @property
    def t_range(self) -> tuple[float, float]:
        """Times at which the field may be asked; above the largest level it is linear."""
        highest = _REACH * self.largest
        return self.smallest / (1.0 + self.smallest), highest / (1.0 + highest)


def checked_noise_range(levels: tuple[float, float]) -> NoiseRange:
    """Check a range of noise levels given by a user.

    Args:
        levels: Smallest and largest sigma, in the units of x.

    Returns:
        The range.

    Raises:
        InputError: If the levels are not positive and ascending.
    """
    low, high = (check_positive(level, name="sigma") for level in levels)
    if low >= high:
        raise InputError(f"sigma_range = {levels} is not ascending; give the smallest sigma first")
    return NoiseRange(low, high)


def noise_range_of_pairs(
    x: Float[NDArray[np.float64], "n_pairs x_dim"],
    y_hat: Float[NDArray[np.float64], "n_pairs y_dim"],
) -> NoiseRange:
    """Choose the noise levels between a tenth of x's width given y_hat and ten times x's own.

    The width given y_hat is the smaller of two that can only overstate it: the residual of a
    linear regression, and half the squared difference of x between nearest neighbours in y_hat.

    Args:
        x: Points.
        y_hat: Conditions.

    Returns:
        The range.
    """
    variances = np.linalg.eigvalsh(np.atleast_2d(np.cov(x.T)))
    variances = variances[variances > _FINEST_SHARE**2 * variances.max()]
    dim, widest = len(variances), math.sqrt(variances.max())
    given = min(_linear_residual(x, y_hat), _neighbour_residual(x, y_hat)) / dim
    narrow = _FINER * math.sqrt(min(given, float(variances.mean())))
    return NoiseRange(max(narrow, _FINEST_SHARE * widest), _COARSER * widest)


def _linear_residual(x: NDArray[np.float64], y_hat: NDArray[np.float64]) -> float:
    centred, outputs = x - x.mean(axis=0), y_hat - y_hat.mean(axis=0)
    fitted = outputs @ np.linalg.lstsq(outputs, centred, rcond=None)[0]
    return float(np.square(centred - fitted).sum(axis=1).mean())


def _neighbour_residual(x: NDArray[np.float64], y_hat: NDArray[np.float64]) -> float:
    scale = y_hat.std(axis=0)
    outputs = y_hat[:_MOST_SEARCHED] / np.where(scale > 0.0, scale, 1.0)
    nearest = nearest_neighbours(outputs, 1).indices[:, 0]
    difference = x[: len(outputs)] - x[nearest]
    return 0.5 * float(np.median(np.square(difference).sum(axis=1)))
