"""Drawn images judged: stand-ins for a generator whose errors are known."""

import numpy as np
import pytest

from jscgc_model.verification.drawn_image_report import (
    DrawnImageReport,
    TransmittedImages,
    judge_drawn_images,
)
from jscgc_model.verification.pixel_grid import PixelGrid
from jscgc_theory.errors import InputError
from jscgc_theory.inconsistency import empirical_radius, pair_distances
from jscgc_theory.sources import Drawing
from tests.statistics import assert_within_standard_errors

DRAWING = Drawing()
N_IMAGES = 400
SPREAD = {-5.0: 0.2, 5.0: 0.05}


@pytest.fixture(scope="module")
def source():
    """Factors away from the faces, so that errors stay inside the cube."""
    factors = np.random.default_rng(0).uniform(0.4, 0.6, (N_IMAGES, 4))
    return DRAWING.render(factors), factors


@pytest.fixture(scope="module")
def transmitted(source):
    """Generations are drawn exactly, their factors off by +-spread; reconstructions are means."""
    rng = np.random.default_rng(1)
    found = []
    for snr_db, spread in SPREAD.items():
        draws = [
            DRAWING.render(source[1] + spread * rng.choice([-1.0, 1.0], (N_IMAGES, 4)))
            for _ in range(16)
        ]
        found.append(TransmittedImages(snr_db, draws[0], np.mean(draws, axis=0)))
    return found


@pytest.fixture(scope="module")
def report(source, transmitted):
    return judge_drawn_images(source[0], transmitted, DRAWING, rng=2)


def test_factor_errors_are_those_that_were_made(report):
    for row, spread in zip(report.rows, SPREAD.values(), strict=True):
        assert list(row.factor_errors) == ["x", "y", "size", "intensity"]
        for error in row.factor_errors.values():
            assert error.value == pytest.approx(spread, rel=1e-3)


def test_draws_stay_on_the_manifold_and_means_leave_it(report):
    """Remark 2: the more so the less is received."""
    assert report.source_distance.value < 1e-9
    for row in report.rows:
        assert row.generated_distance.value < 1e-6
        assert row.reconstructed_distance.value > 1e-3
    first, second = (row.reconstructed_distance for row in report.rows)
    assert first.interval[0] > second.interval[1]


def test_noise_on_the_pixels_is_a_distance(source):
    noise = 0.03
    noisy = source[0] + noise * np.random.default_rng(3).standard_normal(source[0].shape)
    row = judge_drawn_images(
        source[0], [TransmittedImages(0.0, noisy, source[0])], DRAWING, rng=0
    ).rows[0]
    # Four of 256 directions of the noise lie along the manifold.
    expected = noise * np.sqrt(252 / 256)
    assert row.generated_distance.value == pytest.approx(expected, rel=0.01)
    assert row.reconstructed_distance.value < 1e-6


def test_radii_with_the_received_signal_and_without(source, transmitted, report):
    flat = source[0].reshape(N_IMAGES, -1)
    for row, one in zip(report.rows, transmitted, strict=True):
        generated = one.generated.reshape(N_IMAGES, -1)
        assert row.radius == empirical_radius(pair_distances(flat, generated), 0.1)
        others = [generated[place - 1] for place in range(N_IMAGES)]
        assert row.shuffled_radius == empirical_radius(pair_distances(flat, others), 0.1)
        assert row.radius_ratio == row.shuffled_radius.value / row.radius.value
    assert report.rows[1].radius_ratio > report.rows[0].radius_ratio > 1.0


def test_a_mean_and_its_standard_error_are_those_of_the_images(source):
    rng = np.random.default_rng(4)
    factors = np.clip(source[1] + 0.1 * rng.standard_normal((N_IMAGES, 4)), 0.0, 1.0)
    one = TransmittedImages(0.0, DRAWING.render(factors), source[0])
    error = judge_drawn_images(source[0], [one], DRAWING, rng=0).rows[0].factor_errors["x"]
    truth = 0.1 * np.sqrt(2.0 / np.pi)
    assert_within_standard_errors(error, truth)
    spread = np.abs(factors - source[1])[:, 0].std(ddof=1)
    assert error.standard_error == pytest.approx(spread / np.sqrt(N_IMAGES), rel=1e-4)


def test_examples_are_the_first_images_to_half_a_grey_level(source, transmitted, report):
    grid = report.examples
    assert grid.shape == (5, 8, 1, 16, 16)
    assert grid.labels == (
        "source",
        "generated, -5 dB",
        "generated, 5 dB",
        "reconstructed, -5 dB",
        "reconstructed, 5 dB",
    )
    for row, images in (
        (0, source[0]),
        (1, transmitted[0].generated),
        (4, transmitted[1].reconstructed),
    ):
        np.testing.assert_allclose(grid.pixels()[row], images[:8], atol=0.5 / 255.0 + 1e-12)


def test_pixels_beyond_the_range_are_clipped():
    grid = PixelGrid.from_rows({"one": np.array([-1.0, 0.5, 2.0, 1.0]).reshape(1, 1, 2, 2)})
    np.testing.assert_allclose(grid.pixels().ravel(), [0.0, 128 / 255, 1.0, 1.0])


def test_round_trip_and_size(report):
    text = report.to_json()
    assert DrawnImageReport.from_json(text) == report
    assert len(text) < 40_000


def test_images_of_another_drawing_are_refused(source):
    other = Drawing(pixels=12)
    with pytest.raises(InputError, match="the drawing makes"):
        judge_drawn_images(source[0], [], other)
