"""A Gaussian vector on a linear subspace, sent by a linear encoder over Gaussian noise."""

import math
from functools import cached_property
from typing import Self

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.sources.channel_inputs import check_radius
from jscgc_theory.sources.gaussian_neyman_pearson import gaussian_log2_beta
from jscgc_theory.sources.gaussian_quadratic_form import GaussianQuadraticForm
from jscgc_theory.sources.gaussian_sampling import GaussianSampling
from jscgc_theory.sources.gaussian_small_ball import GaussianSmallBall
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import check_count, check_probability


class LinearGaussianChannel(GaussianSampling):
    r"""``X = B z`` with ``z ~ N(0, I_d)``, and ``y_hat = E z + n``, ``n ~ N(0, sigma^2 I)``.

    By default E is the identity: d real channel uses at unit power per real dimension, whatever B
    is. ``sigma^2 = 10^(-SNR/10)`` per real dimension. Everything is exact, with radii from the
    laws of quadratic forms in Gaussian variables:

    - I = 1/2 log2 det(I + E^T E / sigma^2); posterior covariance ``B P B^T`` with
      ``P = (I + E^T E / sigma^2)^-1``; the mmse is its trace,
    - the best decoder is the posterior mean (by Anderson's inequality at every radius), with
      error covariance B P B^T; the posterior sampler's is twice that, so its radius is exactly
      sqrt(2) times the best,
    - X - X' has the covariance 2 B B^T, which gives q(r); S(r) is the ball about the mean.

    The posterior mean has less spread than X: it breaks the perceptual constraint, so R3 and R4
    read from q bind the posterior sampler but not the best decoder, which R2 and R4 read from S
    bind.

    Args:
        mixing: B, shape (ambient_dim, d), of full column rank.
        snr_db: SNR per real dimension in dB.
        encoding: E, shape (n_outputs, d); the identity by default. The SNR is that of the name
            only if the rows of E have unit length.

    Raises:
        InputError: If a matrix is not finite, shapes do not fit, B lacks rank, or the SNR is out
            of range.

    >>> round(LinearGaussianChannel.isotropic(dim=3, snr_db=0.0).mutual_information_bits(), 12)
    1.5
    """

    @classmethod
    def isotropic(cls, dim: int, snr_db: float) -> Self:
        """Return the channel of X = z, the standard normal vector of R^d.

        Args:
            dim: d.
            snr_db: SNR per real dimension in dB.

        Returns:
            The channel with B and E the identity.

        Raises:
            InputError: If the dimension or the SNR is out of range.
        """
        return cls(np.eye(check_count(dim, name="dim")), snr_db)

    @property
    def log2_geometric_constant(self) -> float:
        """log2 of ``C = (4 pi)^(d/2) |Sigma|^(1/2) / V_d``, Sigma taken on the subspace."""
        return self._small_ball.log2_geometric_constant

    def mutual_information_bits(self) -> float:
        """Return ``I = 1/2 log2 det(I + E^T E / sigma^2)`` in bits."""
        return nats_to_bits(0.5 * float(np.log1p(self._posterior.snr_per_mode).sum()))

    def mmse(self) -> float:
        """Return ``E|X - E[X|Y_hat]|^2``, the trace of the posterior covariance."""
        return float(self._posterior.variances.sum())

    @property
    def posterior_covariance(self) -> Float[NDArray[np.float64], "ambient_dim ambient_dim"]:
        """Covariance of X given any y_hat, ``B P B^T``."""
        return np.asarray(self._posterior.root @ self._posterior.root.T)

    def coincidence_probability(self, radius: float) -> float:
        """Return ``q(r) = P(|X - X'| <= r)``, a generalised chi-square probability.

        Args:
            radius: Euclidean distance.

        Returns:
            Probability.

        Raises:
            InputError: If the radius is NaN or negative.
        """
        # X - X' is sqrt(2) X.
        return self.small_ball_probability(check_radius(radius) / math.sqrt(2.0))

    def radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the radius where ``q(r) = 2^log2_probability``, to thousands of bits.

        Args:
            log2_probability: log2 q, at most 0.

        Returns:
            Euclidean distance, infinite for log2 q = 0.

        Raises:
            InputError: If the probability is above 1.
        """
        return math.sqrt(2.0) * self.small_ball_radius_at_log2_probability(log2_probability)

    def small_ball_probability(self, radius: float) -> float:
        """Return ``S(r) = P(|X| <= r)``: by Anderson's inequality the mean is the best centre.

        Args:
            radius: Euclidean distance.

        Returns:
            Probability.
        """
        return self._small_ball.probability(radius)

    def small_ball_radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the radius where S takes the value ``2^log2_probability``.

        Args:
            log2_probability: log2 S, at most 0.

        Returns:
            Euclidean distance, infinite for log2 S = 0.

        Raises:
            InputError: If the probability is above 1.
        """
        return self._small_ball.radius_at_log2_probability(log2_probability)

    def log2_beta(self, outage_probability: float) -> float:
        """Return log2 beta_a at ``a = 1 - P_e``.

        The information density is a quadratic form in Gaussian variables, see
        ``gaussian_log2_beta``.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            log2 beta.

        Raises:
            InputError: If P_e is outside (0, 1).
        """
        outage = check_probability(outage_probability)
        return gaussian_log2_beta(
            self._posterior.snr_per_mode, self.mutual_information_bits(), outage
        )

    def radius_best(self, outage_probability: float) -> float:
        """Return the (1 - P_e) radius of the posterior mean, the best decoder at every radius.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            Euclidean distance.

        Raises:
            InputError: If P_e is outside (0, 1).
        """
        log_outage = math.log(check_probability(outage_probability))
        form = GaussianQuadraticForm(self._posterior.variances)
        return math.sqrt(form.value_at_log_tail(log_outage, upper=True))

    def radius_posterior(self, outage_probability: float) -> float:
        """Return the (1 - P_e) radius of the exact posterior sampler, sqrt(2) times the best.

        Args:
            outage_probability: P_e in (0, 1).

        Returns:
            Euclidean distance.

        Raises:
            InputError: If P_e is outside (0, 1).
        """
        return math.sqrt(2.0) * self.radius_best(outage_probability)

    @cached_property
    def _small_ball(self) -> GaussianSmallBall:
        return GaussianSmallBall(self._deviations)
