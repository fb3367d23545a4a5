"""Cross-entropies of the output: upper bounds that a better density tightens."""

import numpy as np
import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.channel_aware import OutputEntropy
from jscgc_theory.mutual_information.known_channel import KnownChannel
from tests.statistics import assert_within_standard_errors
from tests.theory.mutual_information.channel_aware.known_channels import (
    PAM2,
    PSK8,
    awgn,
    constellation_bits,
    draws,
    faded_sample,
    gaussian_bits,
    rayleigh_gains,
    rayleigh_mean,
    sample_of,
)


def bound(inputs, noise_variance, rng, n_components=1):
    sample = sample_of(inputs, noise_variance, rng)
    estimator = OutputEntropy(channel=awgn(noise_variance), n_components=n_components, rng=0)
    return estimator.estimate(sample)


def test_the_gaussian_model_pays_for_its_fit():
    rng = np.random.default_rng(0)
    variances = np.logspace(0.0, -1.0, 5)
    found = bound(rng.standard_normal((8000, 5)) * np.sqrt(variances), 0.1, rng)
    # Half of the pairs fit mean and covariance: n (n + 3) / 4 parameters' worth of nats each.
    excess = 5 * 8 / (4.0 * 4000.0) / np.log(2.0)
    assert_within_standard_errors(found, gaussian_bits(variances, 0.1) + excess)
    assert found.details["side"] == "upper_bound"


@pytest.mark.parametrize("snr_db", [0.0, 10.0])
def test_a_mixture_is_exact_for_a_constellation(snr_db):
    rng, noise_variance = np.random.default_rng(0), 10.0 ** (-0.1 * snr_db)
    truth = constellation_bits(PSK8, noise_variance)
    inputs = draws(PSK8, 6000, 1, rng)
    found = bound(inputs, noise_variance, rng, n_components=8)
    gaussian = bound(inputs, noise_variance, rng)
    assert truth - 4.0 * found.standard_error < found.value < 1.03 * truth
    assert gaussian.value > found.value


def test_tiny_noise():
    rng = np.random.default_rng(0)
    assert bound(draws(PAM2, 500, 1, rng), 1e-10, rng, n_components=2).value == pytest.approx(
        1.0, abs=0.02
    )


def test_fading():
    rng = np.random.default_rng(0)
    gains = rayleigh_gains(4000, 1, rng)
    sample = faded_sample(draws(PAM2, 4000, 2, rng), gains, 0.3, rng)
    found = OutputEntropy(channel=KnownChannel(0.3, gains), n_components=4).estimate(sample)
    truth = 2 * rayleigh_mean(lambda power: constellation_bits(PAM2, 0.3 / power))
    assert truth - 4.0 * found.standard_error < found.value < 1.05 * truth


def test_more_components_than_pairs():
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="n_components = 20 is too many for 30 pairs"):
        bound(rng.standard_normal((30, 1)), 1.0, rng, n_components=20)
