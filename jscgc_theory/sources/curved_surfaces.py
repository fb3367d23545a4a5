"""Surfaces that bend both ways: torus of revolution and Moebius band."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.sources.manifold import Manifold, Sample, draw_by_rejection
from jscgc_theory.validation import check_count, check_positive


@dataclass(frozen=True)
class Torus(Manifold):
    """The uniform law, by area, on a torus of revolution.

    Args:
        ring_radius: Distance R of the tube's centre line from the axis.
        tube_radius: Radius r of the tube, below R.
    """

    ring_radius: float = 2.0
    tube_radius: float = 1.0

    def _check_sizes(self) -> None:
        check_positive(self.ring_radius, name="ring_radius")
        check_positive(self.tube_radius, name="tube_radius")
        if self.tube_radius >= self.ring_radius:
            raise InputError(
                f"tube_radius = {self.tube_radius:g} reaches the axis of a torus with ring_radius "
                f"= {self.ring_radius:g}; lower tube_radius"
            )

    @property
    def intrinsic_dim(self) -> int:
        """A surface."""
        return 2

    @property
    def natural_dim(self) -> int:
        """Three coordinates."""
        return 3

    @property
    def volume(self) -> float:
        """Area ``4 pi^2 R r``."""
        return 4.0 * math.pi**2 * self.ring_radius * self.tube_radius

    @property
    def diameter(self) -> float:
        """Outer diameter ``2 (R + r)``."""
        return 2.0 * (self.ring_radius + self.tube_radius)

    def _draw(self, n_points: int, rng: np.random.Generator) -> Sample:
        tube = draw_by_rejection(
            n_points,
            rng,
            lambda n: rng.uniform(0.0, 2.0 * math.pi, n),
            # The area element grows with the distance R + r cos(tube) from the axis.
            lambda angle: (
                (self.ring_radius + self.tube_radius * np.cos(angle))
                / (self.ring_radius + self.tube_radius)
            ),
        )
        around = rng.uniform(0.0, 2.0 * math.pi, n_points)
        from_axis = self.ring_radius + self.tube_radius * np.cos(tube)
        height = self.tube_radius * np.sin(tube)
        return np.column_stack((from_axis * np.cos(around), from_axis * np.sin(around), height))


@dataclass(frozen=True)
class MoebiusBand(Manifold):
    """The uniform law, by area, on a band about a circle, twisted by half turns.

    ``(rho cos t, rho sin t, v sin(k t / 2))`` with ``rho = R + v cos(k t / 2)`` and ``|v| <= w``.

    Args:
        half_twists: Number k of half turns; an odd number gives a one-sided band.
        radius: Radius R of the centre line.
        half_width: Half the width w of the band, below R.
    """

    half_twists: int = 1
    radius: float = 1.0
    half_width: float = 0.5

    def _check_sizes(self) -> None:
        check_count(self.half_twists, name="half_twists")
        check_positive(self.radius, name="radius")
        check_positive(self.half_width, name="half_width")
        if self.half_width >= self.radius:
            raise InputError(
                f"half_width = {self.half_width:g} reaches the axis of a band with radius = "
                f"{self.radius:g}; lower half_width"
            )

    @property
    def intrinsic_dim(self) -> int:
        """A surface."""
        return 2

    @property
    def natural_dim(self) -> int:
        """Three coordinates."""
        return 3

    @property
    def volume(self) -> float:
        """Area, the integral of the area element by Gauss-Legendre and trapezoidal quadrature."""
        v, weight = np.polynomial.legendre.leggauss(64)
        # The element repeats after two rounds; over its period the trapezoid converges fast.
        t = np.linspace(0.0, 4.0 * math.pi, 256 * self.half_twists, endpoint=False)
        element = self._area_element(t[:, None], self.half_width * v)
        return float(2.0 * math.pi * self.half_width * np.mean(element @ weight))

    @property
    def diameter(self) -> None:
        """Not offered in closed form."""
        return

    def _draw(self, n_points: int, rng: np.random.Generator) -> Sample:
        largest = math.hypot(
            self.radius + self.half_width, 0.5 * self.half_twists * self.half_width
        )
        parameters = draw_by_rejection(
            n_points,
            rng,
            lambda n: np.column_stack(
                (
                    rng.uniform(0.0, 2.0 * math.pi, n),
                    rng.uniform(-self.half_width, self.half_width, n),
                )
            ),
            lambda rows: self._area_element(rows[:, 0], rows[:, 1]) / largest,
        )
        t, v = parameters.T
        tilt = 0.5 * self.half_twists * t
        rho = self.radius + v * np.cos(tilt)
        return np.column_stack((rho * np.cos(t), rho * np.sin(t), v * np.sin(tilt)))

    def _area_element(self, t: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
        # The two tangent vectors are orthogonal and the one along v has unit length.
        turn = 0.5 * self.half_twists
        return np.asarray(np.hypot(self.radius + v * np.cos(turn * t), turn * v))
