"""Nearest neighbours against brute force in float64, whatever the search, precision and shape."""

import importlib.util
import inspect
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from scipy.spatial.distance import cdist

from jscgc_theory.errors import InputError, MissingExtraError
from jscgc_theory.neighbours import (
    centred_matrix,
    nearest_neighbours,
    neighbours_from_distances,
)
from tests.strategies import point_clouds

BACKENDS = ("auto", "tree", "flat", "torch")
SEARCHES = ("tree", "flat", "torch")


def brute_force(points, k):
    """Ascending distances of every point to the others, by float64 differences."""
    rows = np.asarray(points, dtype=np.float64)
    distances = cdist(rows, rows)
    np.fill_diagonal(distances, np.inf)
    return np.sort(distances, axis=1)[:, :k]


def assert_exact(table, points, rtol=1e-12):
    """The distances are the k least, ascending, and belong to the listed rows, self left out."""
    rows = np.asarray(points, dtype=np.float64)
    k = table.n_neighbours
    np.testing.assert_allclose(table.distances, brute_force(rows, k), rtol=rtol)
    listed = np.linalg.norm(rows[table.indices] - rows[:, None, :], axis=2)
    np.testing.assert_allclose(table.distances, listed, rtol=rtol)
    assert (np.diff(table.distances, axis=1) >= 0.0).all()
    assert (table.indices != np.arange(len(rows))[:, None]).all()
    assert all(len(set(row)) == k for row in table.indices.tolist())


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("ambient_dim", [1, 3, 20, 300])
def test_equals_brute_force_in_float64(backend, ambient_dim):
    points = np.random.default_rng(ambient_dim).standard_normal((257, ambient_dim))
    assert_exact(nearest_neighbours(points, 12, backend=backend), points)


@pytest.mark.parametrize("backend", SEARCHES)
@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_float32_points_keep_every_digit_they_came_with(backend, offset):
    noise = np.random.default_rng(0).standard_normal((200, 10))
    points = (noise * 10.0 + offset).astype(np.float32)
    assert_exact(nearest_neighbours(points, 9, backend=backend), points, rtol=1e-6)


@pytest.mark.parametrize("backend", SEARCHES)
def test_offset_does_no_harm(backend):
    points = np.random.default_rng(1).standard_normal((300, 12)) + 1e6
    assert_exact(nearest_neighbours(points, 8, backend=backend), points)


@pytest.mark.parametrize("backend", SEARCHES)
@pytest.mark.parametrize("scale", [1e-200, 1e-9, 1e9, 1e200])
def test_scale_multiplies_distances_and_nothing_else(backend, scale):
    points = np.random.default_rng(2).standard_normal((120, 11))
    plain = nearest_neighbours(points, 6, backend=backend)
    scaled = nearest_neighbours(points * scale, 6, backend=backend)
    np.testing.assert_allclose(scaled.distances / scale, plain.distances, rtol=1e-9)
    np.testing.assert_array_equal(scaled.indices, plain.indices)


@pytest.mark.parametrize("backend", SEARCHES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_two_far_tight_clusters_are_found_exactly_though_float32_cannot_rank_them(backend, dtype):
    rng = np.random.default_rng(3)
    points = 1e-3 * rng.standard_normal((150, 10))
    # One cluster stays at the origin, where float32 has digits to spare.
    points[75:] += 1e5 if dtype is np.float64 else 0.0
    points[75:, 0] += 1e5
    points = points.astype(dtype)
    if dtype is np.float32:
        points[75:] = 1e5 * (1.0 + rng.random((75, 10))).astype(np.float32)
    assert_exact(nearest_neighbours(points, 7, backend=backend), points, rtol=1e-6)


@pytest.mark.parametrize("backend", SEARCHES)
def test_one_row_far_outside_spoils_no_digit_of_the_others(backend):
    points = np.random.default_rng(4).standard_normal((400, 15)).astype(np.float32)
    points[17] = 1e9
    assert_exact(nearest_neighbours(points, 5, backend=backend), points, rtol=1e-6)


@pytest.mark.parametrize("backend", SEARCHES)
def test_ties_of_a_lattice(backend):
    axis = np.arange(5.0)
    points = np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)
    assert_exact(nearest_neighbours(points, 10, backend=backend), points)


@pytest.mark.parametrize("backend", SEARCHES)
def test_constant_columns_add_nothing(backend):
    points = np.random.default_rng(5).standard_normal((100, 4))
    padded = np.concatenate([points, np.full((100, 30), 7.5)], axis=1)
    assert_exact(nearest_neighbours(padded, 5, backend=backend), points)


@pytest.mark.parametrize("backend", SEARCHES)
def test_all_other_points_as_neighbours(backend):
    points = np.random.default_rng(6).standard_normal((40, 9))
    table = nearest_neighbours(points, 39, backend=backend)
    assert_exact(table, points)
    assert (table.n_points, table.n_neighbours) == (40, 39)


@pytest.mark.parametrize("backend", SEARCHES)
def test_two_points(backend):
    table = nearest_neighbours([[0.0, 0.0], [3.0, 4.0]], 1, backend=backend)
    np.testing.assert_allclose(table.distances, [[5.0], [5.0]], rtol=1e-12)
    np.testing.assert_array_equal(table.indices, [[1], [0]])


@pytest.mark.parametrize("backend", SEARCHES)
def test_repeated_points_are_neighbours_at_zero_and_never_their_own(backend):
    points = np.repeat(np.random.default_rng(7).standard_normal((6, 10)), 20, axis=0)
    table = nearest_neighbours(points, 19, backend=backend)
    assert table.distances.max() == 0.0
    assert (table.indices // 20 == np.arange(120)[:, None] // 20).all()
    assert (table.indices != np.arange(120)[:, None]).all()


@pytest.mark.parametrize("backend", SEARCHES)
def test_memory_mapped_points(backend, tmp_path):
    points = np.random.default_rng(8).standard_normal((130, 14)).astype(np.float32)
    np.save(tmp_path / "points.npy", points)
    mapped = np.load(tmp_path / "points.npy", mmap_mode="r")
    assert_exact(nearest_neighbours(mapped, 4, backend=backend), points, rtol=1e-6)


@given(points=point_clouds())
def test_searches_agree_with_each_other(points):
    tables = [nearest_neighbours(points, 5, backend=backend) for backend in SEARCHES]
    for table in tables[1:]:
        np.testing.assert_allclose(table.distances, tables[0].distances, rtol=1e-9)


@pytest.mark.parametrize("backend", SEARCHES)
def test_progress_rises_to_one(backend):
    heard = []
    points = np.random.default_rng(9).standard_normal((2100, 9))
    nearest_neighbours(points, 3, backend=backend, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


@pytest.mark.parametrize("backend", ["flat", "torch"])
def test_memory_stays_bounded(backend):
    points = np.random.default_rng(10).standard_normal((20_000, 9)).astype(np.float32)
    nearest_neighbours(points[:100], 5, backend=backend)
    tracemalloc.start()
    try:
        nearest_neighbours(points, 5, backend=backend)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # The whole matrix would hold 3.2 GB, a block of 2048 float64 rows of it 330 MB.
    assert peak < 60e6


def test_many_rows_that_float32_cannot_certify_do_not_fall_to_one_by_one_search():
    rng = np.random.default_rng(11)
    points = 1e-4 * rng.standard_normal((3000, 30))
    points[1500:] += 1e4
    tracemalloc.start()
    try:
        table = nearest_neighbours(points, 5, backend="flat")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    np.testing.assert_allclose(table.distances, brute_force(points, 5), rtol=1e-9)
    assert peak < 200e6


def test_torch_search_without_torch_names_the_extra(monkeypatch):
    find_spec = importlib.util.find_spec

    def without_torch(name, package=None):
        return None if name == "torch" else find_spec(name, package)

    monkeypatch.setattr("jscgc_theory.neighbours.torch_search.find_spec", without_torch)
    with pytest.raises(MissingExtraError, match=r"jscgc\[model\]"):
        nearest_neighbours(np.eye(12), 2, backend="torch")


def test_asking_for_a_gpu_imports_no_torch():
    code = (
        "import sys; from jscgc_theory.neighbours.torch_search import cuda_is_available; "
        "assert not cuda_is_available(); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


class TestRefusals:
    def test_unknown_backend(self):
        # The run-time type checker of the tests would refuse the word first.
        unchecked = inspect.unwrap(nearest_neighbours)
        with pytest.raises(InputError, match="backend = 'gpu' is unknown; use auto, tree"):
            unchecked(np.eye(4), 1, backend="gpu")

    def test_too_few_points(self):
        with pytest.raises(InputError, match="4 neighbours need at least 5 points, got 4"):
            nearest_neighbours(np.eye(4), 4)

    def test_no_neighbours(self):
        with pytest.raises(InputError, match="n_neighbours = 0 is too small"):
            nearest_neighbours(np.eye(4), 0)

    def test_not_finite(self):
        with pytest.raises(InputError, match="holds nan at row 1, column 0"):
            nearest_neighbours([[0.0, 1.0], [np.nan, 1.0], [2.0, 3.0]], 1)

    def test_numbers_whose_distances_overflow(self):
        points = np.array([[1e308], [-1e308], [0.5e308], [0.0]])
        with pytest.raises(InputError, match="rescale"):
            nearest_neighbours(points, 1)


class TestDistanceMatrix:
    def matrix(self, n_points=30, seed=0):
        points = np.random.default_rng(seed).standard_normal((n_points, 3))
        return cdist(points, points)

    def test_equals_points(self):
        points = np.random.default_rng(0).standard_normal((30, 3))
        from_points = nearest_neighbours(points, 7)
        table = neighbours_from_distances(cdist(points, points), 7)
        np.testing.assert_allclose(table.distances, from_points.distances, rtol=1e-12)
        np.testing.assert_array_equal(table.indices, from_points.indices)

    def test_leaves_the_matrix_as_it_was(self):
        matrix = self.matrix()
        before = matrix.copy()
        neighbours_from_distances(matrix, 29)
        np.testing.assert_array_equal(matrix, before)

    def test_oblong(self):
        with pytest.raises(InputError, match="shape \\(30, 29\\); a square matrix is needed"):
            neighbours_from_distances(self.matrix()[:, :-1], 3)

    def test_negative(self):
        matrix = self.matrix()
        matrix[0, 1] = matrix[1, 0] = -1.0
        with pytest.raises(InputError, match="negative value or a non-zero diagonal"):
            neighbours_from_distances(matrix, 3)

    def test_diagonal(self):
        with pytest.raises(InputError, match="non-zero diagonal"):
            neighbours_from_distances(self.matrix() + np.eye(30), 3)

    @pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
    def test_asymmetric_at_any_unit(self, scale):
        matrix = self.matrix() * scale
        matrix[2, 5] *= 1.01
        with pytest.raises(InputError, match="not symmetric"):
            neighbours_from_distances(matrix, 3)

    def test_rounding_is_no_asymmetry(self):
        matrix = self.matrix()
        matrix[2, 5] *= 1.0 + 1e-9
        assert neighbours_from_distances(matrix, 3).n_neighbours == 3

    def test_too_small(self):
        with pytest.raises(InputError, match="30 neighbours need at least 31 points"):
            neighbours_from_distances(self.matrix(), 30)


class TestCentring:
    def test_distances_and_radius(self):
        rng = np.random.default_rng(0)
        points = rng.standard_normal((5000, 3)) * 7.0 + [1e3, -5.0, 0.0]
        moved = centred_matrix(points)
        assert moved.scale == pytest.approx(7.0 * np.sqrt(3.0), rel=0.05)
        assert np.square(moved.rows).sum(axis=1).mean() == pytest.approx(1.0, rel=1e-9)
        differences = points[1:] - points[:-1]
        np.testing.assert_allclose(np.diff(moved.rows, axis=0) * moved.scale, differences, 1e-9)
        first = np.arange(1, 5000)
        lengths = np.linalg.norm(differences, axis=1)
        np.testing.assert_allclose(moved.distances(first, first - 1) * moved.scale, lengths)

    def test_constant_cloud_keeps_its_unit(self):
        moved = centred_matrix(np.full((3, 2), 4.0))
        assert moved.scale == 1.0
        assert not moved.rows.any()

    def test_precision_asked_for(self):
        points = np.random.default_rng(1).standard_normal((50, 3))
        single = centred_matrix(points, dtype=np.float32)
        assert single.rows.dtype == np.float32
        assert centred_matrix(points.astype(np.float32)).rows.dtype == np.float32
        np.testing.assert_allclose(single.rows, centred_matrix(points).rows, atol=1e-6)
