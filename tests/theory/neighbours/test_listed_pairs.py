"""Closest pairs are listed exactly where the histogram is known, or sampled, without all pairs."""

import dataclasses
import sys
import time

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from jscgc_theory.covering_numbers import fit_coincidence
from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension import RecommendedDimension, Sample
from jscgc_theory.neighbours import nearest_neighbours, pair_scan
from tests.theory.neighbours.test_pair_scan import assert_pairs_within

N_COUNTED = 150


@pytest.fixture
def large(monkeypatch):
    """Take clouds of more than 200 points for large."""
    module = sys.modules[pair_scan.__module__]
    monkeypatch.setattr(module, "MOST_ROWS_COUNTED", 200)
    monkeypatch.setattr(module, "_COUNTED_ROWS", N_COUNTED)


def scan_of(points, n_close, seed=0, near=None):
    return pair_scan(points, n_close, rng=np.random.default_rng(seed), near=near)


def clustered(n_points, rng, dim=3):
    """Return a cloud whose density varies by orders of magnitude."""
    return rng.standard_normal((n_points, dim)) * rng.exponential(1.0, (n_points, 1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("ambient_dim", "n_close"),
    [(2, 700), (3, 20_000), (40, 3), (40, 700), (100, 3), (100, 20_000)],
)
def test_close_pairs_are_those_of_all(large, dtype, ambient_dim, n_close):
    points = np.random.default_rng(ambient_dim).standard_normal((900, ambient_dim)).astype(dtype)
    scan = scan_of(points, n_close)
    assert scan.n_rows_counted == N_COUNTED
    exact = np.sort(pdist(points.astype(np.float64)))
    np.testing.assert_allclose(scan.distance, exact[:n_close], rtol=1e-9)
    listed = points[scan.first].astype(np.float64) - points[scan.second]
    np.testing.assert_allclose(np.linalg.norm(listed, axis=1), scan.distance, rtol=1e-9)
    assert (scan.first < scan.second).all()
    assert len(set(zip(scan.first.tolist(), scan.second.tolist(), strict=True))) == n_close
    complete = scan.radius < scan.distance[-1]
    within = np.searchsorted(exact, scan.radius[complete])
    np.testing.assert_array_equal(scan.cumulative[complete], within)
    assert (np.diff(scan.cumulative) >= 0).all()
    assert scan.cumulative[-1] == scan.n_pairs == exact.size
    assert 0.3 * exact[-1] < scan.diameter <= exact[-1] * (1.0 + 1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_neighbours", [1, 5, 20])
@pytest.mark.parametrize(("ambient_dim", "n_close"), [(6, 1), (6, 3000), (90, 700), (90, 20_000)])
def test_known_neighbours_and_counts_change_nothing(dtype, ambient_dim, n_close, n_neighbours):
    """On a cloud whose density varies, so that some rows are crowded and others are not."""
    points = clustered(700, np.random.default_rng(ambient_dim), ambient_dim).astype(dtype)
    near = nearest_neighbours(points, n_neighbours, count_pairs=True)
    assert near.histogram is not None
    known, plain = scan_of(points, n_close, near=near), scan_of(points, n_close)
    assert known.n_rows_counted is None
    np.testing.assert_array_equal(known.first, plain.first)
    np.testing.assert_array_equal(known.second, plain.second)
    np.testing.assert_allclose(known.distance, plain.distance, rtol=1e-14)
    np.testing.assert_array_equal(known.row_fraction, plain.row_fraction)
    np.testing.assert_allclose(known.radius, plain.radius, rtol=1e-14)
    assert known.diameter == pytest.approx(plain.diameter, rel=1e-6)
    assert known.n_coincident == plain.n_coincident
    assert_pairs_within(points, known, n_close)


@pytest.mark.parametrize("n_neighbours", [2, 20])
def test_known_neighbours_of_a_large_cloud(large, n_neighbours):
    points = clustered(900, np.random.default_rng(6), 7)
    near = nearest_neighbours(points, n_neighbours, count_pairs=True)
    near = dataclasses.replace(near, histogram=None)
    known, plain = scan_of(points, 4000, near=near), scan_of(points, 4000)
    assert known.n_rows_counted == N_COUNTED
    np.testing.assert_array_equal(known.first, plain.first)
    np.testing.assert_array_equal(known.second, plain.second)
    np.testing.assert_allclose(known.distance, plain.distance, rtol=1e-14)
    np.testing.assert_array_equal(known.cumulative, plain.cumulative)


def test_neighbours_of_other_points_are_refused():
    points = clustered(50, np.random.default_rng(8))
    near = nearest_neighbours(points[:-1], 3)
    with pytest.raises(InputError, match="neighbours of 49 points, but there are 50"):
        scan_of(points, 10, near=near)


def test_pairs_are_counted_only_where_it_helps(monkeypatch):
    points = clustered(300, np.random.default_rng(7), 9)
    assert nearest_neighbours(points, 3).histogram is None
    assert nearest_neighbours(points[:, :3], 3, count_pairs=True).histogram is None
    assert nearest_neighbours(points, 3, backend="tree", count_pairs=True).histogram is None
    monkeypatch.setattr(sys.modules[nearest_neighbours.__module__], "MOST_ROWS_COUNTED", 299)
    assert nearest_neighbours(points, 3, count_pairs=True).histogram is None


def test_pairs_at_distance_zero_are_left_out(large):
    points = clustered(600, np.random.default_rng(1))
    points[100] = points[500]
    scan = scan_of(points, 50)
    assert scan.n_coincident == 1
    assert scan.distance[0] > 0.0


def test_clusters_that_float32_cannot_resolve_are_counted_in_whole(large):
    points = 1e-4 * clustered(500, np.random.default_rng(2))
    points[:250] += 10.0
    scan = scan_of(points, 40)
    assert scan.n_rows_counted is None
    assert_pairs_within(points, scan, 40)


def test_an_interrupted_search_leaves_off(monkeypatch, large):
    import jscgc_theory.neighbours.close_kernel as kernel
    import jscgc_theory.neighbours.close_pairs as close_pairs

    listed, found = [], kernel.list_close_rows

    def slowly(*arguments):
        listed.append(time.sleep(0.02))
        return found(*arguments)

    def interrupt(fraction):
        raise KeyboardInterrupt

    monkeypatch.setattr(kernel, "list_close_rows", slowly)
    monkeypatch.setattr(close_pairs, "_ROWS_PER_BLOCK", 10)
    points = np.random.default_rng(4).standard_normal((1000, 3))
    with pytest.raises(KeyboardInterrupt):
        pair_scan(points, 900, rng=np.random.default_rng(0), progress=interrupt)
    assert len(listed) < 50


def test_counts_err_by_what_the_law_says(monkeypatch, large):
    """The counted rows' share of the variance, over 80 choices of rows, on a cluttered cloud."""
    points = clustered(1500, np.random.default_rng(3))
    estimator = RecommendedDimension()
    fit = estimator.fit_sample(Sample.from_points(points, estimator.n_neighbours_needed))

    def law_of(seed):
        scan = scan_of(points, 1500, seed)
        return fit_coincidence(
            scan, fit.estimate.value, fit.influence, corrected=fit.corrected, n_points_used=1500
        )

    sampled = [law_of(seed) for seed in range(80)]
    monkeypatch.setattr(sys.modules[pair_scan.__module__], "MOST_ROWS_COUNTED", 10_000)
    whole = law_of(0)
    for q in (0.003, 0.03, 0.3):
        radius = whole.radius(np.log2(q)).value
        found = [np.interp(radius, law.scan.radius, law.scan.cumulative) for law in sampled]
        exact = np.interp(radius, whole.scan.radius, whole.scan.cumulative)
        errors = np.array(found) / exact - 1.0
        added = (
            np.mean([law.relative_error(q) ** 2 for law in sampled]) - whole.relative_error(q) ** 2
        )
        # A variance of 80 values is known to sqrt(2 / 80) = 16 %, here to three errors.
        assert 0.5 < np.mean(errors**2) / added < 1.5
        assert abs(errors.mean()) < 4.0 * np.sqrt(added / len(errors))
