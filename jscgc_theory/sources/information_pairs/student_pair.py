"""Heavy tails: the multivariate Student law."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, gammaln

from jscgc_theory.sources.information_pairs.gaussian_pair import GaussianPair
from jscgc_theory.sources.information_pairs.pair_source import PairRows, PairSource
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import check_count, check_positive


class StudentPair(PairSource):
    """``(X, Y) = Z sqrt(nu / chi2_nu)``, Z Gaussian: columns that are large together.

    I is that of Z, by its dispersion, plus ``h(x_dim) + h(y_dim) - h(x_dim + y_dim)`` where h(k)
    is the differential entropy of the k-variate Student law with identity dispersion. Even with
    that dispersion X and Y depend on each other.

    Args:
        dim: Columns of X and of Y.
        degrees_of_freedom: nu.
        dispersion: Covariance of Z; the identity by default.

    Raises:
        InputError: If a size is not positive or the dispersion unusable.

    References:
        Arellano-Valle, Contreras-Reyes, Genton, "Shannon entropy and mutual information for
        multivariate skew-elliptical distributions", Scand. J. Stat. 40, 2013, eq. (7).

    >>> round(StudentPair(1, 1.0).mutual_information_bits(), 4)
    0.3234
    """

    def __init__(
        self, dim: int, degrees_of_freedom: float, dispersion: ArrayLike | None = None
    ) -> None:
        dim = check_count(dim, name="dim")
        self.degrees_of_freedom = check_positive(degrees_of_freedom, name="degrees_of_freedom")
        self._gaussian = GaussianPair(np.eye(2 * dim) if dispersion is None else dispersion, dim)
        name = f"Student (nu = {self.degrees_of_freedom:g}), {dim} + {dim}"
        super().__init__(name, "heavy tail", dim, self._gaussian.y_dim)

    def mutual_information_bits(self) -> float:
        """Return the Gaussian part plus that of the common length."""
        nu = self.degrees_of_freedom
        parts = _entropy_nats(self.x_dim, nu) + _entropy_nats(self.y_dim, nu)
        common = parts - _entropy_nats(self.x_dim + self.y_dim, nu)
        return self._gaussian.mutual_information_bits() + nats_to_bits(common)

    def _draw(self, n_pairs: int, rng: np.random.Generator) -> PairRows:
        nu = self.degrees_of_freedom
        stretch = np.sqrt(nu / rng.chisquare(nu, (n_pairs, 1)))
        x, y = self._gaussian.sample(n_pairs, rng)
        return stretch * x, stretch * y


def _entropy_nats(dim: int, nu: float) -> float:
    """Return the differential entropy of the Student law with identity dispersion."""
    half = 0.5 * (nu + dim)
    log_constant = float(gammaln(0.5 * nu) - gammaln(half)) + 0.5 * dim * math.log(nu * math.pi)
    return log_constant + half * float(digamma(half) - digamma(0.5 * nu))
