"""Spheres and balls: uniform laws with closed q(r) and S(r) at every radius."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from jscgc_theory.sources.directions import uniform_directions
from jscgc_theory.sources.manifold import (
    Manifold,
    Sample,
    checked_radii,
    log_unit_ball_volume,
)
from jscgc_theory.validation import check_count, check_positive


@dataclass(frozen=True)
class Sphere(Manifold):
    """The uniform law on the sphere S^d of a given radius in R^(d+1), with chordal distance.

    Args:
        dim: Dimension d of the sphere; 1 is the circle.
        radius: Radius of the sphere.
    """

    dim: int
    radius: float = 1.0

    def _check_sizes(self) -> None:
        check_count(self.dim, name="dim")
        check_positive(self.radius, name="radius")

    @property
    def intrinsic_dim(self) -> int:
        """Dimension d of the sphere."""
        return self.dim

    @property
    def natural_dim(self) -> int:
        """One more than the dimension of the sphere."""
        return self.dim + 1

    @property
    def volume(self) -> float:
        """Surface measure ``(d + 1) V_(d+1) R^d``."""
        return (
            (self.dim + 1) * math.exp(log_unit_ball_volume(self.dim + 1)) * self.radius**self.dim
        )

    @property
    def diameter(self) -> float:
        """Twice the radius."""
        return 2.0 * self.radius

    def _draw(self, n_points: int, rng: np.random.Generator) -> Sample:
        return self.radius * uniform_directions(n_points, self.natural_dim, rng)

    def coincidence_probability(self, radius: ArrayLike) -> NDArray[np.float64]:
        r"""Probability that two points lie within a chord, ``q(r) = I_(r^2/4R^2)(d/2, d/2)``.

        ``(1 - cos theta)/2 = r^2/(4 R^2)`` has the Beta(d/2, d/2) law; I is the regularised
        incomplete beta function.

        Args:
            radius: Chord lengths.

        Returns:
            Probabilities, of the shape of ``radius``.
        """
        chord = checked_radii(radius) / (2.0 * self.radius)
        half = 0.5 * self.dim
        return np.asarray(special.betainc(half, half, np.minimum(chord, 1.0) ** 2))

    def small_ball_probability(self, radius: ArrayLike) -> NDArray[np.float64]:
        r"""Largest probability of a ball of R^m, ``S(r) = I_(r^2/R^2)(d/2, 1/2) / 2`` below R.

        The best centre lies inside the sphere, where the ball cuts the cap of half-angle
        ``arcsin(r/R)``; from r = R on the ball about the centre of the sphere holds everything.

        Args:
            radius: Radii of the ball.

        Returns:
            Probabilities, of the shape of ``radius``.
        """
        ratio = checked_radii(radius) / self.radius
        cap = 0.5 * special.betainc(0.5 * self.dim, 0.5, np.minimum(ratio, 1.0) ** 2)
        return np.where(ratio < 1.0, cap, 1.0)


@dataclass(frozen=True)
class Ball(Manifold):
    """The uniform law on a ball of R^d.

    Args:
        dim: Dimension d.
        radius: Radius of the ball.
    """

    dim: int
    radius: float = 1.0

    def _check_sizes(self) -> None:
        check_count(self.dim, name="dim")
        check_positive(self.radius, name="radius")

    @property
    def intrinsic_dim(self) -> int:
        """Dimension d of the ball."""
        return self.dim

    @property
    def natural_dim(self) -> int:
        """Dimension d of the ball."""
        return self.dim

    @property
    def volume(self) -> float:
        """Volume ``V_d R^d``."""
        return math.exp(log_unit_ball_volume(self.dim)) * self.radius**self.dim

    @property
    def diameter(self) -> float:
        """Twice the radius."""
        return 2.0 * self.radius

    def _draw(self, n_points: int, rng: np.random.Generator) -> Sample:
        reach = self.radius * rng.random((n_points, 1)) ** (1.0 / self.dim)
        return reach * uniform_directions(n_points, self.dim, rng)

    def coincidence_probability(self, radius: ArrayLike) -> NDArray[np.float64]:
        r"""Probability that two points lie within r (Deltheil, 1926).

        ``q = u^d I_(1-s^2)((d+1)/2, 1/2) + I_(s^2)((d+1)/2, (d+1)/2)`` with ``u = r/R`` and
        ``s = u/2``.

        Args:
            radius: Distances.

        Returns:
            Probabilities, of the shape of ``radius``.
        """
        ratio = np.minimum(checked_radii(radius) / self.radius, 2.0)
        square = (0.5 * ratio) ** 2
        half = 0.5 * (self.dim + 1)
        lens = ratio**self.dim * special.betainc(half, 0.5, 1.0 - square)
        return np.asarray(lens + special.betainc(half, half, square))

    def small_ball_probability(self, radius: ArrayLike) -> NDArray[np.float64]:
        """Largest probability of a ball, ``S(r) = min(1, r/R)^d``.

        Args:
            radius: Radii of the smaller ball.

        Returns:
            Probabilities, of the shape of ``radius``.
        """
        return np.asarray(np.minimum(checked_radii(radius) / self.radius, 1.0) ** self.dim)
