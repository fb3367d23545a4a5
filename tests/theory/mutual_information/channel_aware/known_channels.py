"""Channel inputs with exact information, by Gauss-Hermite quadrature, and their outputs."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from jscgc_theory.mutual_information.channel_aware.coherent_pairs import CoherentPairs
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate

PAM2 = np.array([-1.0, 1.0])
PAM4 = np.array([-3.0, -1.0, 1.0, 3.0]) / np.sqrt(5.0)
PAM8 = np.arange(-7.0, 8.0, 2.0) / np.sqrt(21.0)
PSK8 = np.sqrt(2.0) * np.stack(
    [np.cos(np.arange(8) * np.pi / 4.0), np.sin(np.arange(8) * np.pi / 4.0)], axis=1
)
"""Constellations of unit power per real dimension."""


def constellation_bits(points: NDArray[np.floating], noise_variance: float) -> float:
    """I of equally likely points, shape (n,) or (n, 2), in Gaussian noise."""
    points = points.reshape(len(points), -1)
    dim = points.shape[1]
    nodes, weights = np.polynomial.hermite_e.hermegauss(64 if dim == 1 else 28)
    weights = weights / weights.sum()
    noise = np.stack(np.meshgrid(*[nodes] * dim, indexing="ij"), axis=-1).reshape(-1, dim)
    weight = np.prod(np.meshgrid(*[weights] * dim, indexing="ij"), axis=0).ravel()
    nats = 0.0
    for point in points:
        seen = point + np.sqrt(noise_variance) * noise
        square = np.square(seen[:, None, :] - points[None, :, :]).sum(axis=2)
        mixture = logsumexp(-0.5 * square / noise_variance, axis=1) - np.log(len(points))
        nats += weight @ (-0.5 * np.square(noise).sum(axis=1) - mixture) / len(points)
    return float(nats / np.log(2.0))


def gaussian_bits(variances: NDArray[np.floating], noise_variance: float) -> float:
    """I of independent Gaussian inputs."""
    return float(0.5 * np.log2(1.0 + variances / noise_variance).sum())


def rayleigh_mean(bits_at_power: Callable[[float], float]) -> float:
    """Mean over |h|^2, exponential of mean 1: the trapezoidal rule in its logarithm."""
    logs, step = np.linspace(np.log(1e-6), np.log(40.0), 90, retstep=True)
    bits = np.array([bits_at_power(power) for power in np.exp(logs)])
    return float(step * (np.exp(logs - np.exp(logs)) @ bits))


def noisy(inputs, noise_variance, rng):
    return inputs + np.sqrt(noise_variance) * rng.standard_normal(inputs.shape)


def pairs_of(inputs, noise_variance, rng):
    return CoherentPairs(inputs, noisy(inputs, noise_variance, rng), noise_variance)


def sample_of(inputs, noise_variance, rng):
    return PairedSample(inputs, noisy(inputs, noise_variance, rng))


def draws(points, n_pairs, n_symbols, rng):
    """Equally likely symbols; two-dimensional ones give all real parts, then all imaginary."""
    chosen = points[rng.integers(len(points), size=(n_pairs, n_symbols))]
    return chosen if points.ndim == 1 else np.concatenate([chosen[..., 0], chosen[..., 1]], axis=1)


def rayleigh_gains(n_pairs, n_symbols, rng):
    normal = rng.standard_normal((2, n_pairs, n_symbols))
    return (normal[0] + 1j * normal[1]) / np.sqrt(2.0)


def faded_sample(inputs, gains, noise_variance, rng):
    """What a complex channel with these gains makes of real columns."""
    n_symbols = gains.shape[1]
    signal = gains * (inputs[:, :n_symbols] + 1j * inputs[:, n_symbols:])
    columns = np.concatenate([signal.real, signal.imag], axis=1)
    return PairedSample(inputs, noisy(columns, noise_variance, rng))


def codes(estimate: Estimate) -> set[str]:
    return {notice.code for notice in estimate.notices}


def awgn(noise_variance: float) -> KnownChannel:
    return KnownChannel(noise_variance)
