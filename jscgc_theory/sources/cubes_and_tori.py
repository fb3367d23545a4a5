"""Cubes and flat tori: uniform laws with closed q(r) at the radii stated."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from jscgc_theory.sources.manifold import (
    Manifold,
    Sample,
    checked_radii,
    log_unit_ball_volume,
)
from jscgc_theory.validation import check_count, check_positive


@dataclass(frozen=True)
class Cube(Manifold):
    """The uniform law on a cube of R^d.

    Args:
        dim: Dimension d.
        side: Length of an edge.
    """

    dim: int
    side: float = 1.0

    def _check_sizes(self) -> None:
        check_count(self.dim, name="dim")
        check_positive(self.side, name="side")

    @property
    def intrinsic_dim(self) -> int:
        """Dimension d of the cube."""
        return self.dim

    @property
    def natural_dim(self) -> int:
        """Dimension d of the cube."""
        return self.dim

    @property
    def volume(self) -> float:
        """Volume ``side^d``."""
        return self.side**self.dim

    @property
    def diameter(self) -> float:
        """Length of the diagonal."""
        return self.side * math.sqrt(self.dim)

    def _draw(self, n_points: int, rng: np.random.Generator) -> Sample:
        return self.side * rng.random((n_points, self.dim))

    def coincidence_probability(self, radius: ArrayLike) -> NDArray[np.float64]:
        r"""Probability that two points lie within r, for r up to the side.

        Coordinate differences t have density ``1 - |t|`` (unit side), hence by Dirichlet's
        integral ``q(r) = sum_k binom(d, k) (-1)^k r^(d+k) pi^((d-k)/2) / Gamma(1 + (d+k)/2)``.

        Args:
            radius: Distances, at most ``side``.

        Returns:
            Probabilities, of the shape of ``radius``.

        Raises:
            InputError: If a distance exceeds the side, where the sum no longer holds.
        """
        ratio = checked_radii(radius, largest=self.side, limit="the side") / self.side
        k = np.arange(self.dim + 1)
        order = 0.5 * (self.dim + k)
        log_weight = (
            special.gammaln(self.dim + 1.0)
            - special.gammaln(k + 1.0)
            - special.gammaln(self.dim - k + 1.0)
            + 0.5 * (self.dim - k) * math.log(math.pi)
            - special.gammaln(1.0 + order)
        )
        signed = np.where(k % 2 == 0, 1.0, -1.0) * np.exp(log_weight)
        return np.asarray(ratio**self.dim * np.polynomial.polynomial.polyval(ratio, signed))

    def small_ball_probability(self, radius: ArrayLike) -> NDArray[np.float64]:
        """Largest probability of a ball, ``S(r) = V_d (r/side)^d``, for r up to half the side.

        Args:
            radius: Radii of the ball, at most ``side / 2``.

        Returns:
            Probabilities, of the shape of ``radius``.

        Raises:
            InputError: If a radius exceeds half the side, where the ball leaves the cube.
        """
        ratio = checked_radii(radius, largest=0.5 * self.side, limit="half the side") / self.side
        return np.asarray(np.exp(log_unit_ball_volume(self.dim)) * ratio**self.dim)


@dataclass(frozen=True)
class FlatTorus(Manifold):
    """The uniform law on a product of unit circles (S^1)^k in R^(2k).

    Args:
        dim: Number k of circles.
    """

    dim: int

    def _check_sizes(self) -> None:
        check_count(self.dim, name="dim")

    @property
    def intrinsic_dim(self) -> int:
        """Number of circles."""
        return self.dim

    @property
    def natural_dim(self) -> int:
        """Two coordinates a circle."""
        return 2 * self.dim

    @property
    def volume(self) -> float:
        """Volume ``(2 pi)^k``."""
        return (2.0 * math.pi) ** self.dim

    @property
    def diameter(self) -> float:
        """Distance ``2 sqrt(k)`` of opposite points."""
        return 2.0 * math.sqrt(self.dim)

    def _draw(self, n_points: int, rng: np.random.Generator) -> Sample:
        angle = rng.uniform(0.0, 2.0 * math.pi, (n_points, self.dim))
        return np.stack((np.cos(angle), np.sin(angle)), axis=2).reshape(n_points, -1)

    def coincidence_probability(self, radius: ArrayLike) -> NDArray[np.float64]:
        r"""Probability that two points lie within r in R^(2k), for r up to 1.9 (any r if k = 1).

        One circle contributes ``u = r^2 / 4`` with density
        ``g(u) = sum_m binom(2m, m) 4^-m u^(m - 1/2) / pi`` on (0, 1); the density of k of them is
        the k-fold convolution, again ``u^(k/2 - 1)`` times a power series with positive
        coefficients, by ``u^(a-1) * u^(b-1) = B(a, b) u^(a+b-1)``.

        Args:
            radius: Distances, at most 1.9.

        Returns:
            Probabilities, of the shape of ``radius``.

        Raises:
            InputError: If k > 1 and a distance exceeds 1.9; the series diverges from 2 on.
        """
        if self.dim == 1:
            chord = np.minimum(0.5 * checked_radii(radius), 1.0)
            return np.asarray(2.0 / math.pi * np.arcsin(chord))
        ratio = checked_radii(radius, largest=_SERIES_REACH, limit="the reach of the series") / 2.0
        series = _torus_density_series(self.dim)
        order = 0.5 * self.dim
        integrated = series / (order + np.arange(len(series)))
        polynomial = np.polynomial.polynomial.polyval(ratio**2, integrated)
        return np.asarray(ratio**self.dim * polynomial)


_SERIES_REACH = 1.9
# 400 terms of a series in (1.9/2)^2 leave a tail below 1e-16 of the whole.
_SERIES_TERMS = 400


@lru_cache(maxsize=32)
def _torus_density_series(n_circles: int) -> NDArray[np.float64]:
    m = np.arange(_SERIES_TERMS)
    one = (
        np.exp(special.gammaln(2.0 * m + 1.0) - 2.0 * special.gammaln(m + 1.0) - m * math.log(4.0))
        / math.pi
    )
    series = one
    for done in range(1, n_circles):
        products = np.outer(series, one) * special.beta(0.5 * done + m[:, None], 0.5 + m)
        # Entry (i, m) of the product belongs to the power i + m: sum along antidiagonals.
        powers = (m[:, None] + m).ravel()
        series = np.bincount(powers, products.ravel())[:_SERIES_TERMS]
    return np.asarray(series)
