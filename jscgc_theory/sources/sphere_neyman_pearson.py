"""The Neyman-Pearson test between joint law and product law of the sphere channel."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from jscgc_theory.bounds.roots import bracketed_root
from jscgc_theory.sources.quadrature import gauss_legendre
from jscgc_theory.sources.sphere_law import SphereLaw
from jscgc_theory.sources.spherical_caps import log2_cap_probability
from jscgc_theory.sources.von_mises_fisher import (
    log_scaled_normaliser,
    probability_of_deficit_below,
)
from jscgc_theory.units import bits_to_nats, nats_to_bits

_N_NORMS = 160

_Array = NDArray[np.float64]


class SphereNeymanPearson:
    r"""The test ``i(x; y_hat) > g``, with i = -kappa s - L(kappa) nats, s = 1 - cos(angle).

    Given R = |y_hat|/sigma the test accepts a cap, s < s_g(R) = -(L(kappa) + g)/kappa. Under the
    joint law the cap has its von Mises-Fisher probability, under the product law its share of
    the sphere; both are averaged over the law of R. The cap is empty below a norm R* if g >= 0
    and the whole sphere below R* if g < 0; g is a monotone function of R* signed by that choice,
    so the search runs over signed R* and the integrals start exactly at the kink.

    Args:
        law: Law of the norm and the angles.
    """

    def __init__(self, law: SphereLaw) -> None:
        self._law = law
        self._dim = law.dim
        self._low, self._high = law.norm_support

    def log2_beta(self, outage_probability: float) -> float:
        """Return log2 of the product-law probability of the test that rejects P_e.

        Args:
            outage_probability: Joint-law probability of rejection.

        Returns:
            log2 beta.
        """
        kink = bracketed_root(
            lambda value: self._rejected(value) - outage_probability, -self._high, self._high
        )
        weight, _, deficit = self._caps(kink)
        shares = [log2_cap_probability(radius, self._dim) for radius in np.sqrt(2.0 * deficit)]
        with np.errstate(divide="ignore"):
            log_weights = np.log(np.append(weight, self._whole_sphere(kink)))
        log_terms = log_weights + bits_to_nats(1.0) * np.append(shares, 0.0)
        return min(0.0, nats_to_bits(float(logsumexp(log_terms))))

    def _rejected(self, kink: float) -> float:
        weight, kappa, deficit = self._caps(kink)
        kept = float(weight @ probability_of_deficit_below(deficit, kappa, self._dim))
        return 1.0 - kept - self._whole_sphere(kink)

    def _caps(self, kink: float) -> tuple[_Array, _Array, _Array]:
        """Return weights, concentrations and cap deficits of the norms above the kink."""
        start = max(abs(kink), self._low)
        # A cap opens like a power d/2 of R - R*, which is smooth in u with R = R* + u^2.
        u, weight = gauss_legendre(0.0, math.sqrt(self._high - start), _N_NORMS)
        norm = start + u * u
        kappa = self._law.noncentrality * norm
        nats = -log_scaled_normaliser(kappa, self._dim) - self._threshold_nats(kink)
        return (
            2.0 * u * weight * self._law.norm_density(norm),
            kappa,
            np.clip(nats / kappa, 0.0, 2.0),
        )

    def _threshold_nats(self, kink: float) -> float:
        kappa = self._law.noncentrality * abs(kink)
        normaliser = float(log_scaled_normaliser(np.array([kappa]), self._dim)[0])
        return -normaliser if kink >= 0.0 else -normaliser - 2.0 * kappa

    def _whole_sphere(self, kink: float) -> float:
        """Return the probability of the norms at which the test accepts everything."""
        if kink >= -self._low:
            return 0.0
        norm, weight = gauss_legendre(self._low, -kink, _N_NORMS)
        return float(weight @ self._law.norm_density(norm))
