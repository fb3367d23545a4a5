"""Lines and surfaces rolled up without stretching: helix, Swiss roll, S-curve."""

import math
from dataclasses import dataclass

import numpy as np

from jscgc_theory.errors import InputError
from jscgc_theory.sources.manifold import Manifold, Sample, draw_by_rejection
from jscgc_theory.validation import check_positive


@dataclass(frozen=True)
class Helix(Manifold):
    """The uniform law, by length, on ``(a cos t, a sin t, b t)``, ``0 <= t <= 2 pi turns``.

    Args:
        radius: Radius a of the cylinder.
        rise: Height b gained per radian.
        turns: Number of turns.
    """

    radius: float = 1.0
    rise: float = 0.2
    turns: float = 2.0

    def _check_sizes(self) -> None:
        check_positive(self.radius, name="radius")
        check_positive(self.rise, name="rise")
        check_positive(self.turns, name="turns")

    @property
    def intrinsic_dim(self) -> int:
        """A curve."""
        return 1

    @property
    def natural_dim(self) -> int:
        """Three coordinates."""
        return 3

    @property
    def volume(self) -> float:
        """Length ``2 pi turns sqrt(a^2 + b^2)``."""
        return 2.0 * math.pi * self.turns * math.hypot(self.radius, self.rise)

    @property
    def diameter(self) -> None:
        """Not offered in closed form."""
        return

    def _draw(self, n_points: int, rng: np.random.Generator) -> Sample:
        t = rng.uniform(0.0, 2.0 * math.pi * self.turns, n_points)
        return np.column_stack((self.radius * np.cos(t), self.radius * np.sin(t), self.rise * t))


@dataclass(frozen=True)
class SwissRoll(Manifold):
    """The uniform law, by area, on ``(t cos t, y, t sin t)``, the rolled-up rectangle.

    Args:
        first_angle: Least t.
        last_angle: Largest t.
        height: Extent of y.
    """

    first_angle: float = 1.5 * math.pi
    last_angle: float = 4.5 * math.pi
    height: float = 21.0

    def _check_sizes(self) -> None:
        check_positive(self.first_angle, name="first_angle")
        check_positive(self.last_angle, name="last_angle")
        check_positive(self.height, name="height")
        if self.last_angle <= self.first_angle:
            raise InputError(
                f"last_angle = {self.last_angle:g} is not above first_angle = "
                f"{self.first_angle:g}; raise last_angle"
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
        """Area: height times the length of the spiral, ``L(t) = (t sqrt(1+t^2) + asinh t)/2``."""
        return self.height * (_spiral_length(self.last_angle) - _spiral_length(self.first_angle))

    @property
    def diameter(self) -> None:
        """Not offered in closed form."""
        return

    def _draw(self, n_points: int, rng: np.random.Generator) -> Sample:
        t = draw_by_rejection(
            n_points,
            rng,
            lambda n: rng.uniform(self.first_angle, self.last_angle, n),
            lambda angle: np.sqrt((1.0 + angle**2) / (1.0 + self.last_angle**2)),
        )
        y = rng.uniform(0.0, self.height, n_points)
        return np.column_stack((t * np.cos(t), y, t * np.sin(t)))


@dataclass(frozen=True)
class SCurve(Manifold):
    """The uniform law, by area, on two half-turned quarter cylinders that form an S.

    The profile is ``(sin t, sign(t) (cos t - 1))`` for ``|t| <= 3 pi / 2``, of unit speed.

    Args:
        height: Extent of the straight direction.
    """

    height: float = 2.0

    def _check_sizes(self) -> None:
        check_positive(self.height, name="height")

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
        """Area ``3 pi height``."""
        return 3.0 * math.pi * self.height

    @property
    def diameter(self) -> None:
        """Not offered in closed form."""
        return

    def _draw(self, n_points: int, rng: np.random.Generator) -> Sample:
        t = rng.uniform(-1.5 * math.pi, 1.5 * math.pi, n_points)
        y = rng.uniform(0.0, self.height, n_points)
        return np.column_stack((np.sin(t), y, np.sign(t) * (np.cos(t) - 1.0)))


def _spiral_length(angle: float) -> float:
    return 0.5 * (angle * math.hypot(1.0, angle) + math.asinh(angle))
