r"""The law of distances from a mode: a power law tilted by exp(gamma u^2).

Around the densest centre the distances below a radius r_0 have the density

    f(u) ~ u^(d-1) exp(gamma u^2),    u = r / r_0 in (0, 1),

with gamma for curvature and for the fall of the density: exact about the mode of a Gaussian, and
right to the order u^2 about any smooth one. Positive for every gamma, it stays usable over wider
neighbourhoods than the linear 1 + beta u^2.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from scipy.optimize import brentq
from scipy.special import hyp1f1

from jscgc_theory.covering_numbers.logarithms import saturating_exp
from jscgc_theory.covering_numbers.power_law import Z_95, PowerLaw
from jscgc_theory.records import Estimate
from jscgc_theory.units import bits_to_nats

_LARGEST_TILT = 30.0


def log_mass_ratio(d: float, tilt: float) -> float:
    """Return ln of the mass below r_0 against the power law that agrees at zero.

    The ratio is 1F1(d/2; d/2 + 1; gamma).

    Args:
        d: Dimension.
        tilt: gamma.

    Returns:
        The logarithm.
    """
    return math.log(float(hyp1f1(d / 2.0, d / 2.0 + 1.0, tilt)))


def mean_square(d: float, tilt: float) -> float:
    """Return E[u^2].

    Args:
        d: Dimension.
        tilt: gamma.

    Returns:
        The mean, d / (d + 2) without tilt.
    """
    ratio = float(
        hyp1f1(d / 2.0 + 1.0, d / 2.0 + 2.0, tilt) / hyp1f1(d / 2.0, d / 2.0 + 1.0, tilt)
    )
    return d / (d + 2.0) * ratio


def tilt_given_mean_square(d: float, mean: float) -> float:
    """Return the gamma at which E[u^2] has a given value.

    Args:
        d: Dimension.
        mean: E[u^2].

    Returns:
        gamma, limited to +-30.
    """
    if mean <= mean_square(d, -_LARGEST_TILT):
        return -_LARGEST_TILT
    if mean >= mean_square(d, _LARGEST_TILT):
        return _LARGEST_TILT
    return float(
        brentq(lambda tilt: mean_square(d, tilt) - mean, -_LARGEST_TILT, _LARGEST_TILT, xtol=1e-10)
    )


@dataclass(frozen=True)
class TiltedLaw:
    """ln p(r) = ln p_0 + d ln u + ln 1F1(gamma u^2) - ln 1F1(gamma), with its errors."""

    intrinsic_dim: float
    variance_dim: float
    log_scale: float
    """ln r_0, in data units."""
    log_share: float
    """ln p_0, the probability of lying within r_0."""
    variance_log_share: float
    mean_square: float | None
    """E[u^2] below r_0, which determines gamma; None for the plain power law."""
    variance_mean_square: float
    n_points_used: int

    @property
    def tilt(self) -> float:
        """The tilt gamma that gives E[u^2] its value."""
        if self.mean_square is None:
            return 0.0
        return tilt_given_mean_square(self.intrinsic_dim, self.mean_square)

    @property
    def log_constant(self) -> float:
        """The logarithm of lim r^d / p as r goes to zero."""
        tilt = log_mass_ratio(self.intrinsic_dim, self.tilt)
        return self.intrinsic_dim * self.log_scale - self.log_share + tilt

    def log_probability(self, log_radius: float) -> float:
        """Return ln p(r), in nats.

        Args:
            log_radius: ln r.

        Returns:
            The logarithm of the probability.
        """
        d, log_u = self.intrinsic_dim, log_radius - self.log_scale
        tilt = self.tilt
        curve = log_mass_ratio(d, tilt * math.exp(2.0 * log_u)) - log_mass_ratio(d, tilt)
        return self.log_share + d * log_u + curve

    def power_law(self) -> PowerLaw:
        """Return the power law it tends to as r goes to zero.

        Returns:
            The law, with the joint errors of its constants.
        """
        by_dim, by_mean = self._slopes(lambda law: law.log_constant)
        return PowerLaw(
            self.intrinsic_dim,
            self.log_constant,
            self.variance_dim,
            by_dim**2 * self.variance_dim
            + by_mean**2 * self.variance_mean_square
            + self.variance_log_share,
            by_dim * self.variance_dim,
            self.n_points_used,
        )

    def radius(self, log2_probability: float, method: str) -> Estimate:
        """Return the radius at which p falls to a given value, at most p_0.

        Args:
            log2_probability: log2 p.
            method: How to describe the result.

        Returns:
            The radius, in data units, with an interval that is normal in ln r.
        """
        log_p = bits_to_nats(log2_probability)
        log_r = self._log_radius(log_p)
        by_dim, by_mean = self._slopes(lambda law: law.log_probability(log_r))
        variance = (
            by_dim**2 * self.variance_dim
            + by_mean**2 * self.variance_mean_square
            + self.variance_log_share
        )
        step = 1e-4
        steepness = (self.log_probability(log_r + step) - self.log_probability(log_r - step)) / (
            2.0 * step
        )
        error = math.sqrt(variance) / steepness
        return Estimate(
            value=saturating_exp(log_r),
            interval=(saturating_exp(log_r - Z_95 * error), saturating_exp(log_r + Z_95 * error)),
            standard_error=saturating_exp(log_r) * error,
            method=method,
            n_points_used=self.n_points_used,
        )

    def _log_radius(self, log_p: float) -> float:
        d = self.intrinsic_dim
        # The tilt changes the mass within u < 1 by at most its full effect.
        start = self.log_scale + (log_p - self.log_share) / d
        reach = abs(log_mass_ratio(d, self.tilt)) / d + 1e-6
        return float(
            brentq(
                lambda log_r: self.log_probability(log_r) - log_p,
                start - reach,
                start + reach,
                xtol=1e-12,
            )
        )

    def _slopes(self, function: Callable[["TiltedLaw"], float]) -> tuple[float, float]:
        """Return the derivatives by d and by E[u^2]."""
        step = 1e-4 * self.intrinsic_dim
        by_dim = (
            function(replace(self, intrinsic_dim=self.intrinsic_dim + step))
            - function(replace(self, intrinsic_dim=self.intrinsic_dim - step))
        ) / (2.0 * step)
        if self.mean_square is None:
            return by_dim, 0.0
        # Over one standard error, since the dependence is curved.
        width = math.sqrt(self.variance_mean_square) or 1e-6
        by_mean = (
            function(replace(self, mean_square=self.mean_square + width))
            - function(replace(self, mean_square=self.mean_square - width))
        ) / (2.0 * width)
        return by_dim, by_mean
