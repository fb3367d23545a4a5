"""A correlated Gaussian vector over additive white Gaussian noise."""

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.sources.channel_inputs import check_snr_db
from jscgc_theory.sources.information_pairs.known_channel_pair import KnownChannelPair
from jscgc_theory.units import db_to_power_ratio, nats_to_bits
from jscgc_theory.validation import check_count, check_finite_number


class CorrelatedInputPair(KnownChannelPair):
    """X a stationary Gaussian sequence with correlation ``c^|i-j|``, unit power, in white noise.

    ``I = 1/2 sum_i log2(1 + lambda_i/sigma^2)`` over the eigenvalues of its covariance.

    Args:
        dim: Length of the sequence, real columns.
        correlation: c of neighbours, in (-1, 1).
        snr_db: Power per real dimension over the noise variance, in dB.

    Raises:
        InputError: If a value is out of range.
    """

    def __init__(self, dim: int, correlation: float, snr_db: float) -> None:
        dim = check_count(dim, name="dim")
        self.correlation = check_finite_number(correlation, name="correlation")
        if not -1.0 < self.correlation < 1.0:
            raise InputError(f"correlation = {correlation:g} is outside (-1, 1); stay inside")
        snr_db = check_snr_db(snr_db)
        name = f"correlated Gaussian over white noise, {dim} columns at {snr_db:g} dB"
        super().__init__(name, dim, db_to_power_ratio(-snr_db))

    @property
    def covariance(self) -> Float[NDArray[np.float64], "x_dim x_dim"]:
        """Covariance of X."""
        place = np.arange(self.x_dim)
        return np.asarray(self.correlation ** np.abs(place[:, None] - place))

    def mutual_information_bits(self) -> float:
        """Return ``1/2 log2 det(I + S/sigma^2)``."""
        snr = np.linalg.eigvalsh(self.covariance) / self.noise_variance
        return nats_to_bits(0.5 * float(np.log1p(snr).sum()))

    def _draw_input(
        self, n_pairs: int, rng: np.random.Generator
    ) -> Float[NDArray[np.float64], "n_pairs x_dim"]:
        root = np.linalg.cholesky(self.covariance)
        return np.asarray(rng.standard_normal((n_pairs, self.x_dim)) @ root.T)
