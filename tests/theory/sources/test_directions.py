"""Directions: unit length, parallel to their rows, uniform on the circle."""

import numpy as np

from jscgc_theory.sources.directions import directions_of, uniform_directions
from tests.statistics import assert_follows_law


def test_directions_have_unit_length_and_point_along_their_rows():
    vectors = (
        np.random.default_rng(0).standard_normal((50, 4)) * np.logspace(-100, 100, 50)[:, None]
    )
    units = directions_of(vectors)
    length = np.linalg.norm(vectors, axis=1)
    np.testing.assert_allclose(np.linalg.norm(units, axis=1), 1.0, rtol=1e-14)
    np.testing.assert_allclose(units * length[:, None], vectors, rtol=1e-14)


def test_a_row_of_zeros_gets_the_first_axis():
    np.testing.assert_array_equal(directions_of(np.zeros((2, 3))), [[1.0, 0.0, 0.0]] * 2)


def test_random_directions_of_the_plane_have_a_uniform_angle():
    x, y = uniform_directions(4000, 2, np.random.default_rng(1)).T
    turns = np.arctan2(y, x) / (2.0 * np.pi) + 0.5
    assert_follows_law(turns, lambda t: np.clip(t, 0.0, 1.0))
