"""The law of i(x; y_hat) from exact fields, and R4 from it."""

from functools import cache

import numpy as np
import pytest

from jscgc_theory.bounds import meta_converse_log2_beta
from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.velocity import (
    InformationDensities,
    estimated_meta_converse,
    information_densities,
)
from jscgc_theory.sources import LinearGaussianChannel, SphereChannel
from jscgc_theory.sources.exact_velocity import ExactVelocity
from tests.statistics import assert_coverage, assert_same_law, assert_within_standard_errors

CHANNELS = [
    SphereChannel(1, 0.0),
    SphereChannel(2, 5.0),
    SphereChannel(8, 20.0),
    LinearGaussianChannel.isotropic(dim=4, snr_db=10.0),
]
each_channel = pytest.mark.parametrize(
    "channel", CHANNELS, ids=lambda c: f"{type(c).__name__}-{c.dim}"
)


@cache
def densities_of(channel, n_pairs=800, n_draws=64, seed=0):
    rng = np.random.default_rng(seed)
    x, y_hat = channel.sample(n_pairs, rng)
    found = information_densities(ExactVelocity(channel), x, y_hat, rng=rng, n_draws=n_draws)
    return found, channel.information_density_bits(x, y_hat)


@each_channel
def test_each_density_is_right_within_its_monte_carlo_error(channel):
    found, exact = densities_of(channel)
    error = np.array(found.density_bits) - exact
    assert np.sqrt(np.mean(error**2)) == pytest.approx(found.noise_bits, rel=0.25)
    mean_error = error.std(ddof=1) / np.sqrt(error.size)
    assert_within_standard_errors((error.mean(), mean_error), 0.0)
    assert np.mean(found.density_bits) == pytest.approx(
        found.information.loss_gap_bits.value, rel=1e-9
    )
    assert found.notices == ()


def test_their_law_is_the_exact_law():
    channel = SphereChannel(2, 5.0)
    found, _ = densities_of(channel, n_draws=256)
    x, y_hat = channel.sample(20_000, np.random.default_rng(9))
    assert_same_law(found.density_bits, channel.information_density_bits(x, y_hat))


def test_more_draws_make_the_noise_smaller():
    few, many = (densities_of(SphereChannel(2, 5.0), 200, n)[0].noise_bits for n in (32, 256))
    assert many < 0.5 * few


def test_the_record_survives_json():
    found, _ = densities_of(SphereChannel(1, 0.0), n_pairs=30, n_draws=8)
    assert InformationDensities.from_json(found.to_json()) == found
    assert len(found.standard_error_bits) == 30


@each_channel
def test_beta_is_right_within_its_error(channel):
    found, _ = densities_of(channel)
    estimate = estimated_meta_converse(found, 0.1)
    assert_within_standard_errors(estimate, channel.log2_beta(0.1))
    assert "not a bound" in estimate.method


def test_the_correction_takes_the_bias_of_noise_away():
    # Beside the beta of the exact densities of the same pairs, so that sampling plays no part.
    errors = []
    for seed in range(3):
        found, exact = densities_of(SphereChannel(8, 20.0), 1200, 64, seed)
        target = meta_converse_log2_beta(exact, 0.1)[0]
        plain = meta_converse_log2_beta(np.array(found.density_bits), 0.1)[0]
        errors.append([plain - target, estimated_meta_converse(found, 0.1).value - target])
    plain, corrected = np.mean(errors, axis=0)
    assert plain > 0.2
    assert abs(corrected) < 0.4 * plain


def test_a_field_in_disagreement_widens_the_interval():
    channel = SphereChannel(2, 5.0)
    exact = ExactVelocity(channel)

    def scaled(x_t, t, y_hat):
        unconditional = exact(x_t, t)
        return unconditional if y_hat is None else 1.4 * exact(x_t, t, y_hat) - 0.4 * unconditional

    x, y_hat = channel.sample(800, np.random.default_rng(0))
    wrong = information_densities(scaled, x, y_hat, rng=0, n_draws=64)
    estimate = estimated_meta_converse(wrong, 0.1)
    right = estimated_meta_converse(densities_of(channel)[0], 0.1)
    assert "forms_disagree" in {notice.code for notice in estimate.notices}
    assert estimate.half_width > 2.0 * right.half_width


def test_too_few_pairs_for_the_outage_are_told():
    found, _ = densities_of(SphereChannel(1, 0.0), n_pairs=50, n_draws=8)
    estimate = estimated_meta_converse(found, 1e-3)
    assert estimate.interval is None
    assert "too_few_pairs" in {notice.code for notice in estimate.notices}


def test_noisy_densities_are_told():
    found, _ = densities_of(SphereChannel(8, 20.0), n_pairs=500, n_draws=8)
    codes = {notice.code for notice in estimated_meta_converse(found, 0.1).notices}
    assert "noisy_densities" in codes


def test_bad_input_is_refused():
    channel = SphereChannel(1, 0.0)
    x, y_hat = channel.sample(50, np.random.default_rng(0))
    field = ExactVelocity(channel)
    with pytest.raises(InputError, match="too small; give at least 4"):
        information_densities(field, x, y_hat, n_draws=2)
    with pytest.raises(InputError, match="one to one"):
        information_densities(field, x, y_hat[:40])
    found = information_densities(field, x, y_hat, n_draws=4)
    with pytest.raises(InputError, match="outside \\(0, 1\\)"):
        estimated_meta_converse(found, 0.0)


@pytest.mark.slow
@pytest.mark.timeout(900)
@each_channel
@pytest.mark.parametrize("outage", [0.1, 0.01])
def test_r4_radius_within_two_percent(channel, outage):
    found, _ = densities_of(channel, n_pairs=60_000, n_draws=64)
    estimate = estimated_meta_converse(found, outage)
    radius = channel.radius_at_log2_probability(estimate.value)
    truth = channel.radius_at_log2_probability(channel.log2_beta(outage))
    assert radius == pytest.approx(truth, rel=0.02)


@pytest.mark.slow
@pytest.mark.timeout(900)
@each_channel
def test_beta_intervals_cover(channel):
    hits = {0.1: 0, 0.01: 0}
    for seed in range(100):
        found, _ = densities_of(channel, n_pairs=2000, n_draws=64, seed=seed)
        for outage in hits:
            estimate = estimated_meta_converse(found, outage)
            hits[outage] += estimate.covers(channel.log2_beta(outage))
    for count in hits.values():
        assert_coverage(count, 100, low=0.90, high=1.0)
