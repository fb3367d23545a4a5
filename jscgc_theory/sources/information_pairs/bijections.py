"""Injective maps that make an easy pair hard to read: tails, kinks, spirals, rolls.

References:
    Czyz, Grabowski, Vogt, Beerenwinkel, Marx, "Beyond normal: On the evaluation of mutual
    information estimators", NeurIPS 2023.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, logsumexp, ndtr, ndtri_exp

from jscgc_theory.errors import InputError
from jscgc_theory.sources.information_pairs.pair_source import Rows

RowMap = Callable[[Rows], Rows]

_SPIRAL_SPEED = 1.0 / 3.0
# Deviations about the humps that hold all but 1e-16 of the mass, and steps in one.
_REACH = 9.0
_STEPS_PER_DEVIATION = 1000


class Bijection(NamedTuple):
    """An injective map for X and one for Y."""

    name: str
    """In plain words."""
    x_map: RowMap
    """Applied to the rows of X."""
    y_map: RowMap
    """Applied to the rows of Y."""


def unchanged(rows: Rows) -> Rows:
    """Return the rows as they are."""
    return rows


def _cube(rows: Rows) -> Rows:
    return rows**3


def _half_cube(rows: Rows) -> Rows:
    return np.asarray(rows * np.sqrt(np.abs(rows)))


def _wiggly_x(rows: Rows) -> Rows:
    # The slope stays above 0.16: 1 - 0.4 - 0.34 - 0.099.
    return np.asarray(
        rows
        + 0.4 * np.sin(rows)
        + 0.2 * np.sin(1.7 * rows + 1.0)
        + 0.03 * np.sin(3.3 * rows - 2.5)
    )


def _wiggly_y(rows: Rows) -> Rows:
    return np.asarray(
        rows
        - 0.4 * np.sin(0.4 * rows)
        + 0.17 * np.sin(1.3 * rows + 3.5)
        + 0.02 * np.sin(4.3 * rows - 2.5)
    )


def spiral(first: int, second: int, speed: float = _SPIRAL_SPEED) -> RowMap:
    """Return the map that turns a plane by an angle proportional to the squared norm.

    Args:
        first: Column that starts the plane.
        second: The other column.
        speed: Radians per unit of squared norm.

    Returns:
        The map; it keeps the norm, so turning back by the same angle undoes it.
    """

    def turned(rows: Rows) -> Rows:
        if max(first, second) >= rows.shape[1]:
            raise InputError(
                f"a spiral in columns {first} and {second} needs more than {rows.shape[1]} "
                "columns; map a pair of higher dimension"
            )
        angle = speed * np.sum(rows**2, axis=1)
        cos, sin = np.cos(angle), np.sin(angle)
        result = rows.copy()
        result[:, first] = cos * rows[:, first] - sin * rows[:, second]
        result[:, second] = sin * rows[:, first] + cos * rows[:, second]
        return result

    return turned


def _swiss_roll(rows: Rows) -> Rows:
    if rows.shape[1] != 1:
        raise InputError(f"a Swiss roll takes one column, not {rows.shape[1]}; map a 1 + 1 pair")
    angle = 1.5 * math.pi * (1.0 + 2.0 * ndtr(rows[:, 0]))
    return np.column_stack((angle * np.cos(angle), angle * np.sin(angle))) / 21.0


def two_humps(share: float, left: float, right: float) -> RowMap:
    """Return the increasing map that takes N(0, 1) to a mixture of two unit Gaussians.

    Args:
        share: Weight of the left one.
        left: Its mean.
        right: Mean of the other one.

    Returns:
        The map. It runs along a table, but an increasing one, so it is injective as it stands.
    """

    def shaped(rows: Rows) -> Rows:
        normal, humps = _humps_table(share, left, right)
        return np.asarray(np.interp(rows, normal, humps))

    return shaped


@cache
def _humps_table(
    share: float, left: float, right: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return normal quantiles and those of the mixture at the same probabilities."""
    low, high = left - _REACH, right + _REACH
    humps = np.linspace(low, high, int((high - low) * _STEPS_PER_DEVIATION))
    parts = ((share, left), (1.0 - share, right))
    # In the upper tail the distribution function is flat; there the survival function serves.
    below = logsumexp([math.log(w) + log_ndtr(humps - mean) for w, mean in parts], axis=0)
    above = logsumexp([math.log(w) + log_ndtr(mean - humps) for w, mean in parts], axis=0)
    return np.where(below < above, ndtri_exp(below), -ndtri_exp(above)), humps


ASINH = Bijection("arcsinh", np.arcsinh, np.arcsinh)
CUBE = Bijection("cube", _cube, _cube)
HALF_CUBE = Bijection("half-cube", _half_cube, _half_cube)
NORMAL_CDF = Bijection("normal CDF", ndtr, ndtr)
WIGGLY = Bijection("wiggly map", _wiggly_x, _wiggly_y)
SPIRAL = Bijection("spiral", spiral(0, 1), spiral(1, 2))
SWISS_ROLL = Bijection("Swiss roll", _swiss_roll, ndtr)
TWO_HUMPS = Bijection("two humps", two_humps(0.3, 0.0, 5.0), two_humps(0.5, -1.0, 3.0))
