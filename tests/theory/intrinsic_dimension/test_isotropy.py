"""One-sided neighbourhoods against a plain loop, and where a bound suffices."""

import numpy as np
import pytest
from scipy.special import chdtri

from jscgc_theory.intrinsic_dimension.isotropy import one_sidedness
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
    eigh = np.linalg.eigh
    monkeypatch.setattr(np.linalg, "eigh", lambda grams: solved.append(len(grams)) or eigh(grams))
    least = float(chdtri(4, 0.2))
    found = one_sidedness(points, table, N_NEIGHBOURS, 4, least=least)
    settled = found != exact
    assert (exact[settled] <= found[settled]).all()
    assert (found[settled] <= least).all()
    np.testing.assert_array_equal(found <= least, exact <= least)
    # Four in five are chi-squared below the level; the tilt of the surface leaves as many more.
    assert sum(solved) < 0.5 * len(points)
