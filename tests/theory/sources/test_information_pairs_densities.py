"""I as the mean of the information density, each density written anew or taken from scipy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from jscgc_theory.sources import information_benchmark
from jscgc_theory.sources.information_pairs import (
    GaussianMixturePair,
    GaussianPair,
    StackedPair,
    StaircasePair,
    StudentPair,
    UniformNoisePair,
    correlation_of_bits,
)
from tests.statistics import assert_within_standard_errors, sample_mean_and_error
from tests.strategies import covariances, seeds

N_DRAWS = 40_000


def assert_mean_density(pair, joint, x_law, y_law):
    """Compare I with the mean of log2 p(x, y)/(p(x) p(y)) over draws."""
    x, y = pair.sample(N_DRAWS, np.random.default_rng(0))
    nats = joint(np.hstack((x, y))) - x_law(x) - y_law(y)
    assert_within_standard_errors(
        sample_mean_and_error(nats / math.log(2.0)), pair.mutual_information_bits()
    )


@pytest.mark.parametrize(
    "pair",
    [
        GaussianPair.linked(1, n_linked=1, correlation=0.75),
        GaussianPair.dense(5),
        GaussianPair.one_factor(3, snr=20.0),
        GaussianPair([[2.0, 0.3, 0.5], [0.3, 1.0, -0.4], [0.5, -0.4, 1.5]], 2),
    ],
    ids=lambda pair: pair.name,
)
def test_gaussian_pairs(pair):
    n, s = pair.x_dim, pair.covariance
    assert_mean_density(
        pair,
        stats.multivariate_normal(np.zeros(len(s)), s).logpdf,
        stats.multivariate_normal(np.zeros(n), s[:n, :n]).logpdf,
        lambda y: stats.multivariate_normal(np.zeros(len(s) - n), s[n:, n:]).logpdf(y),
    )


@pytest.mark.parametrize(("dim", "nu"), [(1, 1.0), (2, 1.0), (3, 2.0), (5, 3.0)])
def test_student_pairs(dim, nu):
    shape = 0.6 * np.eye(2 * dim) + 0.4
    for dispersion in (None, shape):
        pair = StudentPair(dim, nu, dispersion)
        own = np.eye(2 * dim) if dispersion is None else shape
        marginal = stats.multivariate_t(np.zeros(dim), own[:dim, :dim], df=nu).logpdf
        joint = stats.multivariate_t(np.zeros(2 * dim), own, df=nu).logpdf
        assert_mean_density(pair, joint, lambda x, law=marginal: law(x), marginal)


def test_mixtures():
    mixtures = [pair for pair in information_benchmark() if isinstance(pair, GaussianMixturePair)]
    assert len(mixtures) == 2
    for pair in mixtures:

        def law(columns, pair=pair):
            parts = [
                (weight, stats.multivariate_normal(mean[columns], covariance[columns, columns]))
                for weight, mean, covariance in zip(
                    pair.weights, pair.means, pair.covariances, strict=True
                )
            ]
            return lambda rows: np.log(sum(weight * part.pdf(rows) for weight, part in parts))

        assert_mean_density(pair, law(slice(None)), law(slice(0, 1)), law(slice(1, 2)))


@pytest.mark.parametrize("half_width", [0.1, 0.5, 0.75, 3.0])
def test_uniform_noise_by_integrating_the_trapezoid(half_width):
    # h(Y) of the trapezoidal density, less h(N).
    plateau = 1.0 / max(1.0, 2.0 * half_width)
    low, high = -half_width, 1.0 + half_width
    ramp = min(1.0, 2.0 * half_width)

    def density(y):
        return plateau * min(1.0, (y - low) / ramp, (high - y) / ramp)

    entropy, _ = integrate.quad(
        lambda y: -density(y) * math.log2(max(density(y), 1e-300)), low, high,
        points=[low + ramp, high - ramp],
    )  # fmt: skip
    bits = UniformNoisePair(half_width).mutual_information_bits()
    assert bits == pytest.approx(entropy - math.log2(2.0 * half_width), abs=1e-7)
    x, y = UniformNoisePair(half_width).sample(2000, np.random.default_rng(0))
    assert np.abs(y - x).max() <= half_width


@pytest.mark.parametrize("n_levels", [1, 2, 5])
def test_staircase_by_enumerating_its_steps(n_levels):
    # Y is uniform on unit steps, each reached from the levels that cover it.
    covered = np.zeros((n_levels, n_levels + 1))
    for level in range(n_levels):
        covered[level, level : level + 2] = 0.5 / n_levels
    product = covered.sum(axis=1, keepdims=True) * covered.sum(axis=0)
    kept = covered > 0.0
    truth = np.sum(covered[kept] * np.log2(covered[kept] / product[kept]))
    assert StaircasePair(n_levels).mutual_information_bits() == pytest.approx(truth, abs=1e-12)


@given(covariance=covariances(max_dim=5), x_dim=st.integers(1, 4), seed=seeds())
def test_gaussian_information_is_that_of_the_canonical_correlations(covariance, x_dim, seed):
    if x_dim >= len(covariance):
        x_dim = 1
        covariance = np.kron(np.eye(2), covariance) + 0.01
    pair = GaussianPair(covariance, x_dim)
    x_root = np.linalg.cholesky(covariance[:x_dim, :x_dim])
    y_root = np.linalg.cholesky(covariance[x_dim:, x_dim:])
    cross = np.linalg.solve(y_root, np.linalg.solve(x_root, covariance[:x_dim, x_dim:]).T)
    canonical = np.linalg.svd(cross, compute_uv=False)
    truth = -0.5 * np.sum(np.log2(1.0 - canonical**2))
    assert pair.mutual_information_bits() == pytest.approx(truth, rel=1e-9, abs=1e-12)
    # Nothing changes when X is mixed by an invertible matrix.
    rng = np.random.default_rng(seed)
    mix = np.eye(len(covariance))
    mix[:x_dim, :x_dim] += 0.3 * rng.uniform(-1.0, 1.0, (x_dim, x_dim)) / x_dim
    mixed = mix @ covariance @ mix.T
    again = GaussianPair(0.5 * (mixed + mixed.T), x_dim)
    assert again.mutual_information_bits() == pytest.approx(truth, rel=1e-7, abs=1e-10)


@given(mi_bits=st.floats(0.01, 10.0), n_parts=st.integers(1, 4))
def test_information_of_stacked_pairs_adds_up(mi_bits, n_parts):
    parts = [GaussianPair.linked(1, 1, correlation_of_bits(mi_bits)) for _ in range(n_parts)]
    stacked = StackedPair(parts, name="stacked")
    assert stacked.mutual_information_bits() == pytest.approx(n_parts * mi_bits, rel=1e-6)
    assert (stacked.x_dim, stacked.y_dim) == (n_parts, n_parts)
    joint = GaussianPair.linked(n_parts, n_parts, correlation_of_bits(mi_bits))
    assert joint.mutual_information_bits() == pytest.approx(n_parts * mi_bits, rel=1e-6)


def test_stacked_columns_belong_together():
    stacked = StackedPair(
        [GaussianPair.linked(1, 1, 0.9), GaussianPair.linked(1, 1, -0.5)], name="stacked"
    )
    x, y = stacked.sample(N_DRAWS, np.random.default_rng(2))
    for column, correlation in ((0, 0.9), (1, -0.5)):
        products = x[:, column] * y[:, column]
        assert_within_standard_errors(sample_mean_and_error(products), correlation)
    assert_within_standard_errors(sample_mean_and_error(x[:, 0] * y[:, 1]), 0.0)
