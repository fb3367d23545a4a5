"""I-MMSE: exact denoisers give I, the linear one the ceiling, any other an upper bound."""

import numpy as np
import pytest
from scipy.special import ive

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.channel_aware import (
    CodebookSandwich,
    DenoiserInformation,
    GaussianCeiling,
    LinearDenoiser,
)
from jscgc_theory.mutual_information.channel_aware.denoiser_information import _clenshaw_curtis
from jscgc_theory.mutual_information.known_channel import KnownChannel
from tests.statistics import assert_coverage, assert_within_standard_errors
from tests.theory.mutual_information.channel_aware.known_channels import (
    PAM2,
    awgn,
    constellation_bits,
    draws,
    faded_sample,
    gaussian_bits,
    rayleigh_gains,
    rayleigh_mean,
    sample_of,
)


def signs(z, sigma):
    """E[y | z] for equally likely +-1."""
    return np.tanh(z / np.square(sigma))


def sphere_mean(z, sigma):
    """E[y | z] for y uniform on the sphere of radius sqrt(dim): von Mises-Fisher."""
    dim, radius = z.shape[1], np.sqrt(z.shape[1])
    length = np.linalg.norm(z, axis=1, keepdims=True)
    kappa = np.maximum(radius * length / np.square(sigma), 1e-12)
    order = 0.5 * dim
    return radius * ive(order, kappa) / ive(order - 1.0, kappa) * z / length


def on_a_sphere(n_pairs, dim, rng):
    points = rng.standard_normal((n_pairs, dim))
    return points * np.sqrt(dim) / np.linalg.norm(points, axis=1, keepdims=True)


def found(sample, channel, denoiser, **settings):
    estimator = DenoiserInformation(channel=channel, denoiser=denoiser, rng=0, **settings)
    return estimator.estimate(sample)


class TestRule:
    @pytest.mark.parametrize("n_nodes", [5, 9, 33])
    def test_polynomials_are_integrated_exactly(self, n_nodes):
        nodes = 0.5 * (1.0 - np.cos(np.linspace(0.0, np.pi, n_nodes)))
        for degree in range(n_nodes):
            integral = _clenshaw_curtis(n_nodes) @ nodes**degree
            assert integral == pytest.approx(1.0 / (degree + 1), rel=1e-12)


class TestExactDenoisers:
    @pytest.mark.parametrize("snr_db", [-15.0, 0.0, 5.0, 20.0])
    def test_signs(self, snr_db):
        rng, noise_variance = np.random.default_rng(0), 10.0 ** (-0.1 * snr_db)
        sample = sample_of(draws(PAM2, 2000, 30, rng), noise_variance, rng)
        estimate = found(sample, awgn(noise_variance), signs)
        truth = 30 * constellation_bits(PAM2, noise_variance)
        assert_within_standard_errors(estimate, truth)
        assert estimate.standard_error < 0.02 * truth
        assert estimate.details["side"] == "upper_bound"

    @pytest.mark.parametrize("dim", [3, 9])
    def test_the_sphere(self, dim):
        rng = np.random.default_rng(0)
        sample = sample_of(on_a_sphere(2000, dim, rng), 1.0, rng)
        estimate = found(sample, awgn(1.0), sphere_mean)
        sandwich = CodebookSandwich(channel=awgn(1.0)).estimate(sample)
        assert sandwich.details["side"] == "estimate"
        error = float(np.hypot(estimate.standard_error, sandwich.standard_error))
        assert_within_standard_errors((estimate.value, error), sandwich.value)
        ceiling = GaussianCeiling(channel=awgn(1.0)).estimate(sample)
        assert estimate.value < ceiling.value - 4.0 * (
            estimate.standard_error + ceiling.standard_error
        )

    def test_rayleigh_fading(self):
        rng = np.random.default_rng(0)
        gains = rayleigh_gains(2000, 6, rng)
        gains[0] = 0.0
        sample = faded_sample(draws(PAM2, 2000, 12, rng), gains, 0.3, rng)
        estimate = found(sample, KnownChannel(0.3, gains), signs)
        truth = 12 * rayleigh_mean(lambda power: constellation_bits(PAM2, 0.3 / power))
        assert_within_standard_errors(estimate, truth)


class TestLinear:
    @pytest.mark.parametrize("noise_variance", [0.01, 1.0, 100.0])
    def test_it_gives_the_gaussian_ceiling(self, noise_variance):
        rng = np.random.default_rng(0)
        variances = np.logspace(0.0, -2.0, 20)
        sample = sample_of(
            rng.standard_normal((2000, 20)) * np.sqrt(variances), noise_variance, rng
        )
        exact = LinearDenoiser(np.zeros(20), variances, np.eye(20))
        estimate = found(sample, awgn(noise_variance), exact)
        ceiling = GaussianCeiling(channel=awgn(noise_variance)).estimate(sample)
        assert_within_standard_errors(estimate, gaussian_bits(variances, noise_variance))
        assert abs(estimate.value - ceiling.value) < ceiling.standard_error

    def test_a_fitted_one_is_an_upper_bound(self):
        rng = np.random.default_rng(0)
        turn = rng.standard_normal((30, 30))
        denoiser = LinearDenoiser.fitted(1.0 + rng.standard_normal((500, 30)) @ turn)
        sample = sample_of(1.0 + rng.standard_normal((2000, 30)) @ turn, 0.5, rng)
        estimate = found(sample, awgn(0.5), denoiser)
        truth = gaussian_bits(np.linalg.eigvalsh(turn.T @ turn), 0.5)
        assert truth < estimate.value - 4.0 * estimate.standard_error
        assert estimate.value < 1.05 * truth

    def test_it_refuses_fading(self):
        rng = np.random.default_rng(0)
        gains = rayleigh_gains(100, 2, rng)
        sample = faded_sample(rng.standard_normal((100, 4)), gains, 0.3, rng)
        with pytest.raises(InputError, match="differs between columns"):
            found(sample, KnownChannel(0.3, gains), LinearDenoiser.fitted(sample.x))


class TestOtherDenoisers:
    @pytest.mark.parametrize("factor", [0.0, 0.8, 1.2])
    def test_all_give_upper_bounds(self, factor):
        rng = np.random.default_rng(0)
        sample = sample_of(draws(PAM2, 2000, 10, rng), 0.5, rng)
        estimate = found(sample, awgn(0.5), lambda z, sigma: factor * signs(z, sigma))
        truth = 10 * constellation_bits(PAM2, 0.5)
        assert estimate.value > truth + 4.0 * estimate.standard_error

    @pytest.mark.parametrize(
        "denoiser",
        [lambda z, _: z[:, :1], lambda z, _: np.full_like(z, np.nan)],
        ids=["wrong shape", "NaN"],
    )
    def test_unusable_answers_are_refused(self, denoiser):
        rng = np.random.default_rng(0)
        sample = sample_of(draws(PAM2, 50, 2, rng), 0.5, rng)
        with pytest.raises(InputError, match="return one finite guess for every input"):
            found(sample, awgn(0.5), denoiser)

    def test_few_nodes_are_felt_in_the_error(self):
        rng = np.random.default_rng(0)
        sample = sample_of(draws(PAM2, 2000, 30, rng), 1e-4, rng)
        estimate = found(sample, awgn(1e-4), signs, n_nodes=9, n_inputs=1500)
        assert estimate.n_points_used == 1500
        assert estimate.details["quadrature_bits"] > 0.1
        assert_within_standard_errors(estimate, 30.0)


@pytest.mark.slow
def test_the_standard_error_covers():
    truth, hits = 20 * constellation_bits(PAM2, 0.5), 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        sample = sample_of(draws(PAM2, 1000, 20, rng), 0.5, rng)
        estimate = DenoiserInformation(channel=awgn(0.5), denoiser=signs, rng=seed).estimate(
            sample
        )
        hits += abs(estimate.value - truth) <= 1.96 * estimate.standard_error
    assert_coverage(hits, 100)
