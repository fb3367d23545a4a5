"""The codebook sandwich against its slow twin, closed and open."""

import numpy as np
import pytest

from jscgc_theory.mutual_information.channel_aware import CodebookSandwich, codebook
from jscgc_theory.mutual_information.channel_aware.codebook import codebook_sandwich
from jscgc_theory.mutual_information.channel_aware.coherent_pairs import coherent_pairs
from jscgc_theory.mutual_information.known_channel import KnownChannel
from tests.statistics import (
    assert_coverage,
    assert_within_standard_errors,
    sample_mean_and_error,
)
from tests.theory.mutual_information.channel_aware.known_channels import (
    PAM2,
    awgn,
    codes,
    constellation_bits,
    draws,
    faded_sample,
    gaussian_bits,
    pairs_of,
    rayleigh_gains,
    sample_of,
)


def slow_sides(pairs):
    """Both sides by one density at a time."""
    amplitudes = np.ones_like(pairs.inputs) if pairs.amplitudes is None else pairs.amplitudes
    lower, upper, n = [], [], pairs.n_pairs
    for row in range(n):
        distance = np.square(pairs.outputs[row] - amplitudes[row] * pairs.inputs).sum(axis=1)
        density = np.exp(-0.5 * distance / pairs.noise_variance)
        lower.append(np.log2(density[row] / density.mean()))
        upper.append(np.log2(density[row] / np.delete(density, row).mean()))
    return np.mean(lower), np.mean(upper)


class TestTwin:
    @pytest.mark.parametrize("values_per_block", [1, 130, 4_000_000])
    def test_without_fading(self, monkeypatch, values_per_block):
        monkeypatch.setattr(codebook, "_VALUES_PER_BLOCK", values_per_block)
        rng = np.random.default_rng(0)
        pairs = pairs_of(5.0 + rng.standard_normal((60, 3)), 0.5, rng)
        found = codebook_sandwich(pairs)
        assert (found.lower, found.upper) == pytest.approx(slow_sides(pairs), rel=1e-9)

    def test_with_fading(self):
        rng = np.random.default_rng(0)
        gains = rayleigh_gains(60, 2, rng)
        sample = faded_sample(3.0 + rng.standard_normal((60, 4)), gains, 0.5, rng)
        pairs = coherent_pairs(sample, KnownChannel(0.5, gains))
        found = codebook_sandwich(pairs)
        assert (found.lower, found.upper) == pytest.approx(slow_sides(pairs), rel=1e-9)


class TestClosed:
    @pytest.mark.parametrize("noise_variance", [0.1, 1.0, 10.0])
    def test_gaussian(self, noise_variance):
        rng = np.random.default_rng(0)
        sample = sample_of(rng.standard_normal((2000, 2)), noise_variance, rng)
        estimate = CodebookSandwich(channel=awgn(noise_variance)).estimate(sample)
        truth = gaussian_bits(np.ones(2), noise_variance)
        assert estimate.details["side"] == "estimate"
        assert estimate.covers(truth)
        assert_within_standard_errors(estimate, truth)

    def test_the_middle_is_better_than_either_side(self):
        truth = 8 * constellation_bits(PAM2, 0.3)
        sides = []
        for seed in range(20):
            rng = np.random.default_rng(seed)
            found = codebook_sandwich(pairs_of(draws(PAM2, 1500, 8, rng), 0.3, rng))
            sides.append((found.lower, 0.5 * (found.lower + found.upper), found.upper))
        lower, middle, upper = (sample_mean_and_error(side) for side in np.transpose(sides))
        assert lower[0] < truth - 4.0 * lower[1]
        assert upper[0] > truth + 4.0 * upper[1]
        assert_within_standard_errors(middle, truth)


class TestOpen:
    def test_the_lower_bound_says_that_it_is_saturated(self):
        rng = np.random.default_rng(0)
        sample = sample_of(rng.standard_normal((500, 40)), 0.1, rng)
        estimate = CodebookSandwich(channel=awgn(0.1)).estimate(sample)
        assert estimate.details["side"] == "lower_bound"
        assert estimate.interval is None
        assert estimate.value <= np.log2(500) + 1e-12
        assert estimate.details["upper_bits"] > gaussian_bits(np.ones(40), 0.1)
        assert codes(estimate) == {"codebook_saturated"}

    @pytest.mark.parametrize("noise_variance", [1e-12, 1e12])
    def test_tiny_and_huge_noise(self, noise_variance):
        rng = np.random.default_rng(0)
        sample = sample_of(rng.standard_normal((100, 3)), noise_variance, rng)
        estimate = CodebookSandwich(channel=awgn(noise_variance)).estimate(sample)
        assert np.isfinite(estimate.value)
        assert (estimate.details["side"] == "lower_bound") == (noise_variance < 1.0)


def test_large_samples_are_subsampled_and_it_is_said():
    rng = np.random.default_rng(0)
    sample = sample_of(rng.standard_normal((300, 1)), 1.0, rng)
    estimate = CodebookSandwich(channel=awgn(1.0), max_codewords=200, rng=1).estimate(sample)
    assert codes(estimate) == {"codebook_subsampled"}
    assert estimate.n_points_used == 200


@pytest.mark.slow
@pytest.mark.parametrize("dim", [1, 4])
def test_the_interval_covers(dim):
    truth = gaussian_bits(np.ones(dim), 0.5)
    hits = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        sample = sample_of(rng.standard_normal((1000, dim)), 0.5, rng)
        hits += CodebookSandwich(channel=awgn(0.5)).estimate(sample).covers(truth)
    assert_coverage(hits, 100, high=1.0)
