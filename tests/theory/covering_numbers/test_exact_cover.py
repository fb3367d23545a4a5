"""The exact counts against brute force over all subsets, and the theorems that bind them."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from jscgc_theory.covering_numbers.exact_cover import exact_covering, exact_packing
from jscgc_theory.errors import InputError


@st.composite
def small_clouds(draw, largest=9):
    seed = draw(st.integers(0, 10_000))
    n_points = draw(st.integers(1, largest))
    dim = draw(st.integers(1, 3))
    rng = np.random.default_rng(seed)
    if draw(st.booleans()):
        return rng.integers(0, 3, (n_points, dim)).astype(float)
    return rng.standard_normal((n_points, dim))


def subsets_by_size(n_points):
    for size in range(1, n_points + 1):
        yield from combinations(range(n_points), size)


def brute_covering(near):
    return next(len(s) for s in subsets_by_size(len(near)) if near[list(s)].any(axis=0).all())


def brute_packing(near):
    return max(len(s) for s in subsets_by_size(len(near)) if near[np.ix_(s, s)].sum() == len(s))


@given(points=small_clouds(), radius=st.floats(0.0, 3.0))
def test_counts_equal_brute_force(points, radius):
    near = cdist(points, points) <= radius
    covering, packing = exact_covering(points, radius), exact_packing(points, radius)
    assert near[list(covering)].any(axis=0).all()
    assert len(covering) == brute_covering(near)
    assert near[np.ix_(packing, packing)].sum() == len(packing)
    assert len(packing) == brute_packing(near)


@given(points=small_clouds(largest=25), radius=st.floats(0.0, 2.0))
def test_packing_and_covering_interlace(points, radius):
    # packing(2 eps) <= covering(eps) <= packing(eps); the margin absorbs float rounding of ties.
    covering = len(exact_covering(points, radius))
    assert len(exact_packing(points, 2.0 * radius * (1.0 + 1e-12))) <= covering
    assert covering <= len(exact_packing(points, radius))


@pytest.mark.parametrize("unit", [2.0**-600, 1.0, 2.0**600])
def test_counts_on_a_line(unit):
    line = unit * np.arange(7.0).reshape(-1, 1)
    assert len(exact_covering(line, unit)) == 3
    assert len(exact_packing(line, unit)) == 4
    assert len(exact_packing(line, 0.9 * unit)) == 7
    assert len(exact_covering(line, 0.0)) == 7


def test_sixty_points_are_served():
    points = np.random.default_rng(0).standard_normal((60, 2))
    covering, packing = exact_covering(points, 0.7), exact_packing(points, 0.7)
    assert 1 < len(covering) <= len(packing) < 60


@pytest.mark.parametrize("count", [exact_covering, exact_packing])
def test_bad_input_is_refused(count):
    with pytest.raises(InputError, match="offered up to 60"):
        count(np.zeros((61, 2)), 1.0)
    with pytest.raises(InputError, match="radius = -1 is negative"):
        count(np.zeros((3, 2)), -1.0)
    with pytest.raises(InputError, match="at least 1 are needed"):
        count(np.zeros((0, 2)), 1.0)
