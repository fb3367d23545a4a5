"""The linear Gaussian channel: determinants, chi-square radii, Anderson, simulation, order."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from jscgc_theory.bounds import (
    gaussian_logdet_real_bits,
    meta_converse_log2_beta,
    perception_bound,
    small_ball_bound,
)
from jscgc_theory.errors import InputError
from jscgc_theory.sources import LinearGaussianChannel
from tests.statistics import assert_within_standard_errors, sample_mean_and_error


def skewed(snr_db=5.0):
    rng = np.random.default_rng(2)
    return LinearGaussianChannel(
        rng.standard_normal((6, 3)), snr_db, encoding=rng.standard_normal((4, 3))
    )


def narrow():
    """Fewer channel uses than factors: two directions of z stay unseen."""
    rng = np.random.default_rng(3)
    return LinearGaussianChannel(
        rng.standard_normal((4, 4)), 10.0, encoding=rng.standard_normal((2, 4))
    )


CHANNELS = [skewed, narrow, lambda: LinearGaussianChannel.isotropic(1, 0.0)]


@pytest.mark.parametrize("make", CHANNELS)
def test_information_and_posterior_have_their_textbook_forms(make):
    channel = make()
    output = channel.encoding @ channel.encoding.T
    truth = gaussian_logdet_real_bits(output, channel.noise_power)
    assert channel.mutual_information_bits() == pytest.approx(truth, rel=1e-10)
    gain = channel.encoding.T @ np.linalg.inv(
        output + channel.noise_power * np.eye(channel.n_outputs)
    )
    left = channel.mixing @ (np.eye(channel.dim) - gain @ channel.encoding) @ channel.mixing.T
    np.testing.assert_allclose(channel.posterior_covariance, left, atol=1e-10)
    assert channel.mmse() == pytest.approx(np.trace(left))
    y_hat = np.random.default_rng(0).standard_normal((5, channel.n_outputs))
    np.testing.assert_allclose(
        channel.decode(y_hat), y_hat @ gain.T @ channel.mixing.T, atol=1e-10
    )


@pytest.mark.parametrize("make", CHANNELS)
def test_simulation_agrees(make):
    channel, rng = make(), np.random.default_rng(1)
    x, y_hat = channel.sample(20_000, rng)
    density = channel.information_density_bits(x, y_hat)
    assert_within_standard_errors(
        sample_mean_and_error(density), channel.mutual_information_bits()
    )
    generated = channel.sample_posterior(y_hat, rng)
    squared = channel.distances(x, generated) ** 2
    assert_within_standard_errors(sample_mean_and_error(squared), 2.0 * channel.mmse())
    for outage in (0.5, 0.1, 0.01):
        error = math.sqrt(outage * (1.0 - outage) / x.shape[0])
        for points, radius in (
            (generated, channel.radius_posterior(outage)),
            (channel.decode(y_hat), channel.radius_best(outage)),
        ):
            share = float(np.mean(channel.distances(x, points) > radius))
            assert_within_standard_errors((share, error), outage)
        assert_within_standard_errors(
            meta_converse_log2_beta(density, outage), channel.log2_beta(outage)
        )
        within = float(np.mean(channel.distances(x, np.roll(x, 1, axis=0)) <= radius))
        exact = channel.coincidence_probability(radius)
        # Rolled pairs share points: at most three of them, hence the factor.
        assert_within_standard_errors(
            (within, math.sqrt(3.0 * exact * (1.0 - exact) / x.shape[0])), exact
        )


@pytest.mark.parametrize("dim", [1, 2, 9, 200])
def test_isotropic_radii_are_chi_square_quantiles(dim):
    channel = LinearGaussianChannel.isotropic(dim, 7.0)
    variance = 1.0 / (1.0 + 10.0**0.7)
    for outage in (0.5, 0.01, 1e-6):
        best = math.sqrt(variance * stats.chi2(dim).isf(outage))
        assert channel.radius_best(outage) == pytest.approx(best, rel=1e-9)
        assert channel.radius_posterior(outage) == pytest.approx(math.sqrt(2.0) * best, rel=1e-9)
    for radius in (0.4, 3.0):
        assert channel.small_ball_probability(radius) == pytest.approx(
            stats.chi2(dim).cdf(radius**2), rel=1e-8
        )
        assert channel.coincidence_probability(radius) == pytest.approx(
            stats.chi2(dim).cdf(0.5 * radius**2), rel=1e-8
        )


@given(dim=st.integers(1, 60), log2_probability=st.floats(-4000.0, -1e-6))
def test_radius_and_probability_are_inverse(dim, log2_probability):
    channel = LinearGaussianChannel.isotropic(dim, 0.0)
    radius = channel.radius_at_log2_probability(log2_probability)
    probability = channel.coincidence_probability(radius)
    if log2_probability > -900.0 and radius > 0.0:
        assert math.log2(probability) == pytest.approx(log2_probability, rel=1e-8, abs=1e-10)
    small = channel.small_ball_radius_at_log2_probability(log2_probability)
    assert small == pytest.approx(radius / math.sqrt(2.0))


@pytest.mark.parametrize("make", CHANNELS)
def test_constant_is_the_limit_of_q(make):
    channel = make()
    for radius in (1e-3, 1e-7):
        limit = radius**channel.dim / channel.coincidence_probability(radius)
        assert channel.geometric_constant == pytest.approx(limit, rel=1e-3)


def test_small_ball_is_largest_about_the_mean():
    channel, rng = skewed(), np.random.default_rng(4)
    x, _ = channel.sample(20_000, rng)
    centres, _ = channel.sample(30, rng)
    for centre in centres:
        share = float(np.mean(np.linalg.norm(x - centre, axis=1) <= 2.0))
        exact = channel.small_ball_probability(2.0)
        assert share <= exact + 4.0 * math.sqrt(exact * (1.0 - exact) / x.shape[0])


@settings(max_examples=12)
@given(
    dim=st.integers(1, 100),
    snr_db=st.floats(-40.0, 60.0),
    outage=st.floats(1e-5, 0.99),
)
def test_order_of_bounds_and_radii(dim, snr_db, outage):
    channel = LinearGaussianChannel.isotropic(dim, snr_db)
    mi_bits, log2_beta = channel.mutual_information_bits(), channel.log2_beta(outage)
    inverse, ball = (
        channel.radius_at_log2_probability,
        channel.small_ball_radius_at_log2_probability,
    )
    slack = 1.0 + 1e-8
    perceptual = [
        perception_bound(mi_bits, outage, inverse),
        inverse(log2_beta) * slack,
        channel.radius_posterior(outage) * slack**2,
    ]
    free = [
        small_ball_bound(mi_bits, outage, ball),
        ball(log2_beta) * slack,
        channel.radius_best(outage) * slack**2,
    ]
    assert perceptual == sorted(perceptual)
    assert free == sorted(free)


def test_the_posterior_mean_escapes_the_perceptual_meta_converse():
    channel = LinearGaussianChannel.isotropic(1, 0.0)
    perceptual = channel.radius_at_log2_probability(channel.log2_beta(0.01))
    assert channel.radius_best(0.01) < perceptual < channel.radius_posterior(0.01)


def test_a_silent_encoder_carries_nothing():
    channel = LinearGaussianChannel(np.eye(2), 0.0, encoding=np.zeros((1, 2)))
    assert channel.mutual_information_bits() == 0.0
    assert channel.log2_beta(0.1) == pytest.approx(math.log2(0.9))


def test_ends():
    channel = LinearGaussianChannel.isotropic(2, 0.0)
    assert channel.coincidence_probability(0.0) == 0.0
    assert channel.coincidence_probability(math.inf) == 1.0
    assert channel.radius_at_log2_probability(0.0) == math.inf


def test_a_mixing_matrix_without_full_rank_is_refused():
    with pytest.raises(InputError, match="not rank 2"):
        LinearGaussianChannel([[1.0, 2.0], [2.0, 4.0]], 0.0)
    with pytest.raises(InputError, match="not rank 3"):
        LinearGaussianChannel(np.ones((2, 3)), 0.0)


def test_an_encoder_of_another_width_is_refused():
    with pytest.raises(InputError, match="encoding has 3 columns"):
        LinearGaussianChannel(np.eye(2), 0.0, encoding=np.eye(3))


def test_points_off_the_subspace_are_refused():
    channel = LinearGaussianChannel([[1.0], [0.0]], 0.0)
    with pytest.raises(InputError, match="leaves the range"):
        channel.information_density_bits([[0.0, 1.0]], [[0.0]])
