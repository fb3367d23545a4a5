"""One-sided neighbourhoods against a plain loop, and where a bound suffices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import chdtri

from jscgc_theory.intrinsic_dimension import isotropy
from jscgc_theory.intrinsic_dimension.isotropy import one_sidedness
from jscgc_theory.intrinsic_dimension.leading_kernel import write_leading_parts
from jscgc_theory.neighbours import nearest_neighbours
from jscgc_theory.sources import Ball, Sphere

N_NEIGHBOURS = 15


def slow_statistic(points, table, tangent_dim):
    found = []
    for point, near in zip(points, table.indices, strict=True):
        arrows = points[near[:N_NEIGHBOURS]] - point
        directions = np.linalg.svd(arrows, full_matrices=False)[2][:tangent_dim]
        units = arrows / np.linalg.norm(arrows, axis=1, keepdims=True)
        resultant = directions @ units.sum(axis=0)
        found.append(tangent_dim * float(resultant @ resultant) / N_NEIGHBOURS)
    return np.array(found)


def slow_parts(matrices, vectors, n_leading, power):
    values, directions = np.linalg.eigh(matrices)
    along = np.einsum("nij,ni->nj", directions, vectors)
    return (np.maximum(values, 0.0) ** power * along**2)[:, -n_leading:].sum(axis=1)


def leading_parts(matrices, vectors, n_leading, power):
    part = np.empty(len(matrices))
    write_leading_parts(matrices.copy(), vectors.copy(), n_leading, power, part)
    return part


@given(
    seed=st.integers(0, 10_000),
    size=st.integers(1, 24),
    rank=st.integers(1, 24),
    exponent=st.integers(-8, 8),
    power=st.sampled_from([0, 1]),
    data=st.data(),
)
def test_leading_parts_equal_those_of_eigenvectors(seed, size, rank, exponent, power, data):
    rng = np.random.default_rng(seed)
    factors = 10.0**exponent * rng.standard_normal((3, size, rank))
    matrices = factors @ factors.transpose(0, 2, 1)
    # Beyond the rank all directions have eigenvalue zero, so that none of them leads.
    n_leading = data.draw(st.integers(1, size if power == 1 else min(size, rank)))
    vectors = rng.standard_normal((3, size))
    found = leading_parts(matrices, vectors, n_leading, power)
    expected = slow_parts(matrices, vectors, n_leading, power)
    values = np.linalg.eigvalsh(matrices)
    gaps = values[:, -n_leading] - values[:, -n_leading - 1] if n_leading < size else values[:, -1]
    # Rounding turns eigenvectors by its ratio to the gap that sets the last of them apart.
    turned = 1e-13 * values[:, -1] / np.maximum(gaps, 1e-14 * values[:, -1])
    rounding = 1e-12 * values[:, -1] ** power
    turning = turned * np.maximum(values[:, -n_leading], 0.0) ** power
    assert (
        np.abs(found - expected) <= (rounding + turning) * np.square(vectors).sum(axis=1)
    ).all()


def test_leading_parts_of_special_matrices():
    vectors = np.random.default_rng(0).standard_normal((2, 5))
    whole = np.square(vectors).sum(axis=1)
    equal = np.repeat(np.eye(5)[None], 2, axis=0)
    np.testing.assert_allclose(leading_parts(equal, vectors, 5, 1), whole)
    np.testing.assert_allclose(leading_parts(0.0 * equal, vectors, 5, 0), whole)
    np.testing.assert_array_equal(leading_parts(0.0 * equal, vectors, 3, 1), 0.0)
    steps = np.diag([1.0, 5.0, 3.0, 2.0, 4.0])[None].repeat(2, axis=0)
    np.testing.assert_allclose(
        leading_parts(steps, vectors, 2, 1), 5.0 * vectors[:, 1] ** 2 + 4.0 * vectors[:, 4] ** 2
    )
    assert np.isnan(leading_parts(np.nan * equal, vectors, 2, 1)).all()


@pytest.mark.parametrize("source", [Sphere(2), Ball(3), Sphere(4)], ids=["sphere", "ball", "S^4"])
def test_equals_the_plain_loop(source):
    points = source.sample(300, np.random.default_rng(0))
    table = nearest_neighbours(points, N_NEIGHBOURS)
    found = one_sidedness(points, table, N_NEIGHBOURS, source.intrinsic_dim)
    expected = slow_statistic(points, table, source.intrinsic_dim)
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-10)


def test_a_bound_is_given_only_where_it_is_small_enough(monkeypatch):
    source = Sphere(4)
    points = source.sample(2000, np.random.default_rng(1))
    table = nearest_neighbours(points, N_NEIGHBOURS)
    exact = one_sidedness(points, table, N_NEIGHBOURS, 4)
    solved = []
    solve = isotropy._tangent_square
    monkeypatch.setattr(
        isotropy, "_tangent_square", lambda *given: solved.append(len(given[0])) or solve(*given)
    )
    least = float(chdtri(4, 0.2))
    found = one_sidedness(points, table, N_NEIGHBOURS, 4, least=least)
    settled = found != exact
    assert (exact[settled] <= found[settled]).all()
    assert (found[settled] <= least).all()
    np.testing.assert_array_equal(found <= least, exact <= least)
    # Four in five are chi-squared below the level; the tilt of the surface leaves as many more.
    assert sum(solved) < 0.5 * len(points)
