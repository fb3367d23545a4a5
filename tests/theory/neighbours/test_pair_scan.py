"""The pass over all pairs against brute force: what is listed, counted, and left out."""

import time
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from scipy.spatial.distance import cdist, pdist
from threadpoolctl import threadpool_limits

from jscgc_theory.neighbours import cross_scan, pair_scan
from tests.strategies import generators, point_clouds


def scan_of(points, n_close=50, seed=0, **settings):
    return pair_scan(points, n_close, rng=np.random.default_rng(seed), **settings)


def cross_of(points, others, n_close=50, seed=0):
    return cross_scan(points, others, n_close, rng=np.random.default_rng(seed))


def assert_is_brute_force(scan, distances, listed, n_close, rtol=1e-9):
    """Compare with all distances between pairs that count; rounding of the bins is float32's."""
    apart = np.sort(distances[distances > 0.0])
    n_listed = min(n_close, apart.size)
    assert scan.n_pairs == distances.size
    assert scan.n_coincident == distances.size - apart.size
    np.testing.assert_allclose(scan.distance, apart[:n_listed], rtol=rtol)
    np.testing.assert_allclose(listed, scan.distance, rtol=rtol)
    pairs = list(zip(scan.first.tolist(), scan.second.tolist(), strict=True))
    assert len(set(pairs)) == n_listed
    assert (np.diff(scan.distance) >= 0.0).all()
    assert (np.diff(scan.radius) > 0.0).all()
    assert (np.diff(scan.cumulative) >= 0).all()
    assert scan.cumulative[-1] == apart.size
    fewest = np.searchsorted(apart, scan.radius * (1.0 - 1e-3))
    most = np.searchsorted(apart, scan.radius * (1.0 + 1e-3))
    assert (fewest <= scan.cumulative).all()
    assert (scan.cumulative <= most).all()
    complete = scan.radius <= scan.distance[-1] * (1.0 - 1e-9)
    exact = np.searchsorted(apart, scan.radius[complete])
    np.testing.assert_array_equal(scan.cumulative[complete], exact)
    assert scan.diameter == pytest.approx(distances.max(), rel=1e-3)


def assert_pairs_within(points, scan, n_close, rtol=1e-9):
    rows = np.asarray(points, dtype=np.float64)
    listed = np.linalg.norm(rows[scan.first] - rows[scan.second], axis=1)
    assert (scan.first != scan.second).all()
    assert len({frozenset(pair) for pair in zip(scan.first, scan.second, strict=True)}) == len(
        scan.first
    )
    assert_is_brute_force(scan, pdist(rows), listed, n_close, rtol)
    np.testing.assert_array_equal(scan.pairs_per_node, np.full(len(rows), len(rows) - 1))
    assert scan.pairs_per_node.sum() == 2 * scan.n_pairs


@given(points=point_clouds(min_points=2))
def test_any_cloud_of_any_size(points):
    assert_pairs_within(points, scan_of(points), 50)


@pytest.mark.parametrize("n_points", [2, 3, 5, 12, 25])
def test_tiny_clouds_list_every_pair_once(n_points):
    points = np.random.default_rng(n_points).standard_normal((n_points, 3))
    scan = scan_of(points, n_close=10 * n_points)
    assert len(scan.distance) == min(10 * n_points, n_points * (n_points - 1) // 2)
    assert_pairs_within(points, scan, 10 * n_points)


@pytest.mark.parametrize("ambient_dim", [1, 2, 40])
@pytest.mark.parametrize("n_close", [3, 700, 10_000])
def test_blocks_and_limits(ambient_dim, n_close, monkeypatch):
    monkeypatch.setattr("jscgc_theory.neighbours.pair_blocks._ROWS_PER_STRIP", 30)
    points = np.random.default_rng(ambient_dim).standard_normal((700, ambient_dim))
    assert_pairs_within(points, scan_of(points, n_close), n_close)


def test_offset_costs_no_digit():
    points = np.random.default_rng(1).standard_normal((300, 5)) + 1e6
    assert_pairs_within(points, scan_of(points, 900), 900)


def test_float32_points():
    points = np.random.default_rng(2).standard_normal((300, 5)).astype(np.float32)
    assert_pairs_within(points, scan_of(points, 900), 900, rtol=1e-6)


@pytest.mark.parametrize("scale", [1e-150, 1e-6, 1e6, 1e150])
def test_scale(scale):
    points = np.random.default_rng(3).standard_normal((100, 4))
    plain, scaled = scan_of(points, 300), scan_of(points * scale, 300)
    np.testing.assert_allclose(scaled.distance / scale, plain.distance, rtol=1e-9)
    np.testing.assert_array_equal(scaled.first, plain.first)
    assert scaled.diameter / scale == pytest.approx(plain.diameter, rel=1e-5)


def test_two_far_tight_clusters():
    points = 1e-5 * np.random.default_rng(4).standard_normal((400, 3))
    points[200:] += 1.0
    assert_pairs_within(points, scan_of(points, 500), 500)


def test_one_row_far_outside():
    points = np.random.default_rng(5).standard_normal((400, 6))
    points[11] = 1e7
    assert_pairs_within(points, scan_of(points, 500), 500)


def test_one_row_far_outside_lists_few_candidates(monkeypatch):
    """Candidates of the filter beyond those asked for cost a measurement each."""
    measured = []
    points = np.random.default_rng(6).standard_normal((1000, 8))
    points[11] = 1e6
    module = __import__("jscgc_theory.neighbours.centring", fromlist=["CentredMatrix"])
    original = module.CentredMatrix.distances

    def counting(self, first, second):
        measured.append(len(first))
        return original(self, first, second)

    monkeypatch.setattr(module.CentredMatrix, "distances", counting)
    scan_of(points, 2000)
    assert sum(measured) < 8000


def test_equal_distances_of_a_simplex():
    points = np.eye(40)
    scan = scan_of(points, 100)
    assert_pairs_within(points, scan, 100)
    np.testing.assert_allclose(scan.distance, np.sqrt(2.0), rtol=1e-12)


def test_lattice():
    axis = np.arange(7.0)
    points = np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)
    scan = scan_of(points, 1500)
    distances = pdist(points)
    np.testing.assert_allclose(scan.distance, np.sort(distances)[:1500])
    assert scan.cumulative[-1] == distances.size


def test_coincident_pairs_are_counted_and_not_listed():
    points = np.random.default_rng(7).standard_normal((60, 3))
    doubled = np.concatenate([points, points[:10], points[:10]])
    scan = scan_of(doubled, 200)
    assert scan.n_coincident == 30
    assert_pairs_within(doubled, scan, 200)


def test_order_of_rows_does_not_matter():
    rng = np.random.default_rng(8)
    points = rng.standard_normal((200, 4))
    order = rng.permutation(200)
    plain, shuffled = scan_of(points, 400), scan_of(points[order], 400)
    np.testing.assert_allclose(shuffled.distance, plain.distance, rtol=1e-12)
    plain_pairs = np.sort(np.stack([plain.first, plain.second]), axis=0)
    found = np.sort(order[np.stack([shuffled.first, shuffled.second])], axis=0)
    assert set(map(tuple, found.T.tolist())) == set(map(tuple, plain_pairs.T.tolist()))
    np.testing.assert_allclose(shuffled.radius, plain.radius, rtol=1e-5)
    np.testing.assert_allclose(shuffled.cumulative, plain.cumulative, atol=2)


@pytest.mark.parametrize("n_points", [100, 900])
def test_row_fractions_are_those_of_rows(n_points):
    points = np.random.default_rng(9).standard_normal((n_points, 3))
    scan = scan_of(points, 300, seed=5)
    rows = np.sort(
        np.random.default_rng(5).choice(n_points, size=min(512, n_points), replace=False)
    )
    distances = cdist(points, points)
    np.fill_diagonal(distances, np.inf)
    # Radii lie at the edges of bins, where rounding may move a pair or two.
    expected = np.stack([np.searchsorted(np.sort(distances[row]), scan.radius) for row in rows])
    counts = scan.row_fraction * (n_points - 1)
    np.testing.assert_allclose(counts, counts.round(), atol=1e-9)
    assert np.abs(counts - expected).max() <= 1.0 + 1e-9
    assert np.mean(np.abs(counts - expected) > 0.5) < 1e-3


def test_progress_never_falls_and_ends_at_one(monkeypatch):
    monkeypatch.setattr("jscgc_theory.neighbours.pair_blocks._ROWS_PER_STRIP", 70)
    rng = np.random.default_rng(10)
    # Most pairs far, so that the first limit misses and the pass is repeated.
    points = np.concatenate([rng.standard_normal((400, 2)) * 1e3, rng.standard_normal((30, 2))])
    heard = []
    scan_of(points, 3000, progress=heard.append)
    assert all(first < second for first, second in pairwise(heard))
    assert heard[-1] == 1.0


def test_memory_stays_bounded():
    points = np.random.default_rng(11).standard_normal((20_000, 6)).astype(np.float32)
    tracemalloc.start()
    try:
        scan = scan_of(points, 20_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(scan.distance) == 20_000
    # The whole matrix would hold 1.6 GB in float32.
    assert peak < 400e6


class TestTwoClouds:
    def assert_cross(self, points, others, n_close=80):
        scan = cross_of(points, others, n_close)
        distances = cdist(points, others)
        if len(points) == len(others):
            distances = distances[~np.eye(len(points), dtype=bool)]
            assert (scan.first != scan.second - len(points)).all()
        listed = np.linalg.norm(points[scan.first] - others[scan.second - len(points)], axis=1)
        assert (scan.second >= len(points)).all()
        assert_is_brute_force(scan, distances.ravel(), listed, n_close)
        assert scan.n_nodes == len(points) + len(others)
        assert scan.pairs_per_node[: len(points)].sum() == scan.n_pairs
        assert scan.pairs_per_node[len(points) :].sum() == scan.n_pairs
        return scan

    @given(rng=generators())
    def test_unequal_sizes(self, rng):
        sizes = rng.integers(2, 60, size=2)
        self.assert_cross(*(rng.standard_normal((size, 3)) for size in sizes))

    def test_what_belongs_together_may_lie_farthest_apart(self):
        points = np.random.default_rng(11).standard_normal((40, 3))
        others = points.copy()
        others[7] += 100.0
        others[[7, 8]] = others[[8, 7]]
        points[8] -= 50.0
        self.assert_cross(points, others)

    def test_equal_sizes_skip_what_belongs_together(self):
        rng = np.random.default_rng(0)
        points = rng.standard_normal((70, 3))
        scan = self.assert_cross(points, points + 1e-6 * rng.standard_normal((70, 3)))
        assert scan.distance[0] > 1e-3
        assert scan.row_fraction[:, 0].max() < 1.0

    def test_the_cloud_itself_is_the_symmetric_scan_twice(self):
        points = np.random.default_rng(1).standard_normal((60, 3))
        cross, plain = cross_of(points, points, 100), scan_of(points, 50)
        np.testing.assert_allclose(cross.distance[::2], plain.distance, rtol=1e-12)
        np.testing.assert_allclose(cross.distance[1::2], plain.distance, rtol=1e-12)

    def test_copies_are_counted_not_listed(self):
        rng = np.random.default_rng(2)
        points = rng.standard_normal((50, 3))
        copies = points[rng.integers(0, 50, size=400)]
        scan = self.assert_cross(points, copies, 300)
        assert scan.n_coincident == 400
        assert len(scan.distance) == 300

    def test_far_apart(self):
        rng = np.random.default_rng(3)
        self.assert_cross(rng.standard_normal((50, 3)), 1e7 + rng.standard_normal((40, 3)))

    def test_two_against_many(self):
        rng = np.random.default_rng(4)
        self.assert_cross(rng.standard_normal((500, 3)), rng.standard_normal((2, 3)))


@pytest.mark.parametrize("n_points", [5, 700, 1500])
@pytest.mark.parametrize("ambient_dim", [1, 40])
def test_threads_do_not_change_the_scan(n_points, ambient_dim):
    """Ties among equal distances included."""
    points = np.round(np.random.default_rng(0).standard_normal((n_points, ambient_dim)), 1)
    points = np.unique(points, axis=0)
    scans = []
    for n_threads in (1, 3):
        with threadpool_limits(n_threads):
            scans.append(scan_of(points, 2 * len(points)))
    for name in ("cumulative", "first", "second", "distance"):
        np.testing.assert_array_equal(*(getattr(scan, name) for scan in scans))


def test_an_interrupted_scan_leaves_off(monkeypatch):
    module = __import__("jscgc_theory.neighbours.pair_blocks", fromlist=["PairBlocks"])
    monkeypatch.setattr(module, "_ROWS_PER_STRIP", 10)
    measured, scanned = module.PairBlocks._measured, []

    def slowly(self, *arguments):
        scanned.append(time.sleep(0.02))
        return measured(self, *arguments)

    def interrupt(fraction):
        raise KeyboardInterrupt

    monkeypatch.setattr(module.PairBlocks, "_measured", slowly)
    with pytest.raises(KeyboardInterrupt):
        scan_of(np.random.default_rng(0).standard_normal((1000, 3)), 100, progress=interrupt)
    assert len(scanned) < 50
