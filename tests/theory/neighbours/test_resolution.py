"""Numbers too coarse for the distances between points are noticed, and only these."""

import numpy as np
import pytest

from jscgc_theory.neighbours import coarse_resolution_notice, nearest_neighbours


def notice_for(points):
    typical = float(np.median(nearest_neighbours(points, 1).distances))
    return coarse_resolution_notice(points, typical)


def cloud(n_points=500, ambient_dim=4):
    return np.random.default_rng(0).standard_normal((n_points, ambient_dim))


@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_fine_numbers_pass(offset):
    assert notice_for(cloud() + offset) is None
    assert notice_for(cloud().astype(np.float32)) is None


@pytest.mark.parametrize(
    "points",
    [
        (cloud() + 1e6).astype(np.float32),
        cloud() + 1e15,
        cloud().round(1),
        np.rint(20.0 * cloud()),
    ],
    ids=["float32 offset", "float64 offset", "grid", "whole numbers"],
)
def test_coarse_numbers_are_noticed(points):
    distinct = np.unique(points, axis=0)
    notice = notice_for(distinct)
    assert notice is not None
    assert notice.code == "coarse_resolution"


def test_images_of_whole_numbers_are_fine_enough():
    pixels = np.rint(255.0 * np.random.default_rng(1).random((300, 400)))
    assert notice_for(pixels) is None


def test_columns_of_two_values_and_constant_columns_are_no_grid():
    switches = np.random.default_rng(2).integers(0, 2, size=(500, 3)).astype(float)
    assert notice_for(np.concatenate([cloud(), cloud(), switches], axis=1)) is None
    assert notice_for(np.concatenate([cloud(), np.ones((500, 9))], axis=1)) is None
    assert coarse_resolution_notice(np.ones((9, 2)), 0.0) is None


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_squares_that_leave_floating_point_do_no_harm(unit):
    rounded = np.rint(cloud() * 3.0)
    assert notice_for(unit * cloud()) is None
    assert notice_for(unit * rounded).code == notice_for(rounded).code == "coarse_resolution"


@pytest.mark.parametrize("step", [0.3, 1.0, 3.0])
def test_stated_error_is_the_error_of_distances(step):
    """At random s / sqrt(6), and s^2 D / (12 r) in the mean, against distances moved in fact."""
    rng = np.random.default_rng(3)
    points = 100.0 * rng.standard_normal((20_000, 6))
    arrows = rng.standard_normal(points.shape)
    partners = points + 20.0 * arrows / np.linalg.norm(arrows, axis=1, keepdims=True)
    first, second = (step * np.rint(ends / step) for ends in (points, partners))
    moved = np.linalg.norm(second - first, axis=1) - 20.0
    notice = coarse_resolution_notice(np.concatenate([first, second]), 20.0)
    stated = np.hypot(step / np.sqrt(6.0), step**2 * 6.0 / (12.0 * 20.0))
    assert (notice is None) == (stated <= 0.03 * 20.0)
    if notice is not None:
        said = float(notice.message.split("moves distances by ")[1].split(";")[0])
        assert said == pytest.approx(stated, rel=0.05)
    assert float(np.sqrt(np.mean(moved**2))) == pytest.approx(stated, rel=0.02)
