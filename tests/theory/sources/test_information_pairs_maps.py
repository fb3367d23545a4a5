"""The maps lose nothing: each is undone, or shown to be increasing."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from jscgc_theory.sources import DEMO_DRAWING
from jscgc_theory.sources.information_pairs import GaussianPair, bijections, image_pair, mapped_by
from jscgc_theory.sources.information_pairs.bijections import spiral
from tests.statistics import assert_follows_law
from tests.strategies import seeds


@pytest.mark.parametrize(
    "bijection",
    [
        bijections.ASINH,
        bijections.CUBE,
        bijections.HALF_CUBE,
        bijections.NORMAL_CDF,
        bijections.WIGGLY,
        bijections.TWO_HUMPS,
    ],
    ids=lambda bijection: bijection.name,
)
def test_maps_of_single_columns_increase(bijection):
    column = np.linspace(-7.0, 7.0, 20_001)[:, None]
    for mapped in (bijection.x_map(column), bijection.y_map(column)):
        assert mapped.shape == column.shape
        assert (np.diff(mapped[:, 0]) > 0.0).all()


@given(seed=seeds(), dim=st.integers(2, 6), speed=st.floats(-3.0, 3.0))
def test_a_spiral_is_undone_by_turning_back(seed, dim, speed):
    rows = np.random.default_rng(seed).standard_normal((20, dim))
    turned = spiral(0, dim - 1, speed)(rows)
    np.testing.assert_allclose(np.linalg.norm(turned, axis=1), np.linalg.norm(rows, axis=1))
    np.testing.assert_allclose(spiral(0, dim - 1, -speed)(turned), rows, atol=1e-12)


def test_a_spiral_turns_by_the_squared_norm():
    turned = spiral(0, 1, math.pi / 2.0)(np.array([[1.0, 0.0], [math.sqrt(2.0), 0.0]]))
    np.testing.assert_allclose(turned, [[0.0, 1.0], [-math.sqrt(2.0), 0.0]], atol=1e-12)


def test_a_swiss_roll_is_unrolled_by_its_radius():
    column = np.linspace(-4.0, 4.0, 2001)[:, None]
    rolled = bijections.SWISS_ROLL.x_map(column)
    angle = 21.0 * np.linalg.norm(rolled, axis=1)
    share = (angle / (1.5 * math.pi) - 1.0) / 2.0
    np.testing.assert_allclose(share, stats.norm.cdf(column[:, 0]), atol=1e-12)


def test_two_humps_have_the_law_they_are_named_for():
    normal = np.random.default_rng(0).standard_normal((5000, 1))
    for mapped, (share, left, right) in (
        (bijections.TWO_HUMPS.x_map(normal), (0.3, 0.0, 5.0)),
        (bijections.TWO_HUMPS.y_map(normal), (0.5, -1.0, 3.0)),
    ):

        def law(value, share=share, left=left, right=right):
            below = share * stats.norm.cdf(value - left)
            return below + (1.0 - share) * stats.norm.cdf(value - right)

        assert_follows_law(mapped[:, 0], law)


def test_a_mapped_pair_keeps_its_rows_together():
    base = GaussianPair.linked(3, n_linked=2, correlation=0.8)
    mapped = mapped_by(bijections.CUBE, base)
    x, y = base.sample(50, np.random.default_rng(3))
    mapped_x, mapped_y = mapped.sample(50, np.random.default_rng(3))
    np.testing.assert_array_equal(mapped_x, x**3)
    np.testing.assert_array_equal(mapped_y, y**3)
    assert mapped.mutual_information_bits() == base.mutual_information_bits()
    assert mapped_by(bijections.ASINH, mapped).group == "bijection"


@pytest.mark.parametrize("noisy_image", [False, True])
def test_images_show_their_own_factors(noisy_image):
    pair = image_pair(DEMO_DRAWING, 8.0, noisy_image=noisy_image)
    assert pair.mutual_information_bits() == pytest.approx(8.0, rel=1e-12)
    hidden, noisy = pair.base.sample(200, np.random.default_rng(4))
    images, seen = pair.sample(200, np.random.default_rng(4))
    expected = DEMO_DRAWING.render(stats.norm.cdf(hidden)).reshape(200, -1)
    np.testing.assert_allclose(images, expected, atol=1e-12)
    if noisy_image:
        expected = DEMO_DRAWING.render(stats.norm.cdf(noisy)).reshape(200, -1)
        np.testing.assert_allclose(seen, expected, atol=1e-12)
    else:
        np.testing.assert_array_equal(seen, noisy)
    # Different factors never make the same image, nor nearly so.
    slopes = DEMO_DRAWING.jacobian(stats.norm.cdf(hidden))
    assert np.linalg.svd(slopes, compute_uv=False).min() > 1e-3
