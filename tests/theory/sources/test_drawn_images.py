"""Drawn images: exact dimension, smoothness, injectivity, and closed forms of what is drawn."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from jscgc_theory.errors import InputError
from jscgc_theory.sources import FACTOR_NAMES, Drawing, demo_images

DRAWINGS = [
    Drawing(),
    Drawing(("x",), pixels=8),
    Drawing(("size", "aspect", "orientation"), pixels=24),
    Drawing(("x", "y", "size", "intensity", "orientation"), pixels=32),
    Drawing(FACTOR_NAMES[:8]),
    Drawing(FACTOR_NAMES, channels=3),
    Drawing(("hue", "intensity", "background"), pixels=12, channels=3),
]


def label(drawing):
    return f"{drawing.intrinsic_dim}factors{drawing.pixels}px{drawing.channels}ch"


@pytest.mark.parametrize("drawing", DRAWINGS, ids=label)
def test_images_have_stated_shape_range_and_are_reproducible(drawing):
    images, factors = drawing.sample(300, np.random.default_rng(1))
    assert images.shape == (300, drawing.channels, drawing.pixels, drawing.pixels)
    assert drawing.ambient_dim == images[0].size
    assert factors.shape == (300, drawing.intrinsic_dim)
    assert images.min() >= 0.0
    assert images.max() <= 1.0
    np.testing.assert_array_equal(drawing.render(factors), images)
    np.testing.assert_array_equal(drawing.render(factors[17:18]), images[17:18])


@pytest.mark.parametrize("drawing", DRAWINGS, ids=label)
def test_jacobian_has_full_rank_everywhere(drawing):
    rng = np.random.default_rng(2)
    corners = rng.integers(0, 2, (60, drawing.intrinsic_dim)).astype(float)
    factors = np.concatenate((rng.random((200, drawing.intrinsic_dim)), corners))
    singular = np.linalg.svd(drawing.jacobian(factors), compute_uv=False)
    assert singular.shape == (260, drawing.intrinsic_dim)
    # Pixels have unit range: every direction of the factors moves the image by a visible amount.
    assert singular[:, -1].min() > 0.1
    assert (singular[:, 0] / singular[:, -1]).max() < 40.0


@pytest.mark.parametrize("drawing", DRAWINGS, ids=label)
def test_different_factors_give_clearly_different_images(drawing):
    images, factors = drawing.sample(800, np.random.default_rng(3))
    stretch = pdist(images.reshape(len(images), -1)) / pdist(factors)
    assert stretch.min() > 0.3


def test_nearest_image_has_near_factors():
    images, factors = Drawing(("x", "orientation")).sample(4000, np.random.default_rng(4))
    flat = images.reshape(len(images), -1)
    _, index = cKDTree(flat).query(flat, k=2)
    gaps = np.linalg.norm(factors - factors[index[:, 1]], axis=1)
    # 4000 points in the unit square: a neighbour more than 0.1 away would be a false twin.
    assert gaps.max() < 0.1


@pytest.mark.parametrize("drawing", DRAWINGS, ids=label)
def test_pixels_are_smooth_in_the_factors(drawing):
    # The second difference of a smooth map falls with the square of the step, a jump's does not.
    rng = np.random.default_rng(5)
    centre = 0.25 + 0.5 * rng.random((40, drawing.intrinsic_dim))
    step = rng.standard_normal(centre.shape)
    step *= 0.02 / np.linalg.norm(step, axis=1, keepdims=True)

    def bend(scale):
        ends = drawing.render(centre + scale * step) + drawing.render(centre - scale * step)
        return np.abs(ends - 2.0 * drawing.render(centre)).max(axis=(1, 2, 3))

    ratio = bend(1.0) / bend(0.25)
    np.testing.assert_allclose(ratio, 16.0, rtol=0.1)


@given(
    x=st.floats(0.3, 0.7),
    y=st.floats(0.3, 0.7),
    size=st.floats(0.0, 0.25),
    angle=st.floats(0.0, 1.0),
)
def test_moments_equal_those_of_the_continuous_ellipse(x, y, size, angle):
    # The integral of sigmoid(s (1 - rho^2)) over the plane is pi a b log(1 + e^s) / s.
    drawing = Drawing(("x", "y", "size", "orientation"), pixels=48, sharpness=6.0)
    image = drawing.render([[x, y, size, angle]])[0, 0]
    cover = (image - 0.15) / (0.9 - 0.15)
    side = 2.0 / 48
    radius = 0.3 + 0.25 * size
    area = math.pi * radius**2 * math.log1p(math.exp(6.0)) / 6.0
    assert cover.sum() * side**2 == pytest.approx(area, rel=1e-4)
    across = (np.arange(48) + 0.5) * side - 1.0
    weight = cover / cover.sum()
    centroid = (weight.sum(axis=0) @ across, weight.sum(axis=1) @ across)
    assert centroid == pytest.approx((-0.4 + 0.8 * x, -0.4 + 0.8 * y), abs=1e-4)
    dx, dy = across - centroid[0], across - centroid[1]
    mixed = dy @ weight @ dx
    spread = weight.sum(axis=0) @ dx**2 - weight.sum(axis=1) @ dy**2
    turned = 0.5 * math.atan2(2.0 * mixed, spread)
    assert turned == pytest.approx(math.pi / 3.0 * (2.0 * angle - 1.0), abs=1e-3)


def test_colours_follow_the_hue_and_keep_their_sum():
    drawing = Drawing(("hue",), pixels=9, channels=3)
    centre = drawing.render([[0.0], [0.5], [1.0]])[:, :, 4, 4]
    assert centre.argmax(axis=1).tolist() == [0, 1, 2]
    np.testing.assert_allclose(centre.sum(axis=1), centre.sum(axis=1)[0], rtol=1e-12)


def test_jacobian_of_a_linear_factor_is_exact():
    drawing = Drawing(("intensity",))
    low, high = drawing.render([[0.0], [1.0]])
    np.testing.assert_allclose(drawing.jacobian([[0.3]])[0, :, 0], (high - low).ravel(), atol=1e-9)


def test_geometric_constant_of_a_segment_is_half_its_length():
    # Images that differ in intensity alone form a segment of uniform density.
    drawing = Drawing(("intensity",))
    low, high = drawing.render([[0.0], [1.0]])
    constant, error = drawing.geometric_constant(50, np.random.default_rng(0))
    assert constant == pytest.approx(0.5 * np.linalg.norm(high - low), rel=1e-6)
    assert error < 1e-6 * constant


@pytest.mark.parametrize("factors", [("x", "y"), ("size", "intensity")])
def test_geometric_constant_is_the_limit_of_pair_counts(factors):
    drawing = Drawing(factors, pixels=10)
    rng = np.random.default_rng(7)
    constant, constant_error = drawing.geometric_constant(4000, rng)
    share = 0.002
    radius = math.sqrt(share * constant)
    values = []
    for _ in range(20):
        distances = pdist(drawing.sample(1200, rng).images.reshape(1200, -1))
        wide, narrow = np.mean(distances <= radius), np.mean(distances <= radius / 2.0)
        # The faces of the unit cube bend q in proportion to r: extrapolate that term away.
        values.append((8.0 * narrow - wide) / share)
    error = math.hypot(np.std(values, ddof=1) / math.sqrt(20), constant_error / constant)
    assert abs(np.mean(values) - 1.0) < 4.0 * error + share


def test_demo_images_are_small_and_four_dimensional():
    images, factors = demo_images(np.random.default_rng(0), n_images=200)
    assert images.shape == (200, 1, 16, 16)
    assert factors.shape == (200, 4)
    assert demo_images(np.random.default_rng(0)).images.shape[0] == 4000


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Drawing(()), "give at least one"),
        (lambda: Drawing(("x", "x")), "not distinct names"),
        (lambda: Drawing(("x", "smell")), "not distinct names"),
        (lambda: Drawing(("hue",)), "set channels = 3"),
        (lambda: Drawing(channels=2), "channels = 2"),
        (lambda: Drawing(pixels=3), "pixels = 3 is too small"),
        (lambda: Drawing(sharpness=0.0), "sharpness = 0"),
        (lambda: Drawing().sample(0, np.random.default_rng(0)), "n_images = 0"),
        (lambda: Drawing().render([0.5, 0.5, 0.5, 0.5]), r"expected \(n_images, 4\)"),
        (lambda: Drawing().render([[0.5, 0.5, 0.5]]), r"expected \(n_images, 4\)"),
        (lambda: Drawing().render([[0.5, 0.5, 0.5, 1.5]]), "outside"),
        (lambda: Drawing().render([[0.5, 0.5, 0.5, math.nan]]), "outside"),
    ],
)
def test_impossible_drawings_are_refused(build, message):
    with pytest.raises(InputError, match=message):
        build()
