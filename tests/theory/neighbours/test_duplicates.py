"""Repeated rows: dropped once, counted, and said."""

import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.errors import InputError
from jscgc_theory.neighbours import (
    distinct_rows,
    duplicates_notice,
    settle_duplicates,
)
from tests.strategies import generators

duplicates = sys.modules[distinct_rows.__module__]


def test_distinct_rows_come_back_untouched():
    points = np.random.default_rng(0).standard_normal((50, 3))
    settled, n_duplicates = settle_duplicates(points)
    assert settled is points
    assert n_duplicates == 0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_first_copies_stay_in_order(dtype):
    points = np.array([[1.0, 2.0], [3.0, 4.0], [1.0, 2.0], [0.0, 5.0], [3.0, 4.0]], dtype=dtype)
    settled, n_duplicates = settle_duplicates(points)
    np.testing.assert_array_equal(settled, points[[0, 1, 3]])
    assert settled.dtype == dtype
    assert n_duplicates == 2
    np.testing.assert_array_equal(distinct_rows(points), [0, 1, 3])


def test_negative_zero_is_zero():
    settled, n_duplicates = settle_duplicates(np.array([[0.0, 1.0], [-0.0, 1.0], [2.0, 1.0]]))
    assert n_duplicates == 1
    assert len(settled) == 2


def test_the_next_float_is_another_row():
    points = np.array([[1.0], [np.nextafter(1.0, 2.0)], [2.0]])
    assert settle_duplicates(points)[1] == 0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_only_copies_are_compared_in_full(monkeypatch, dtype):
    """Small whole numbers have few bits that differ, which sums of them must not lose."""
    rng = np.random.default_rng(2)
    points = rng.integers(0, 256, (3000, 12)).astype(dtype)
    points[70] = points[2000] = points[11]
    compared = []
    original = duplicates.blake2b

    def counting(bits, **settings):
        compared.append(bits)
        return original(bits, **settings)

    monkeypatch.setattr(duplicates, "blake2b", counting)
    np.testing.assert_array_equal(distinct_rows(points), np.delete(np.arange(3000), [70, 2000]))
    assert len(compared) == 3


@given(rng=generators(), n_columns=st.integers(1, 3))
def test_equals_the_slow_comparison(rng, n_columns):
    points = rng.integers(-1, 2, (40, n_columns)) * rng.choice([0.5, 1.0, 1e-300])
    _, first = np.unique(points + 0.0, axis=0, return_index=True)
    np.testing.assert_array_equal(distinct_rows(points), np.sort(first))


def test_too_few_distinct_rows():
    with pytest.raises(InputError, match="9 points hold only 1 distinct rows, 2 are needed"):
        settle_duplicates(np.ones((9, 2)))
    with pytest.raises(InputError, match="hold only 3 distinct rows, 5 are needed"):
        settle_duplicates(np.repeat(np.eye(3), 4, axis=0), min_points=5)


def test_memory_mapped_rows_are_not_copied(tmp_path):
    np.save(tmp_path / "wide.npy", np.random.default_rng(1).standard_normal((500, 2000)))
    mapped = np.load(tmp_path / "wide.npy", mmap_mode="r")
    tracemalloc.start()
    try:
        settled, _ = settle_duplicates(mapped)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert settled is mapped
    assert peak < 0.1 * mapped.nbytes


def test_notice_counts():
    notice = duplicates_notice(3, 40)
    assert notice.code == "duplicates_dropped"
    assert notice.message.startswith("3 of 40 rows repeat an earlier row")
