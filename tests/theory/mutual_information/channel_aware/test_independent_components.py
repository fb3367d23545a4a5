"""Sums over components: exact for independent ones, bounds for others, and it is known which."""

import numpy as np
import pytest

from jscgc_theory.mutual_information.channel_aware import IndependentComponents
from jscgc_theory.mutual_information.channel_aware.component_sums import dependent_columns
from jscgc_theory.mutual_information.known_channel import KnownChannel
from tests.statistics import assert_coverage, assert_within_standard_errors
from tests.theory.mutual_information.channel_aware.known_channels import (
    PAM2,
    PAM4,
    PAM8,
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


def rotation(dim, rng):
    return np.linalg.qr(rng.standard_normal((dim, dim)))[0]


def answer(inputs, noise_variance, rng, **settings):
    estimator = IndependentComponents(channel=awgn(noise_variance), rng=0, **settings)
    return estimator.estimate(sample_of(inputs, noise_variance, rng))


class TestIndependent:
    @pytest.mark.parametrize("points", [PAM2, PAM4, PAM8], ids=["BPSK", "16-QAM", "64-QAM"])
    @pytest.mark.parametrize("snr_db", [-5.0, 5.0, 20.0])
    def test_constellations(self, points, snr_db):
        rng, noise_variance = np.random.default_rng(0), 10.0 ** (-0.1 * snr_db)
        found = answer(draws(points, 2000, 24, rng), noise_variance, rng)
        assert found.details["side"] == "estimate"
        assert found.details["basis"] == "native columns"
        assert_within_standard_errors(found, 24 * constellation_bits(points, noise_variance))

    def test_512_dimensions_of_bpsk(self):
        rng = np.random.default_rng(0)
        found = answer(draws(PAM2, 600, 512, rng), 1.0 / 3.0, rng)
        assert found.value == pytest.approx(432.8, abs=0.1)
        assert_within_standard_errors(found, 512 * constellation_bits(PAM2, 1.0 / 3.0))

    def test_eight_phases_need_the_complex_pairs(self):
        rng = np.random.default_rng(0)
        found = answer(draws(PSK8, 2000, 10, rng), 0.1, rng)
        assert found.details["side"] == "estimate"
        assert found.details["basis"] == "complex pairs"
        assert_within_standard_errors(found, 10 * constellation_bits(PSK8, 0.1))
        assert found.details["sums_bits"]["native columns"] > found.value + 1.0

    def test_correlated_gaussian_inputs(self):
        rng = np.random.default_rng(0)
        variances = np.logspace(0.0, -3.0, 40)
        inputs = rng.standard_normal((2000, 40)) * np.sqrt(variances) @ rotation(40, rng)
        found = answer(inputs, 0.01, rng)
        assert found.details["side"] == "estimate"
        assert found.details["basis"] == "principal components"
        assert_within_standard_errors(found, gaussian_bits(variances, 0.01))

    def test_a_rotated_constellation_is_found(self):
        rng = np.random.default_rng(0)
        found = answer(draws(PAM2, 4000, 8, rng) @ rotation(8, rng), 0.3, rng)
        assert found.details["basis"] == "independent components"
        truth = 8 * constellation_bits(PAM2, 0.3)
        assert truth - 4.0 * found.standard_error <= found.value <= 1.005 * truth

    def test_rayleigh_fading(self):
        rng = np.random.default_rng(0)
        gains = rayleigh_gains(2000, 6, rng)
        sample = faded_sample(draws(PAM4, 2000, 12, rng), gains, 0.1, rng)
        found = IndependentComponents(channel=KnownChannel(0.1, gains)).estimate(sample)
        truth = 12 * rayleigh_mean(lambda power: constellation_bits(PAM4, 0.1 / power))
        assert found.details["side"] == "estimate"
        assert_within_standard_errors(found, truth)

    def test_one_dimension(self):
        rng = np.random.default_rng(0)
        found = answer(draws(PAM4, 500, 1, rng), 0.3, rng)
        assert_within_standard_errors(found, constellation_bits(PAM4, 0.3))


def repeated(rng):
    return np.repeat(draws(PAM2, 2000, 10, rng), 3, axis=1)


def common_scale(rng):
    return rng.standard_normal((2000, 20)) * np.sqrt(rng.choice([0.3, 1.7], (2000, 1)))


def on_a_sphere(rng):
    points = rng.standard_normal((2000, 20))
    return points * np.sqrt(20.0) / np.linalg.norm(points, axis=1, keepdims=True)


def few_messages(rng):
    return rng.standard_normal((40, 20))[rng.integers(40, size=2000)]


def curve(rng):
    angle = rng.uniform(0.0, 2.0 * np.pi, (2000, 1))
    return np.cos(angle * np.arange(1, 21) + np.arange(20))


DEPENDENT = (repeated, common_scale, on_a_sphere, few_messages, curve)


class TestDependent:
    @pytest.mark.parametrize("law", DEPENDENT, ids=lambda law: law.__name__)
    def test_it_is_only_a_bound(self, law):
        rng = np.random.default_rng(0)
        found = answer(law(rng), 0.1, rng)
        assert found.details["side"] == "upper_bound"
        assert found.interval is None
        assert found.details["dependences"]

    def test_the_bound_holds(self):
        rng = np.random.default_rng(0)
        found = answer(repeated(rng), 0.5, rng)
        assert found.value > 10 * constellation_bits(PAM2, 0.5 / 3.0)

    def test_tests_can_be_declined(self):
        rng = np.random.default_rng(0)
        found = answer(draws(PAM2, 500, 4, rng), 0.5, rng, test_independence=False)
        assert found.details["side"] == "upper_bound"

    def test_unresolved_components_are_no_estimate(self):
        rng = np.random.default_rng(0)
        found = answer(rng.uniform(-1.0, 1.0, (500, 3)), 1e-14, rng)
        assert found.details["side"] == "upper_bound"
        assert found.details["dependences"] == ["components not resolved"]

    def test_too_few_pairs_to_tell(self):
        rng = np.random.default_rng(0)
        found = answer(draws(PAM2, 25, 300, rng), 1.0, rng)
        assert found.details["side"] == "upper_bound"
        assert "too few pairs to see a dependence that matters" in found.details["dependences"]


def test_independence_is_rarely_doubted():
    certified = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        inputs = rng.standard_normal((300, 6)) if seed % 2 else draws(PSK8, 300, 3, rng)
        certified += answer(inputs, 0.3, rng).details["side"] == "estimate"
    assert certified >= 29


@pytest.mark.slow
@pytest.mark.parametrize("law", ["BPSK", "64-QAM", "8-PSK", "Gauss", "Rayleigh 16-QAM"])
def test_the_interval_covers(law):
    hits = 0
    for seed in range(100):
        rng, noise_variance = np.random.default_rng(seed), 0.3
        gains = rayleigh_gains(1000, 4, rng) if law == "Rayleigh 16-QAM" else None
        points = {"BPSK": PAM2, "64-QAM": PAM8, "8-PSK": PSK8, "Rayleigh 16-QAM": PAM4}.get(law)
        if points is None:
            variances = np.logspace(0.0, -2.0, 8)
            inputs = rng.standard_normal((1000, 8)) * np.sqrt(variances) @ rotation(8, rng)
            truth = gaussian_bits(variances, noise_variance)
        else:
            inputs = draws(points, 1000, 8 // points[:1].size, rng)
            truth = 8 // points[:1].size * constellation_bits(points, noise_variance)
        sample = sample_of(inputs, noise_variance, rng)
        if gains is not None:
            sample = faded_sample(inputs, gains, noise_variance, rng)
            truth = 8 * rayleigh_mean(lambda power: constellation_bits(PAM4, 0.3 / power))
        channel = KnownChannel(noise_variance, gains)
        hits += IndependentComponents(channel=channel, rng=0).estimate(sample).covers(truth)
    assert_coverage(hits, 100, high=1.0)


def test_circles_are_found_whatever_the_order_of_their_columns():
    rng = np.random.default_rng(12)
    angle = rng.uniform(0.0, 2.0 * np.pi, (4000, 6))
    columns = np.stack([np.cos(angle), np.sin(angle)], axis=2).reshape(4000, 12)
    blocks = dependent_columns(columns)
    np.testing.assert_array_equal(blocks, np.repeat(np.arange(6), 2))
    shuffled = rng.permutation(12)
    found = dependent_columns(columns[:, shuffled])
    np.testing.assert_array_equal(
        found[:, None] == found, blocks[shuffled][:, None] == blocks[shuffled]
    )
    np.testing.assert_array_equal(dependent_columns(rng.standard_normal((4000, 5))), np.arange(5))
    np.testing.assert_array_equal(dependent_columns(np.sign(columns)), np.arange(12))


def test_one_matched_pair_among_three_columns():
    """A component of two columns beside one of one: the products follow the match."""
    rng = np.random.default_rng(0)
    angle = rng.uniform(0.0, 2.0 * np.pi, 4000)
    inputs = np.stack([np.cos(angle), rng.standard_normal(4000), np.sin(angle)], axis=1)
    found = answer(inputs, 0.1, rng)
    assert found.details["basis"] == "pairs of dependent columns"
    assert found.details["side"] == "estimate"
    circle = answer(inputs[:, [0, 2]], 0.1, rng)
    assert found.value == pytest.approx(circle.value + gaussian_bits(np.ones(1), 0.1), abs=0.05)
