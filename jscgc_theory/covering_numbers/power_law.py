"""The law K(r) = C r^-d with the joint uncertainty of its two constants."""

import math
from dataclasses import dataclass, replace
from typing import Any

from jscgc_theory.covering_numbers.logarithms import estimate_from_log, saturating_exp
from jscgc_theory.records import Estimate
from jscgc_theory.units import bits_to_nats

Z_95 = 1.959963984540054


@dataclass(frozen=True)
class PowerLaw:
    """ln p(r) = d ln r - ln C for a probability p of lying within r, with the errors of (d, ln C).

    With p = q this is Lemma 1 in the reading K = 1/q, eq. (15).
    """

    intrinsic_dim: float
    log_constant: float
    """ln C, C in (data unit)^d."""
    variance_dim: float
    variance_log_constant: float
    covariance: float
    """Of d and ln C; strong where the unit of length is far from the scale of reading."""
    n_points_used: int

    @property
    def finite_constant(self) -> float | None:
        """C if a floating-point number can hold it, else None."""
        constant = saturating_exp(self.log_constant)
        return constant if 0.0 < constant < math.inf else None

    @property
    def correlation(self) -> float:
        """Correlation of the errors of d and ln C, in the unit of length of the data."""
        spread = math.sqrt(self.variance_dim * self.variance_log_constant)
        return self.covariance / spread if spread > 0.0 else 0.0

    def with_extra_variance(self, variance_dim: float, log_scale: float) -> "PowerLaw":
        """Return the law with a further error of d, the probability at one radius held fixed.

        Args:
            variance_dim: Variance to add to d's.
            log_scale: ln of the radius at which the law was read.

        Returns:
            The law with larger errors.
        """
        return replace(
            self,
            variance_dim=self.variance_dim + variance_dim,
            variance_log_constant=self.variance_log_constant + log_scale**2 * variance_dim,
            covariance=self.covariance + log_scale * variance_dim,
        )

    def with_level_variance(self, error_bits: float) -> "PowerLaw":
        """Return the law for levels of p that are themselves uncertain.

        Args:
            error_bits: Standard error of log2 p, independent of the law's own errors.

        Returns:
            The law with a larger error of ln C, which moves a radius as ln p does.
        """
        variance = self.variance_log_constant + bits_to_nats(error_bits) ** 2
        return replace(self, variance_log_constant=variance)

    def log2_probability(self, radius: float) -> float:
        """Return log2 p(r).

        Args:
            radius: r, in data units.

        Returns:
            log2 of the probability.
        """
        log_p = self.intrinsic_dim * math.log(radius) - self.log_constant
        return log_p / bits_to_nats(1.0)

    def log2_probability_error(self, radius: float) -> float:
        """Return the standard error of log2 p(r).

        Args:
            radius: r, in data units.

        Returns:
            The standard error, in bits.
        """
        log_r = math.log(radius)
        variance = (
            log_r**2 * self.variance_dim
            + self.variance_log_constant
            - 2.0 * log_r * self.covariance
        )
        return math.sqrt(max(0.0, variance)) / bits_to_nats(1.0)

    def radius(self, log2_probability: float, method: str, **details: Any) -> Estimate:
        """Return the radius at which p falls to a given value, with a joint interval.

        The interval is normal in ln r, where errors of d enter multiplied by the distance from the
        scale at which the law was read.

        Args:
            log2_probability: log2 p.
            method: How to describe the result.
            **details: Further evidence.

        Returns:
            The radius, in data units.
        """
        d = self.intrinsic_dim
        log_r = (self.log_constant + bits_to_nats(log2_probability)) / d
        variance = (
            self.variance_log_constant
            + log_r**2 * self.variance_dim
            - 2.0 * log_r * self.covariance
        ) / d**2
        error = math.sqrt(max(0.0, variance))
        return Estimate(
            value=saturating_exp(log_r),
            interval=(saturating_exp(log_r - Z_95 * error), saturating_exp(log_r + Z_95 * error)),
            standard_error=saturating_exp(log_r) * error,
            method=method,
            n_points_used=self.n_points_used,
            details=details,
        )

    def constant(self, method: str, **details: Any) -> Estimate:
        """Return C with its interval.

        Args:
            method: How to describe the result.
            **details: Further evidence.

        Returns:
            C in (data unit)^d.
        """
        error = math.sqrt(max(0.0, self.variance_log_constant))
        return estimate_from_log(
            self.log_constant,
            (self.log_constant - Z_95 * error, self.log_constant + Z_95 * error),
            standard_error=saturating_exp(self.log_constant) * error,
            method=method,
            n_points_used=self.n_points_used,
            details=details,
        )
