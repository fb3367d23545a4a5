"""A simulation of an exact case, to stand beside its exact values."""

import math

import numpy as np

from jscgc_theory.bounds import meta_converse_log2_beta
from jscgc_theory.inconsistency import empirical_radius
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.sources import ExactChannel

_CONFIDENCE = 0.95
_NORMAL_QUANTILE = 1.959963984540054
# Memory: one block of draws holds at most so many coordinates.
_LARGEST_BLOCK = 2**22


class ExactDraws:
    """Draws of distances and information densities from one channel.

    Args:
        channel: The channel.
        n_draws: Number of pairs (x, y_hat), each with one posterior draw.
        rng: Source of randomness.
    """

    def __init__(self, channel: ExactChannel, n_draws: int, rng: np.random.Generator) -> None:
        self._channel = channel
        block = max(1, _LARGEST_BLOCK // channel.ambient_dim)
        parts = [
            self._draw(min(block, n_draws - start), rng) for start in range(0, n_draws, block)
        ]
        self.posterior, self.best, self.information_density_bits = (
            np.concatenate(column) for column in zip(*parts, strict=True)
        )

    def _draw(self, n_draws: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        x, y_hat = self._channel.sample(n_draws, rng)
        generated = self._channel.sample_posterior(y_hat, rng)
        return (
            self._channel.distances(x, generated),
            self._channel.distances(x, self._channel.decode(y_hat)),
            self._channel.information_density_bits(x, y_hat),
        )

    def estimates(self, outage_probability: float) -> dict[str, Estimate]:
        """Return the simulated quantities.

        Args:
            outage_probability: P_e.

        Returns:
            Estimates named as the fields of a row.
        """
        return {
            "mi_bits": self._mi_bits(),
            "radius_posterior": empirical_radius(self.posterior, outage_probability),
            "radius_best": empirical_radius(self.best, outage_probability),
            "meta_converse": self._meta_converse(outage_probability),
        }

    def _mi_bits(self) -> Estimate:
        bits = self.information_density_bits
        error = float(bits.std(ddof=1)) / math.sqrt(bits.size) if bits.size > 1 else math.inf
        reach = _NORMAL_QUANTILE * error
        value = float(bits.mean())
        return Estimate(
            value=value,
            interval=(value - reach, value + reach),
            confidence=_CONFIDENCE,
            standard_error=error,
            method="mean information density",
            n_points_used=bits.size,
        )

    def _meta_converse(self, outage_probability: float) -> Estimate:
        bits = self.information_density_bits
        log2_beta, error = meta_converse_log2_beta(bits, outage_probability)
        value = self._radius(log2_beta)
        if not math.isfinite(error):
            message = (
                f"{bits.size} draws do not reach the quantile of P_e = {outage_probability:g}"
            )
            return Estimate(
                value=value,
                confidence=_CONFIDENCE,
                method="Neyman-Pearson on draws",
                n_points_used=bits.size,
                notices=(Notice(code="too_few_draws", message=message),),
            )
        reach = _NORMAL_QUANTILE * error
        low, high = self._radius(log2_beta - reach), self._radius(log2_beta + reach)
        return Estimate(
            value=value,
            interval=(low, high),
            confidence=_CONFIDENCE,
            standard_error=0.5 * (high - low) / _NORMAL_QUANTILE,
            method="Neyman-Pearson on draws",
            n_points_used=bits.size,
        )

    def _radius(self, log2_beta: float) -> float:
        # A sampled density can put beta above 1, which no probability is.
        return self._channel.radius_at_log2_probability(min(0.0, log2_beta))
