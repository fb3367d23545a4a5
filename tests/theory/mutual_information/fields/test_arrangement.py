import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.mutual_information.fields.arrangement import arranged
from jscgc_theory.mutual_information.fields.noise_range import NoiseRange, noise_range_of_pairs
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.sources import SphereChannel


def gaussian_pairs(n_pairs, correlation, rng):
    x = rng.standard_normal((n_pairs, 1))
    noise = rng.standard_normal((n_pairs, 1))
    return x, correlation * x + math.sqrt(1.0 - correlation**2) * noise


def test_the_side_of_fewer_directions_is_generated():
    rng = np.random.default_rng(0)
    x, y = gaussian_pairs(500, 0.7, rng)
    plane = np.concatenate([x, -x, 2.0 * x], axis=1)
    wide = np.concatenate([y, rng.standard_normal((500, 1))], axis=1)
    assert arranged(PairedSample(plane, wide), None).generated == "x"
    swapped = arranged(PairedSample(wide, plane), None)
    assert swapped.generated == "y"
    np.testing.assert_array_equal(swapped.sample.x, plane)
    np.testing.assert_array_equal(swapped.sample.y, wide)


def test_of_two_equal_sides_the_wider_given_the_other_is_generated():
    rng = np.random.default_rng(1)
    x = rng.uniform(-1.0, 1.0, (2000, 1))
    y = np.cos(8.0 * x)  # y follows from x, but x does not from y
    y += 0.01 * rng.standard_normal(y.shape)
    assert arranged(PairedSample(x, y), None).generated == "x"
    assert arranged(PairedSample(y, x), None).generated == "y"


def test_a_chosen_side_is_kept():
    x, y = gaussian_pairs(100, 0.5, np.random.default_rng(2))
    assert arranged(PairedSample(x, y), "y").generated == "y"


def test_heavy_tails_become_normal_scores_and_other_columns_stay():
    rng = np.random.default_rng(3)
    x = np.stack([rng.standard_cauchy(2000), rng.standard_normal(2000)], axis=1)
    y = rng.standard_normal((2000, 1))
    found = arranged(PairedSample(x, y), "x")
    assert found.n_rank_columns == 1
    np.testing.assert_array_equal(found.sample.x[:, 1], x[:, 1])
    np.testing.assert_array_equal(np.argsort(found.sample.x[:, 0]), np.argsort(x[:, 0]))
    assert found.sample.x[:, 0].std() == pytest.approx(1.0, abs=0.01)


@given(scale=st.floats(1e-6, 1e6), shift=st.floats(-100.0, 100.0))
def test_the_noise_range_scales_with_x(scale, shift):
    x, y = SphereChannel(2, 5.0).sample(400, np.random.default_rng(4))
    levels = noise_range_of_pairs(x, y)
    moved = noise_range_of_pairs(scale * (x + shift), y)
    assert moved.smallest == pytest.approx(scale * levels.smallest, rel=1e-6)
    assert moved.largest == pytest.approx(scale * levels.largest, rel=1e-6)


def test_the_noise_range_brackets_the_conditional_width():
    x, y = gaussian_pairs(4000, 0.99, np.random.default_rng(5))
    levels = noise_range_of_pairs(x, y)
    given_y = math.sqrt(1.0 - 0.99**2)
    assert 0.05 * given_y < levels.smallest < 0.12 * given_y
    assert 9.0 < levels.largest < 11.0


def test_pairs_that_determine_each_other_stop_at_what_float32_resolves():
    x = np.random.default_rng(6).standard_normal((500, 1))
    levels = noise_range_of_pairs(x, 2.0 * x)
    assert levels.smallest == pytest.approx(1e-5 * x.std(ddof=1))


def test_times_are_noise_levels_on_the_path():
    low, high = NoiseRange(0.25, 4.0).t_range
    assert low / (1.0 - low) == pytest.approx(0.25)
    assert high / (1.0 - high) == pytest.approx(120.0)
