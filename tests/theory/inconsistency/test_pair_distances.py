"""Row-wise distances against one-at-a-time subtraction, at every scale."""

import math

import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.inconsistency import distances as distances_module
from jscgc_theory.inconsistency import pair_distances
from tests.strategies import point_clouds


@given(source=point_clouds())
def test_agrees_with_one_distance_at_a_time(source: NDArray[np.float64]) -> None:
    generated = source[::-1]
    expected = [math.dist(x, y) for x, y in zip(source, generated, strict=True)]
    assert pair_distances(source, generated) == pytest.approx(np.array(expected), rel=1e-12)


@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1e-6, 1e200])
def test_no_scale_overflows_or_vanishes(scale: float) -> None:
    source = np.array([[0.0, 0.0], [1.0, 2.0]]) * scale
    generated = np.array([[3.0, 4.0], [1.0, 2.0]]) * scale
    assert pair_distances(source, generated) == pytest.approx([5.0 * scale, 0.0], rel=1e-12)


def test_float32_with_an_offset_keeps_what_float32_holds() -> None:
    source = np.full((3, 2), 1e6, dtype=np.float32)
    generated = source + np.array([0.5, 0.25], dtype=np.float32)
    assert pair_distances(source, generated) == pytest.approx(math.hypot(0.5, 0.25), rel=1e-12)


def test_unsigned_images_do_not_wrap_around() -> None:
    dark, bright = np.zeros((2, 3, 3), np.uint8), np.full((2, 3, 3), 200, np.uint8)
    assert pair_distances(dark, bright) == pytest.approx([600.0, 600.0])


def test_chunks_join_seamlessly(monkeypatch: pytest.MonkeyPatch) -> None:
    source = np.random.default_rng(0).standard_normal((101, 7))
    whole = pair_distances(source, source[::-1])
    monkeypatch.setattr(distances_module, "_VALUES_PER_CHUNK", 21)
    assert np.array_equal(pair_distances(source, source[::-1]), whole)


def test_inputs_are_left_alone() -> None:
    source, generated = np.ones((4, 2)), np.zeros((4, 2))
    pair_distances(source, generated)
    assert np.array_equal(source, np.ones((4, 2)))


def test_guards() -> None:
    with pytest.raises(InputError, match="rows must pair up one to one"):
        pair_distances(np.zeros((3, 2)), np.zeros((4, 2)))
    with pytest.raises(InputError, match="generated holds nan at row 1, column 0"):
        pair_distances(np.zeros((2, 1)), [[0.0], [math.nan]])
