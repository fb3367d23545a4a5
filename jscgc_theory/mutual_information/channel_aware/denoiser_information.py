"""I-MMSE along the channel's SNR: any denoiser of the input proves an upper bound."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.channel_aware.coherent_pairs import (
    CoherentPairs,
    coherent_pairs,
)
from jscgc_theory.mutual_information.estimator import MIEstimator, bits_estimate
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import as_generator, check_count

Denoiser = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
"""(z, sigma) to the guess of E[y | z = y + sigma n], arrays of shape (n_rows, n_real); sigma has
shape (n_rows, 1), or (n_rows, n_real) under fading."""

_TAIL = 0.02
"""gamma tr(Sigma) where the integral begins."""
_LEAST_AMPLITUDE = 1e-6

_Columns = Float[NDArray[np.float64], "n_pairs n_real"]
_Vector = Float[NDArray[np.float64], " n_pairs"]


class DenoiserInformation(MIEstimator):
    r"""Upper bound ``1/(2 ln 2) int_0^{1/sigma^2} E|y - D(y + n/sqrt(g))|^2 dg`` of a denoiser D.

    By I-MMSE the integral of the least mean square error is I, so any denoiser gives an upper
    bound and the exact one I itself. The integral is taken over log g by the Clenshaw-Curtis rule,
    the error over the inputs and fresh noise, and only as the difference from the error of a
    linear denoiser at the same noise, whose integral is known; what lies below the first g is
    bounded by the Gaussian ceiling there. With fading h the error is that of h y, over the gains.

    The denoiser must not have been fitted to these pairs.

    Args:
        channel: The channel.
        denoiser: ``denoise(z, sigma) -> E[y | z = y + sigma n]``, NumPy arrays in and out; sigma
            has shape (n_rows, 1), or the shape of z under fading.
        n_inputs: Pairs used at most.
        n_nodes: Noise levels, odd.
        rng: Chooses pairs and noise; a generator or a seed.

    References:
        Guo, Shamai, Verdu. Mutual information and minimum mean-square error in Gaussian channels.
        IEEE Trans. Inf. Theory 51 (2005), equation (15).
    """

    def __init__(
        self,
        *,
        channel: KnownChannel,
        denoiser: Denoiser,
        n_inputs: int = 10_000,
        n_nodes: int = 33,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.channel = channel
        self.denoiser = denoiser
        self.n_inputs = n_inputs
        self.n_nodes = n_nodes
        self.rng = rng

    def estimate(self, sample: PairedSample) -> Estimate:
        """Bound I(Y; Y_hat) from above by the denoiser's errors.

        Args:
            sample: Channel inputs and outputs.

        Returns:
            The upper bound, its standard error, and in ``quadrature_bits`` what halving the rule
            changes.

        Raises:
            InputError: If the denoiser returns another shape or values that are not finite.
        """
        pairs, rng = coherent_pairs(sample, self.channel), as_generator(self.rng)
        notices = pairs.notices
        limit = check_count(self.n_inputs, name="n_inputs", minimum=2)
        if pairs.n_pairs > limit:
            pairs = pairs.take(np.sort(rng.choice(pairs.n_pairs, limit, replace=False)))
        n_nodes = check_count(self.n_nodes, name="n_nodes", minimum=5)
        integral = _Integral.along(pairs, n_nodes + 1 - n_nodes % 2)
        by_pair, quadrature = integral.evaluate(self.denoiser, rng)
        error = math.hypot(float(by_pair.std(ddof=1)) / math.sqrt(pairs.n_pairs), quadrature)
        return bits_estimate(
            nats_to_bits(float(by_pair.mean())),
            standard_error=nats_to_bits(error),
            method=f"I-MMSE with a denoiser at {len(integral.powers)} noise levels",
            n_points_used=pairs.n_pairs,
            side="upper_bound",
            notices=notices,
            quadrature_bits=nats_to_bits(quadrature),
            remainder_bits=nats_to_bits(integral.remainder),
        )


@dataclass(frozen=True)
class _Integral:
    """The integral in the basis where the linear denoiser acts on each coordinate alone."""

    inputs: _Columns
    """Centred, in that basis."""
    mean: Float[NDArray[np.float64], " n_real"]
    basis: Float[NDArray[np.float64], "n_real n_real"]
    variances: Float[NDArray[np.float64], " n_real"]
    amplitudes: Float[NDArray[np.float64], "#n_pairs #n_real"]
    powers: Float[NDArray[np.float64], " n_nodes"]
    """g, from the tail to 1/sigma^2."""
    remainder: float
    """Nats between the least and the most the tail can hold, by the fourth moment."""

    @classmethod
    def along(cls, pairs: CoherentPairs, n_nodes: int) -> "_Integral":
        centred = pairs.centred_inputs
        basis = np.eye(pairs.n_real)
        if pairs.amplitudes is None:
            basis = np.linalg.eigh(centred.T @ centred)[1]
            amplitudes = np.ones((1, 1))
        else:
            amplitudes = np.maximum(pairs.amplitudes, _LEAST_AMPLITUDE * pairs.amplitudes.max())
        turned = centred @ basis
        received = np.square(amplitudes * turned).sum(axis=1)
        first = min(_TAIL / float(received.mean()), 0.5 / pairs.noise_variance)
        angles = np.linspace(0.0, math.pi, n_nodes)
        span = math.log(1.0 / (pairs.noise_variance * first))
        powers = first * np.exp(0.5 * span * (1.0 - np.cos(angles)))
        remainder = 0.25 * first**2 * float(np.square(received).mean())
        variances = np.square(turned).mean(axis=0)
        mean = pairs.inputs.mean(axis=0)
        return cls(turned, mean, basis, variances, amplitudes, powers, remainder)

    def evaluate(self, denoiser: Denoiser, rng: np.random.Generator) -> tuple[_Vector, float]:
        """Return every pair's share in nats and what halving the rule changes."""
        gaps = np.stack([self._gap(denoiser, float(power), rng) for power in self.powers])
        span = math.log(self.powers[-1] / self.powers[0])
        weights = span * _clenshaw_curtis(len(self.powers))
        coarse = span * _clenshaw_curtis((len(self.powers) + 1) // 2)
        whole = weights @ gaps
        halved = coarse @ gaps[::2]
        noise = float((whole - halved).std(ddof=1)) / math.sqrt(len(whole))
        change = abs(float((whole - halved).mean()))
        return np.asarray(self._linear_share() + whole), max(0.0, change - 2.0 * noise)

    def _gap(self, denoiser: Denoiser, power: float, rng: np.random.Generator) -> _Vector:
        """Return g/2 times (error of the denoiser - error of the linear one), for every pair."""
        sigma = np.broadcast_to(
            1.0 / (math.sqrt(power) * self.amplitudes),
            (len(self.inputs), self.amplitudes.shape[1]),
        )
        noisy = self.inputs + sigma * rng.standard_normal(self.inputs.shape)
        linear = noisy * (self.variances / (self.variances + np.square(sigma)))
        guess = np.asarray(denoiser(noisy @ self.basis.T + self.mean, sigma), dtype=np.float64)
        if guess.shape != noisy.shape or not np.isfinite(guess).all():
            raise InputError(
                f"the denoiser answers {noisy.shape} with shape {guess.shape} or values that are "
                "not finite; return one finite guess for every input"
            )
        turned = (guess - self.mean) @ self.basis
        square = np.square(self.amplitudes)
        gap = np.square(self.inputs - turned) - np.square(self.inputs - linear)
        return np.asarray(0.5 * power * (square * gap).sum(axis=1))

    def _linear_share(self) -> _Vector:
        """Return every pair's mean integral for the linear denoiser over [0, 1/sigma^2].

        With lambda the variance and s = g |h|^2 the error of one coordinate is
        ``y^2/(1 + s lambda)^2 + s lambda^2/(1 + s lambda)^2`` per unit of s.
        """
        most = self.powers[-1] * np.square(self.amplitudes) * self.variances
        kept = most / (1.0 + most)
        ratios = np.square(self.inputs) / np.where(self.variances > 0.0, self.variances, 1.0)
        return np.asarray(0.5 * (np.log1p(most) + kept * (ratios - 1.0)).sum(axis=1))


def _clenshaw_curtis(n_nodes: int) -> Float[NDArray[np.float64], " n_nodes"]:
    """Return the weights on [0, 1] of the nodes (1 - cos t)/2, t = 0 .. pi in equal steps."""
    n_steps = n_nodes - 1
    orders = np.arange(0, n_nodes, 2)
    moments = 2.0 / (1.0 - np.square(orders.astype(np.float64)))
    angles = np.arange(n_nodes) * math.pi / n_steps
    cosines = np.cos(np.outer(angles, orders))
    share = np.where((orders == 0) | (orders == n_steps), 1.0, 2.0)
    weights = cosines @ (share * moments) / n_steps
    weights[[0, -1]] *= 0.5
    return np.asarray(0.5 * weights)
