"""The information of one component: against quadrature, against slow sums, and out of range."""

import numpy as np
import pytest

from jscgc_theory.mutual_information.channel_aware.component_information import (
    component_information,
)
from jscgc_theory.mutual_information.channel_aware.smoothed_law import smoothed_information
from tests.statistics import assert_within_standard_errors, sample_mean_and_error
from tests.theory.mutual_information.channel_aware.known_channels import (
    PAM2,
    PAM4,
    PAM8,
    PSK8,
    constellation_bits,
    draws,
    gaussian_bits,
    rayleigh_mean,
)


def in_bits(found):
    return found.nats / np.log(2.0), found.standard_error_nats / np.log(2.0)


class TestAgainstSlowSums:
    @pytest.mark.parametrize("dim", [1, 2])
    @pytest.mark.parametrize("noise_variance", [0.02, 0.5, 30.0])
    def test_the_entropy_of_the_smoothed_sample(self, dim, noise_variance):
        """On a grid of its own, one Gaussian at a time, with the correction spelt out."""
        points = np.random.default_rng(0).standard_normal((30, dim))
        sigma = np.sqrt(noise_variance)
        step = sigma / 3.0
        axes = [np.arange(c.min() - 8 * sigma, c.max() + 8 * sigma, step) for c in points.T]
        places = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, dim)
        kernels = np.exp(
            -0.5 * np.square(places[:, None] - points[None]).sum(axis=2) / noise_variance
        ) / (2.0 * np.pi * noise_variance) ** (0.5 * dim)
        density = kernels.mean(axis=1)
        cell = step**dim
        entropy = -(density * np.log(density)).sum() * cell
        chi_square = (np.square(kernels).mean(axis=1) / density).sum() * cell - 1.0
        expected = entropy - 0.5 * dim * np.log(2.0 * np.pi * np.e * noise_variance)
        expected += chi_square / 60.0
        found = smoothed_information(np.repeat(points, 100, axis=0), noise_variance)
        # A hundredfold sample has a hundredth of the correction.
        assert found.nats + 0.99 * chi_square / 60.0 == pytest.approx(expected, abs=2e-4)


class TestConstellations:
    @pytest.mark.parametrize("points", [PAM2, PAM4, PAM8], ids=["2", "4", "8"])
    @pytest.mark.parametrize("snr_db", [-30.0, -5.0, 3.0, 10.0, 20.0, 100.0])
    def test_in_one_dimension(self, points, snr_db):
        noise_variance = 10.0 ** (-0.1 * snr_db)
        sample = draws(points, 4000, 1, np.random.default_rng(0))
        found = in_bits(smoothed_information(sample, noise_variance))
        truth = constellation_bits(points, min(max(noise_variance, 1e-4), 1e4))
        assert_within_standard_errors((found[0], found[1] + 1e-6), truth)

    @pytest.mark.parametrize("snr_db", [-5.0, 3.0, 10.0, 20.0, 100.0])
    def test_eight_phases(self, snr_db):
        noise_variance = 10.0 ** (-0.1 * snr_db)
        sample = draws(PSK8, 4000, 1, np.random.default_rng(1))
        value, error = in_bits(smoothed_information(sample, noise_variance))
        truth = constellation_bits(PSK8, max(noise_variance, 1e-3))
        assert_within_standard_errors((value, error + 1e-5), truth)


class TestContinuous:
    @pytest.mark.parametrize("dim", [1, 2])
    @pytest.mark.parametrize("snr_db", [-20.0, 0.0, 15.0])
    def test_gaussian_without_bias(self, dim, snr_db):
        noise_variance = 10.0 ** (-0.1 * snr_db)
        rng = np.random.default_rng(0)
        found = [
            in_bits(smoothed_information(rng.standard_normal((2000, dim)), noise_variance))
            for _ in range(30)
        ]
        values, errors = np.transpose(found)
        truth = gaussian_bits(np.ones(dim), noise_variance)
        mean, spread = sample_mean_and_error(values)
        assert_within_standard_errors((mean, max(spread, errors.mean() / np.sqrt(30))), truth)
        assert errors.mean() == pytest.approx(values.std(ddof=1), rel=0.5)

    def test_too_little_noise_is_not_resolved(self):
        sample = np.random.default_rng(0).standard_normal((1000, 1))
        assert smoothed_information(sample, 1e-6) is None
        assert smoothed_information(sample, 1e-20) is None

    def test_two_clusters_far_apart_are_no_constellation(self):
        sample = np.array([[0.0], [1e-9], [1e6], [1e6 + 1e-9]] * 250)
        assert smoothed_information(sample, 1e-16) is None

    def test_the_gaussian_ceiling_stands_in(self):
        sample = np.random.default_rng(0).uniform(-1.0, 1.0, (1000, 1))
        found, resolved = component_information(sample, 1e-12, None)
        assert not resolved
        assert_within_standard_errors(in_bits(found), 0.5 * np.log2(1.0 + 1e12 / 3.0))

    def test_a_constant_carries_nothing(self):
        found, resolved = component_information(np.full((50, 1), 3.0), 1.0, None)
        assert (found.nats, resolved) == (0.0, True)


class TestFading:
    @pytest.mark.parametrize("snr_db", [-5.0, 5.0, 20.0])
    @pytest.mark.parametrize("points", [PAM2, PAM8, PSK8], ids=["2", "8", "8 phases"])
    def test_rayleigh(self, points, snr_db):
        rng = np.random.default_rng(0)
        noise_variance = 10.0 ** (-0.1 * snr_db)
        sample = draws(points, 3000, 1, rng)
        amplitudes = np.sqrt(rng.standard_exponential(3000))
        found, resolved = component_information(sample, noise_variance, amplitudes)
        truth = rayleigh_mean(lambda power: constellation_bits(points, noise_variance / power))
        assert resolved
        assert_within_standard_errors(in_bits(found), truth)

    def test_the_average_over_amplitudes(self):
        rng = np.random.default_rng(1)
        sample = draws(PAM4, 2000, 1, rng)
        amplitudes = np.array([0.0, 0.3, 1.0, 4.0])[rng.integers(4, size=2000)]
        found, _ = component_information(sample, 0.1, amplitudes)
        each = {0.0: 0.0}
        for amplitude in (0.3, 1.0, 4.0):
            each[amplitude] = smoothed_information(sample, 0.1 / amplitude**2).nats
        expected = np.mean([each[amplitude] for amplitude in amplitudes])
        assert found.nats == pytest.approx(expected, rel=3e-3)

    def test_gains_of_zero_carry_nothing(self):
        sample = draws(PAM2, 100, 1, np.random.default_rng(0))
        assert component_information(sample, 1.0, np.zeros(100))[0].nats == 0.0
