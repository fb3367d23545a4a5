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


@pytest.mark.parametrize("step", [0.05, 0.3, 1.0])
def test_stated_error_is_the_error_of_distances(step):
    """What rounding does to a distance in root mean square, s sqrt(D / 6)."""
    points = 10.0 * np.random.default_rng(3).standard_normal((4000, 6))
    rounded = step * np.rint(points / step)
    exact = np.linalg.norm(points[1:] - points[:-1], axis=1)
    moved = np.linalg.norm(rounded[1:] - rounded[:-1], axis=1) - exact
    # A distance feels the rounding along its own direction only: 1/D of the square.
    notice = coarse_resolution_notice(rounded, 1e-9)
    assert notice is not None
    stated = float(notice.message.split("moves distances by ")[1].split(";")[0])
    assert stated == pytest.approx(step * np.sqrt(6 / 6.0), rel=0.01)
    assert float(np.sqrt(np.mean(moved**2))) <= stated
