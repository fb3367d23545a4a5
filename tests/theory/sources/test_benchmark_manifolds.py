"""The benchmark manifolds: dimension proved by the chart, law compared with scikit-dimension."""

import numpy as np
import pytest
from scipy import stats

from jscgc_theory.errors import InputError
from jscgc_theory.sources import BENCHMARK_MANIFOLDS, benchmark_manifold
from jscgc_theory.sources.benchmark_charts import cube_surface
from jscgc_theory.sources.further_manifolds import FURTHER_MANIFOLDS
from jscgc_theory.sources.held_out_manifolds import HELD_OUT_MANIFOLDS

EVERY = list(BENCHMARK_MANIFOLDS.values())
EVERY_AND_FURTHER = [*EVERY, *FURTHER_MANIFOLDS.values(), *HELD_OUT_MANIFOLDS.values()]


@pytest.fixture(scope="module")
def peer():
    from skdim.datasets import BenchmarkManifolds

    return BenchmarkManifolds(random_state=3)


def name(manifold):
    return manifold.name


@pytest.mark.parametrize("manifold", EVERY_AND_FURTHER, ids=name)
def test_sample_has_stated_shape_and_is_reproducible(manifold):
    points = manifold.sample(30, np.random.default_rng(1))
    assert points.shape == (30, manifold.ambient_dim)
    np.testing.assert_array_equal(points, manifold.sample(30, np.random.default_rng(1)))


@pytest.mark.parametrize("manifold", EVERY_AND_FURTHER, ids=name)
def test_jacobian_of_the_chart_has_rank_of_the_intrinsic_dimension(manifold):
    parameters = manifold.draw_parameters(20, np.random.default_rng(2))
    # Whole-numbered faces and the length of a normal vector are parameters that do not move.
    n_free = parameters.shape[1] - ("Cubic" in manifold.name)
    step = 1e-6
    columns = [
        (manifold.chart(parameters + shift) - manifold.chart(parameters - shift)) / (2.0 * step)
        for shift in step * np.eye(parameters.shape[1])[:n_free]
    ]
    jacobian = np.stack(columns, axis=2)
    singular = np.linalg.svd(jacobian, compute_uv=False)
    rank = np.sum(singular > 1e-6 * singular[:, :1], axis=1)
    assert np.all(rank == manifold.intrinsic_dim)


def test_the_set_and_its_dimensions_are_those_of_scikit_dimension(peer):
    truth = peer.truth
    assert set(truth.index) == set(BENCHMARK_MANIFOLDS)
    for label, row in truth.iterrows():
        manifold = BENCHMARK_MANIFOLDS[label]
        assert manifold.intrinsic_dim == row["Intrinsic Dimension"]
        assert manifold.ambient_dim == row["Number of variables"]


@pytest.mark.parametrize("manifold", EVERY, ids=name)
def test_law_agrees_with_scikit_dimension(manifold, peer):
    n_points = 4000
    theirs = peer.generate(
        name=manifold.name, n=n_points, dim=manifold.ambient_dim, d=manifold.intrinsic_dim
    )
    ours = manifold.sample(n_points, np.random.default_rng(4))
    assert theirs.shape == ours.shape
    direction = np.random.default_rng(5).standard_normal((manifold.ambient_dim, 6))
    scale = np.maximum(ours.std(axis=0), 1e-12)
    statistics_of = [
        *(lambda x, w=w: (x / scale) @ w for w in direction.T),
        lambda x: x[:, 0],
        lambda x: x[:, -1],
        lambda x: np.linalg.norm(x / scale, axis=1),
    ]
    p_values = [
        stats.ks_2samp(np.round(f(ours), 9), np.round(f(theirs), 9)).pvalue for f in statistics_of
    ]
    # Nine tests on each of 24 sets.
    assert min(p_values) > 0.01 / 216


def test_cube_surface_puts_each_face_in_its_place():
    faces = cube_surface(np.array([[0.2, 0.3, f] for f in range(6)], dtype=float))
    expected = [
        [0, 0.2, 0.3],
        [1, 0.2, 0.3],
        [0.2, 0, 0.3],
        [0.2, 1, 0.3],
        [0.2, 0.3, 0],
        [0.2, 0.3, 1],
    ]
    np.testing.assert_array_equal(faces, expected)


def test_lookup_by_name():
    assert benchmark_manifold("M7_Roll").intrinsic_dim == 2
    with pytest.raises(InputError, match="'M99' is no benchmark manifold"):
        benchmark_manifold("M99")
    with pytest.raises(InputError, match="n_points = 0"):
        benchmark_manifold("M7_Roll").sample(0, np.random.default_rng(0))
