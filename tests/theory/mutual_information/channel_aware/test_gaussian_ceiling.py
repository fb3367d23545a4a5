"""The log-det ceiling: free of the bias of its sample, with an honest error."""

import numpy as np
import pytest

from jscgc_theory.bounds import gaussian_logdet_real_bits, rayleigh_capacity_bits
from jscgc_theory.mutual_information.channel_aware import GaussianCeiling
from jscgc_theory.mutual_information.channel_aware.gaussian_information import (
    column_information,
    gaussian_information,
)
from jscgc_theory.mutual_information.known_channel import KnownChannel
from tests.statistics import assert_within_standard_errors, sample_mean_and_error
from tests.theory.mutual_information.channel_aware.known_channels import (
    awgn,
    codes,
    faded_sample,
    gaussian_bits,
    rayleigh_gains,
    sample_of,
)


def spectrum(dim, condition):
    values = np.logspace(0.0, -np.log10(condition), dim)
    return values / values.mean()


def unbiased_bits(inputs, noise_variance):
    found = gaussian_information(inputs - inputs.mean(axis=0), noise_variance)
    return found.nats / np.log(2.0), found.standard_error_nats / np.log(2.0)


class TestBias:
    @pytest.mark.parametrize("noise_variance", [0.01, 0.1, 1.0, 100.0])
    @pytest.mark.parametrize("condition", [1.0, 1000.0])
    def test_none_in_many_dimensions(self, noise_variance, condition):
        rng = np.random.default_rng(0)
        variances = spectrum(128, condition)
        found = [
            unbiased_bits(rng.standard_normal((600, 128)) * np.sqrt(variances), noise_variance)
            for _ in range(10)
        ]
        value, error = np.mean(found, axis=0)
        truth = gaussian_bits(variances, noise_variance)
        assert_within_standard_errors((value, error / np.sqrt(10)), truth)

    def test_the_plug_in_does_have_it(self):
        inputs = np.random.default_rng(0).standard_normal((600, 128))
        value, error = unbiased_bits(inputs, 0.1)
        assert gaussian_logdet_real_bits(np.cov(inputs.T), 0.1) < value - 10.0 * error

    @pytest.mark.parametrize("law", ["signs", "two scales", "sphere"])
    def test_none_for_other_laws(self, law):
        rng = np.random.default_rng(1)
        values, errors = [], []
        for _ in range(40):
            inputs = rng.standard_normal((400, 20))
            if law == "signs":
                inputs = np.sign(inputs)
            elif law == "two scales":
                inputs *= np.sqrt(rng.choice([0.5, 1.5], (400, 1)))
            else:
                inputs *= np.sqrt(20.0) / np.linalg.norm(inputs, axis=1, keepdims=True)
            value, error = unbiased_bits(inputs, 0.2)
            values.append(value)
            errors.append(error)
        truth = gaussian_bits(np.ones(20), 0.2)
        mean, spread = sample_mean_and_error(values)
        assert_within_standard_errors((mean, spread), truth)

    def test_the_standard_error_is_that_of_many_samples(self):
        rng = np.random.default_rng(2)
        found = [unbiased_bits(rng.standard_normal((200, 40)), 0.1) for _ in range(200)]
        values, errors = np.transpose(found)
        assert errors.mean() == pytest.approx(values.std(ddof=1), rel=0.2)

    def test_more_dimensions_than_samples_at_weak_signal(self):
        rng = np.random.default_rng(3)
        found = [unbiased_bits(rng.standard_normal((300, 400)), 10.0)[0] for _ in range(10)]
        mean_and_error = sample_mean_and_error(found)
        assert_within_standard_errors(mean_and_error, gaussian_bits(np.ones(400), 10.0))

    def test_columns_alone(self):
        rng = np.random.default_rng(4)
        found = []
        for _ in range(200):
            inputs = rng.standard_normal((50, 30))
            centred = inputs - inputs.mean(axis=0)
            found.append(column_information(centred, np.full((1, 30), 10.0)).nats / np.log(2.0))
        assert_within_standard_errors(
            sample_mean_and_error(found), gaussian_bits(np.ones(30), 0.1)
        )


class TestEstimator:
    @pytest.mark.parametrize("noise_variance", [1.0, 0.0884])
    def test_512_dimensions(self, noise_variance):
        rng = np.random.default_rng(0)
        sample = sample_of(rng.standard_normal((3000, 512)), noise_variance, rng)
        estimate = GaussianCeiling(channel=awgn(noise_variance)).estimate(sample)
        assert estimate.details["side"] == "upper_bound"
        assert estimate.interval is None
        assert_within_standard_errors(estimate, gaussian_bits(np.ones(512), noise_variance))

    def test_one_dimension(self):
        rng = np.random.default_rng(0)
        sample = sample_of(rng.standard_normal((2000, 1)), 1.0, rng)
        assert_within_standard_errors(GaussianCeiling(channel=awgn(1.0)).estimate(sample), 0.5)

    def test_rayleigh_fading_reaches_capacity(self):
        rng = np.random.default_rng(0)
        gains = rayleigh_gains(2000, 10, rng)
        sample = faded_sample(rng.standard_normal((2000, 20)), gains, 0.1, rng)
        estimate = GaussianCeiling(channel=KnownChannel(0.1, gains)).estimate(sample)
        assert_within_standard_errors(estimate, rayleigh_capacity_bits(10.0, 10))

    def test_fading_that_does_not_fade(self):
        rng = np.random.default_rng(0)
        inputs = rng.standard_normal((500, 8)) @ rng.standard_normal((8, 8))
        gains = np.exp(2j * np.pi * rng.random((500, 4)))
        sample = faded_sample(inputs, gains, 0.5, rng)
        faded = GaussianCeiling(channel=KnownChannel(0.5, gains)).estimate(sample)
        found = gaussian_information(inputs - inputs.mean(axis=0), 0.5)
        assert faded.value == pytest.approx(found.nats / np.log(2.0), rel=1e-9)

    def test_fewer_pairs_than_dimensions(self):
        rng = np.random.default_rng(0)
        for gains in (None, rayleigh_gains(60, 50, rng)):
            inputs = rng.standard_normal((60, 100))
            if gains is None:
                sample = sample_of(inputs, 0.1, rng)
                truth = gaussian_bits(np.ones(100), 0.1)
            else:
                sample = faded_sample(inputs, gains, 0.1, rng)
                truth = rayleigh_capacity_bits(10.0, 50)
            estimate = GaussianCeiling(channel=KnownChannel(0.1, gains)).estimate(sample)
            assert codes(estimate) == {"covariance_undersampled"}
            assert_within_standard_errors(estimate, truth)
