"""Random manifolds have the dimension they claim: laws spread it, charts keep it."""

import numpy as np
import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.sources.random_charts import CHARTS
from jscgc_theory.sources.random_laws import LAWS
from jscgc_theory.sources.random_manifolds import random_manifold

STEP = 1e-5


def jacobian_rank(chart, points, seed):
    """Rank of the chart's derivative at every row but the first, by central differences.

    The first row holds every column's least value, so that a chart that looks at it stays put.
    """
    points = np.vstack([points.min(axis=0) - 1.0, points])
    columns = []
    for axis in range(points.shape[1]):
        ahead, behind = points.copy(), points.copy()
        ahead[1:, axis] += STEP
        behind[1:, axis] -= STEP
        pair = [chart(moved, np.random.default_rng(seed)) for moved in (ahead, behind)]
        columns.append((pair[0] - pair[1])[1:] / (2.0 * STEP))
    singular = np.linalg.svd(np.stack(columns, axis=2), compute_uv=False)
    return (singular > 1e-6 * singular[:, :1]).sum(axis=1)


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("dim", [1, 3, 8])
@pytest.mark.parametrize("seed", range(3))
def test_a_chart_is_an_immersion(name, dim, seed):
    points = np.random.default_rng(seed).uniform(-1.0, 1.0, (20, dim))
    assert (jacobian_rank(CHARTS[name], points, seed) == dim).all()


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("dim", [1, 2, 4])
def test_a_law_fills_as_many_dimensions_as_it_claims(name, dim):
    """By the distances of the two nearest neighbours, within sampling error and curvature."""
    points = LAWS[name](6000, dim, np.random.default_rng(1))
    assert np.isfinite(points).all()
    distances = np.sort(np.linalg.norm(points[:500, None, :] - points[None, :, :], axis=2), axis=1)
    found = 1.0 / np.log(distances[:, 2] / distances[:, 1]).mean()
    assert abs(found - dim) < 3.5 * dim / np.sqrt(500) + 0.03 * dim


@pytest.mark.parametrize("dim", [1, 7, 60])
def test_the_same_seed_draws_the_same_manifold(dim):
    first, again, other = (
        random_manifold(50, dim, np.random.default_rng(seed)) for seed in (dim, dim, dim + 1)
    )
    np.testing.assert_array_equal(first.points, again.points)
    assert first.intrinsic_dim == dim
    assert np.isfinite(first.points).all()
    assert first.points.shape[1] >= dim
    assert first.points.shape != other.points.shape or (first.points != other.points).any()


def test_every_law_and_chart_comes_up():
    rng = np.random.default_rng(0)
    drawn = [random_manifold(10, 2, rng) for _ in range(150)]
    assert {one.law for one in drawn} == set(LAWS)
    assert {one.charts[0] for one in drawn} == set(CHARTS)
    assert {len(one.charts) for one in drawn} == {1, 2}


def test_sizes_that_make_no_manifold():
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="n_points = 1 is too small"):
        random_manifold(1, 2, rng)
    with pytest.raises(InputError, match="intrinsic_dim = 0 is too small"):
        random_manifold(10, 0, rng)
