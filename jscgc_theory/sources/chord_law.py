"""Laws of the squared chord of a circle, the terms of a squared distance on the torus."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.sources.iid_sum import PositiveLaw
from jscgc_theory.sources.quadrature import DensityLaw

_POINTS_PER_PANEL = 64

_Vector = Float[NDArray[np.float64], " n"]


def uniform_chord_law() -> PositiveLaw:
    """Return the law of ``|x - x'|^2 = 2 - 2 cos(angle)`` for independent uniform points."""

    def cumulative(squared: _Vector) -> _Vector:
        return _angle_of(squared) / np.pi

    def partial_mean(squared: _Vector) -> _Vector:
        angle = _angle_of(squared)
        # 2 (angle - sin angle) loses digits near 0, where it is angle^3 / 3.
        small = angle**3 * (1.0 / 3.0 - angle**2 / 60.0 + angle**4 / 2520.0)
        return np.where(angle < 0.02, small, 2.0 * (angle - np.sin(angle))) / np.pi

    return PositiveLaw(cumulative, partial_mean)


def chord_law(angle_law: DensityLaw) -> PositiveLaw:
    """Return the law of the squared chord of an angle whose density is known.

    Args:
        angle_law: Law of the angle on [0, pi].

    Returns:
        The law of ``2 - 2 cos(angle)``, by cubic splines through the density.
    """
    # Importing scipy.interpolate costs more than the rest of this module.
    from scipy.interpolate import CubicSpline

    edges = angle_law.edges
    fraction = np.arange(_POINTS_PER_PANEL) / _POINTS_PER_PANEL
    inner = edges[:-1, None] + np.diff(edges)[:, None] * fraction
    angle = np.append(inner.ravel(), edges[-1])
    density = angle_law.density(angle)
    mass = CubicSpline(angle, density).antiderivative()
    moment = CubicSpline(angle, 4.0 * np.sin(0.5 * angle) ** 2 * density).antiderivative()
    return PositiveLaw(
        lambda squared: np.asarray(mass(_angle_of(squared))),
        lambda squared: np.asarray(moment(_angle_of(squared))),
    )


def _angle_of(squared: _Vector) -> _Vector:
    return np.asarray(2.0 * np.arcsin(np.sqrt(np.minimum(0.25 * squared, 1.0))))
