"""Mixtures of Gaussians in the plane: dependence that correlation does not see."""

from functools import cached_property

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.sources.information_pairs.pair_source import PairRows, PairSource
from jscgc_theory.units import nats_to_bits

_REACH = 9.0  # standard deviations: 1e-18 of the mass lies beyond
_STEPS_PER_DEVIATION = 8.0
_SUM_TOLERANCE = 1e-9


class GaussianMixturePair(PairSource):
    """One X and one Y from a mixture of plane Gaussians, I by the trapezoidal rule.

    The density is smooth and vanishes at the ends, where that rule converges exponentially: the
    value is exact to about ten digits.

    Args:
        weights: Probabilities of the components.
        means: Their means, shape (n_components, 2).
        covariances: Their covariances, shape (n_components, 2, 2).
        name: What it is, in plain words.

    Raises:
        InputError: If shapes do not fit, weights do not sum to one, or a covariance is not
            positive definite.
    """

    def __init__(
        self, weights: ArrayLike, means: ArrayLike, covariances: ArrayLike, *, name: str
    ) -> None:
        self.weights = np.asarray(weights, dtype=np.float64)
        self.means = np.asarray(means, dtype=np.float64)
        self.covariances = np.asarray(covariances, dtype=np.float64)
        self._check()
        super().__init__(name, "mixture", 1, 1)

    def mutual_information_bits(self) -> float:
        """Return the integral of ``p log2(p / (p_x p_y))``."""
        return self._bits

    @cached_property
    def _bits(self) -> float:
        x, y = self._axis(0), self._axis(1)
        density = self._density(x[:, None], y[None, :])
        cell = (x[1] - x[0]) * (y[1] - y[0])
        product = self._marginal(0, x)[:, None] * self._marginal(1, y)
        kept = density > 0.0
        return nats_to_bits(
            cell * float(np.sum(density[kept] * np.log(density[kept] / product[kept])))
        )

    def _density(
        self, x: Float[NDArray[np.float64], "n 1"], y: Float[NDArray[np.float64], "1 m"]
    ) -> Float[NDArray[np.float64], "n m"]:
        total = np.zeros((x.size, y.size))
        for weight, mean, covariance in zip(
            self.weights, self.means, self.covariances, strict=True
        ):
            precision = np.linalg.inv(covariance)
            dx, dy = x - mean[0], y - mean[1]
            square = precision[0, 0] * dx**2 + 2.0 * precision[0, 1] * dx * dy
            square = square + precision[1, 1] * dy**2
            scale = 2.0 * np.pi * np.sqrt(np.linalg.det(covariance))
            total += weight / scale * np.exp(-0.5 * square)
        return total

    def _marginal(
        self, axis: int, values: Float[NDArray[np.float64], " n"]
    ) -> Float[NDArray[np.float64], " n"]:
        variance = self.covariances[:, axis, axis]
        square = (values[:, None] - self.means[:, axis]) ** 2 / variance
        parts = np.exp(-0.5 * square) / np.sqrt(2.0 * np.pi * variance)
        return np.asarray(parts @ self.weights)

    def _axis(self, axis: int) -> Float[NDArray[np.float64], " n"]:
        deviation = np.sqrt(self.covariances[:, axis, axis])
        low = float(np.min(self.means[:, axis] - _REACH * deviation))
        high = float(np.max(self.means[:, axis] + _REACH * deviation))
        narrowest = float(np.sqrt(np.linalg.eigvalsh(self.covariances).min()))
        return np.linspace(low, high, int((high - low) / narrowest * _STEPS_PER_DEVIATION) + 2)

    def _draw(self, n_pairs: int, rng: np.random.Generator) -> PairRows:
        component = rng.choice(self.weights.size, n_pairs, p=self.weights)
        root = np.linalg.cholesky(self.covariances)[component]
        noise = rng.standard_normal((n_pairs, 2, 1))
        both = self.means[component] + (root @ noise)[:, :, 0]
        return both[:, :1], both[:, 1:]

    def _check(self) -> None:
        n = self.weights.size
        if (self.weights.shape, self.means.shape, self.covariances.shape) != (
            (n,), (n, 2), (n, 2, 2),
        ):  # fmt: skip
            raise InputError(
                f"weights, means and covariances have shapes {self.weights.shape}, "
                f"{self.means.shape}, {self.covariances.shape}; give (n,), (n, 2), (n, 2, 2)"
            )
        if not (self.weights > 0.0).all() or abs(self.weights.sum() - 1.0) > _SUM_TOLERANCE:
            raise InputError(f"weights = {self.weights.tolist()} are no probabilities above 0")
        if not np.isfinite(self.means).all() or not np.isfinite(self.covariances).all():
            raise InputError("means or covariances hold values that are not finite; replace them")
        symmetric = np.array_equal(self.covariances, self.covariances.swapaxes(1, 2))
        if not symmetric or np.linalg.eigvalsh(self.covariances).min() <= 0.0:
            raise InputError("covariances are not all symmetric and positive definite")
