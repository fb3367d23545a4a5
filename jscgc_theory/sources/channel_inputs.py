"""Checks of what a caller hands to an exact channel."""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_finite_number, check_points

# Beyond these the posterior is uniform, or a point, to within double precision.
_LEAST_SNR_DB = -100.0
_LARGEST_SNR_DB = 100.0


def check_snr_db(snr_db: float) -> float:
    """Check a signal-to-noise ratio that the exact cases can be computed at.

    Args:
        snr_db: SNR in dB.

    Returns:
        The value as a float.

    Raises:
        InputError: If it is not finite or outside -100..100 dB.
    """
    number = check_finite_number(snr_db, name="snr_db")
    if not _LEAST_SNR_DB <= number <= _LARGEST_SNR_DB:
        raise InputError(
            f"snr_db = {number:g} is outside [{_LEAST_SNR_DB:g}, {_LARGEST_SNR_DB:g}]; "
            "give a ratio in decibels"
        )
    return number


def check_radius(radius: float) -> float:
    """Check a distance, infinity allowed.

    Args:
        radius: Distance in data units.

    Returns:
        The value as a float.

    Raises:
        InputError: If it is NaN or negative.
    """
    number = math.inf if radius == math.inf else check_finite_number(radius, name="radius")
    if number < 0.0:
        raise InputError(f"radius = {number:g} is negative; give a distance of at least 0")
    return number


def check_width(
    array: ArrayLike, width: int, *, name: str
) -> Float[NDArray[np.float64], "n_draws width"]:
    """Check that an array holds rows of a given length.

    Args:
        array: Matrix of shape (n_draws, width).
        width: Expected number of columns.
        name: What to call it in messages.

    Returns:
        The matrix as float64.

    Raises:
        InputError: If it is no finite matrix of that width.
    """
    checked = check_points(array, name=name, min_points=1).astype(np.float64, copy=False)
    if checked.shape[1] != width:
        raise InputError(
            f"{name} has {checked.shape[1]} columns; this channel needs rows of {width}"
        )
    return checked
