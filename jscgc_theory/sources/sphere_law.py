"""The joint law of output norm and angles for the sphere channel, by quadrature."""

import math
from functools import cached_property

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.special import gammaln

from jscgc_theory.sources.quadrature import DensityLaw, gauss_legendre
from jscgc_theory.sources.von_mises_fisher import (
    log_angle_density,
    log_scaled_normaliser,
    log_uniform_angle_density,
    mean_deficit,
)
from jscgc_theory.units import nats_to_bits

# R has a standard deviation of at most 1.
_NORM_DEVIATIONS = 11.0
_N_NORMS = 120
_N_NEAR_DEVIATIONS = 14.0
# Of the information density P(i < -b) <= 2^-b: what lies below is beyond double precision.
_LEAST_BITS = -55.0
_LEAST_MASS = 1e-20


class SphereLaw:
    """Laws of ``R = |y_hat|/sigma`` and of the angles to x and to a posterior draw.

    Args:
        dim: d of S^d.
        noncentrality: ``sqrt(d+1)/sigma``; the posterior concentration is noncentrality times R.
    """

    def __init__(self, dim: int, noncentrality: float) -> None:
        self.dim = dim
        self.noncentrality = noncentrality

    def norm_density(self, norm: Float[NDArray[np.float64], " n"]) -> NDArray[np.float64]:
        """Return the density of ``R = |y_hat|/sigma``.

        Args:
            norm: Values of R.

        Returns:
            Noncentral chi density with d+1 degrees of freedom.
        """
        d = self.dim
        normaliser = log_scaled_normaliser(self.noncentrality * norm, d)
        constant = float(gammaln(0.5 * (d + 1))) + 0.5 * (d - 1) * math.log(2.0)
        distance = norm - self.noncentrality
        result: NDArray[np.float64] = np.exp(
            d * np.log(np.maximum(norm, 1e-300)) + normaliser - constant - 0.5 * distance**2
        )
        return result

    @property
    def norm_support(self) -> tuple[float, float]:
        """Interval that holds R but for a probability below 1e-20."""
        centre = math.sqrt(self.noncentrality**2 + self.dim)
        return max(0.0, centre - _NORM_DEVIATIONS), centre + _NORM_DEVIATIONS

    @cached_property
    def _kappas(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        norm, weight = gauss_legendre(*self.norm_support, _N_NORMS)
        return self.noncentrality * norm, weight * self.norm_density(norm)

    @cached_property
    def _angle_edges(self) -> NDArray[np.float64]:
        # Panels two posterior deviations wide where the mass lies, growing from there to pi.
        deviation = 1.0 / math.sqrt(max(1.0, self.dim, self.noncentrality**2))
        n_near = math.ceil(0.5 * (1.7 * math.sqrt(self.dim) + _N_NEAR_DEVIATIONS))
        edges = [2.0 * deviation * step for step in range(n_near + 1)]
        while edges[-1] < math.pi:
            edges.append(1.5 * edges[-1])
        inside = [edge for edge in edges if edge < 0.98 * math.pi]
        return np.array([*inside, math.pi])

    @cached_property
    def angle_law_best(self) -> DensityLaw:
        """Law of the angle between X and the direction of ``y_hat``."""
        kappa, weight = self._kappas

        def density(angle: NDArray[np.float64]) -> NDArray[np.float64]:
            logs = log_angle_density(angle[:, None], kappa, self.dim)
            result: NDArray[np.float64] = np.exp(logs) @ weight
            return result

        return DensityLaw(density, self._angle_edges)

    @cached_property
    def angle_law_posterior(self) -> DensityLaw:
        """Law of the angle between X and an independent draw from p(x | y_hat)."""
        kappa, weight = self._kappas
        normaliser = log_scaled_normaliser(kappa, self.dim)

        def density(angle: NDArray[np.float64]) -> NDArray[np.float64]:
            # At pi the cosine is rounded to +-1e-16 and kappa must not turn negative.
            cosine = np.maximum(np.cos(0.5 * angle[:, None]), 0.0)
            gain = log_scaled_normaliser(2.0 * kappa * cosine, self.dim) - 2.0 * normaliser
            loss = 4.0 * kappa * np.sin(0.25 * angle[:, None]) ** 2
            uniform = log_uniform_angle_density(angle, self.dim)[:, None]
            result: NDArray[np.float64] = np.exp(gain - loss + uniform) @ weight
            return result

        return DensityLaw(density, self._angle_edges)

    def mutual_information_nats(self) -> float:
        """Return ``E[kappa A(kappa) - log M(kappa)]``."""
        kappa, weight = self._kappas
        nats = -kappa * mean_deficit(kappa, self.dim) - log_scaled_normaliser(kappa, self.dim)
        # Near 0 rounding may leave it below.
        return max(0.0, float(nats @ weight))

    def mmse(self) -> float:
        """Return ``1 - E A(kappa)^2``, exact also when it is tiny."""
        kappa, weight = self._kappas
        deficit = mean_deficit(kappa, self.dim)
        return float((deficit * (2.0 - deficit)) @ weight)

    def information_density_law(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the law of the information density as the nodes of the quadrature.

        Returns:
            Densities in bits and their masses under the joint law.
        """
        kappa, weight = self._kappas
        angle = self.angle_law_best.nodes[:, None]
        masses = self.angle_law_best.weights[:, None] * weight
        masses = masses * np.exp(log_angle_density(angle, kappa, self.dim))
        nats = -2.0 * kappa * np.sin(0.5 * angle) ** 2 - log_scaled_normaliser(kappa, self.dim)
        bits = nats_to_bits(1.0) * nats
        kept = (masses > _LEAST_MASS) & (bits > _LEAST_BITS)
        return bits[kept], masses[kept]
