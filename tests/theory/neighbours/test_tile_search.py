"""Tiles of the distance matrix against the whole: nothing near is left out, in any blocks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from threadpoolctl import ThreadpoolController, threadpool_limits

from jscgc_theory.neighbours import centred_matrix, nearest_neighbours
from jscgc_theory.neighbours.block_order import blocked_cloud
from jscgc_theory.neighbours.pair_histogram import bin_edges, bin_of
from jscgc_theory.neighbours.tile_index import TileIndex
from jscgc_theory.neighbours.tile_search import Kept, near_first, tile_search
from tests.strategies import point_clouds

TILE_SEARCH = "jscgc_theory.neighbours.tile_search"


def rows_of(points):
    return centred_matrix(points, dtype=np.float32).rows


def rounding(rows):
    """What |x|^2 + |y|^2 - 2 x.y may be off by in float32."""
    largest = float(np.square(rows.astype(np.float64)).sum(axis=1).max())
    return 8.0 * np.finfo(np.float32).eps * (2.0 + np.sqrt(rows.shape[1])) * largest


def assert_nearest(rows, n_kept, *, count_pairs=False):
    """Every row listed is within the stated distance and no other is nearer, rounding aside."""
    found, farthest, histogram = tile_search(rows, n_kept, count_pairs=count_pairs)
    square = cdist(rows.astype(np.float64), rows.astype(np.float64), "sqeuclidean")
    slack = rounding(rows)
    assert all(len(set(row)) == n_kept for row in found.tolist())
    listed = np.take_along_axis(square, found.astype(np.int64), axis=1)
    np.testing.assert_allclose(listed.max(axis=1), farthest, rtol=0.0, atol=slack)
    others = square.copy()
    np.put_along_axis(others, found.astype(np.int64), np.inf, axis=1)
    assert (others.min(axis=1) >= farthest - slack).all()
    if count_pairs:
        assert_counted(histogram, square[np.triu_indices(len(rows), 1)], slack)
    else:
        assert not histogram.counts.any()


def assert_counted(histogram, square, slack):
    """As many pairs are counted up to every edge as lie within it, rounding aside."""
    assert histogram.counts.sum() == square.size
    assert histogram.largest**2 == pytest.approx(square.max(), rel=0.0, abs=slack)
    edges = bin_edges(np.arange(bin_of(np.inf)))
    counted, ordered = np.cumsum(histogram.counts)[: len(edges)], np.sort(square)
    assert (counted >= np.searchsorted(ordered, edges - slack)).all()
    assert (counted <= np.searchsorted(ordered, edges + slack)).all()


def waves(n_points, ambient_dim, seed):
    """A curve of two coordinates bent into many."""
    rng = np.random.default_rng(seed)
    return np.cos(rng.random((n_points, 2)) @ (4.0 * rng.standard_normal((2, ambient_dim))))


def blobs(n_points, ambient_dim, seed):
    """Tight groups far apart, most pairs of blocks of which are left out."""
    rng = np.random.default_rng(seed)
    middles = 50.0 * rng.standard_normal((7, ambient_dim))
    return middles[rng.integers(7, size=n_points)] + rng.standard_normal((n_points, ambient_dim))


def normal(n_points, ambient_dim, seed):
    return np.random.default_rng(seed).standard_normal((n_points, ambient_dim))


@pytest.mark.parametrize("cloud", [normal, waves, blobs])
@pytest.mark.parametrize("ambient_dim", [1, 3, 17, 70])
@pytest.mark.parametrize("n_points", [2, 31, 500, 1283])
@pytest.mark.parametrize("count_pairs", [False, True])
def test_nothing_nearer_is_left_out(cloud, ambient_dim, n_points, count_pairs, monkeypatch):
    monkeypatch.setattr(f"{TILE_SEARCH}.ROWS_PER_BLOCK", 13 if ambient_dim < 50 else 50)
    rows = rows_of(cloud(n_points, ambient_dim, 0))
    assert_nearest(rows, min(n_points, 9), count_pairs=count_pairs)


@pytest.mark.parametrize("n_points", [129, 2500])
@pytest.mark.parametrize("count_pairs", [False, True])
def test_blocks_as_large_as_they_are_in_use(n_points, count_pairs):
    assert_nearest(rows_of(normal(n_points, 20, 1)), 19, count_pairs=count_pairs)
    assert_nearest(rows_of(normal(n_points, 100, 1)), 19, count_pairs=count_pairs)


@pytest.mark.parametrize("n_kept", [1, 2, 39, 40])
def test_any_number_of_rows_up_to_all(n_kept):
    assert_nearest(rows_of(normal(40, 5, 2)), n_kept)


@given(
    points=point_clouds(min_points=3),
    rows_per_block=st.integers(2, 70),
    count_pairs=st.booleans(),
    data=st.data(),
)
def test_any_cloud_in_any_blocks(points, rows_per_block, count_pairs, data):
    n_kept = data.draw(st.integers(1, len(points)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{TILE_SEARCH}.ROWS_PER_BLOCK", rows_per_block)
        assert_nearest(rows_of(points), n_kept, count_pairs=count_pairs)


def test_repeated_rows():
    points = np.repeat(normal(30, 4, 3), 20, axis=0)
    found, farthest, _ = tile_search(rows_of(points), 12)
    assert (found // 20 == np.arange(600)[:, None] // 20).all()
    assert np.abs(farthest).max() < rounding(rows_of(points))


def test_rows_all_equal():
    found, farthest, _ = tile_search(np.zeros((300, 3), dtype=np.float32), 5)
    assert all(len(set(row)) == 5 for row in found.tolist())
    assert not farthest.any()


@given(points=point_clouds(min_points=6, max_dim=30), rows_per_block=st.integers(2, 9))
def test_boxes_bound_the_distances_between_blocks(points, rows_per_block):
    rows = rows_of(points)
    cloud = blocked_cloud(rows, rows_per_block)
    np.testing.assert_array_equal(np.sort(cloud.order), np.arange(len(rows)))
    np.testing.assert_array_equal(cloud.rows, rows[cloud.order])
    np.testing.assert_allclose(
        cloud.halves, 0.5 * np.square(cloud.rows).sum(axis=1), rtol=1e-5, atol=1e-30
    )
    assert cloud.starts[0] == 0
    assert cloud.starts[-1] == len(rows)
    assert 1 <= np.diff(cloud.starts).min() <= np.diff(cloud.starts).max() <= rows_per_block
    block = np.repeat(np.arange(cloud.n_blocks), np.diff(cloud.starts))
    gap = np.maximum(cloud.low[block][:, None] - cloud.high[block], 0.0)
    gap = np.maximum(gap, np.swapaxes(gap, 0, 1)).astype(np.float64)
    square = cdist(cloud.rows.astype(np.float64), cloud.rows.astype(np.float64), "sqeuclidean")
    assert (np.square(gap).sum(axis=2) <= square + rounding(rows)).all()


def test_a_score_no_better_than_the_worst_is_not_kept():
    keep = __import__("jscgc_theory.neighbours.tile_kernel", fromlist=["_keep"])._keep
    scores = np.array([[-3.0, -1.0, -2.0]], dtype=np.float32)
    found = np.array([[7, 8, 9]], dtype=np.int32)
    kept = Kept(scores, found, scores[:, 0].copy(), np.ones(1, dtype=np.float32))
    for score in (-3.0, -4.0):
        keep(kept, 0, 5, np.float32(score))
        np.testing.assert_array_equal(found, [[7, 8, 9]])
    keep(kept, 0, 5, np.float32(-0.5))
    np.testing.assert_array_equal(kept.worst, [-2.0])
    assert sorted(zip(scores[0].tolist(), found[0].tolist(), strict=True)) == [
        (-2.0, 9),
        (-1.0, 8),
        (-0.5, 5),
    ]


def test_far_blocks_are_not_multiplied(monkeypatch):
    """Of eight tight groups far apart, an eighth of the pairs of blocks lies within a group."""
    kernel = __import__("jscgc_theory.neighbours.tile_kernel", fromlist=["scan_tiles"])
    sides = []
    points = np.concatenate([1e3 * group + normal(160, 6, group) for group in range(8)])
    n_blocks = blocked_cloud(rows_of(points), 20).n_blocks
    plain = kernel._choose.py_func

    def counting(*arguments):
        sides.append(plain(*arguments))
        return sides[-1]

    monkeypatch.setattr(kernel, "_choose", counting)
    monkeypatch.setattr(kernel, "scan_tiles", kernel.scan_tiles.py_func)
    monkeypatch.setattr(f"{TILE_SEARCH}.ROWS_PER_BLOCK", 20)
    with threadpool_limits(1):
        tile_search(rows_of(points), 5)
    assert n_blocks == 64
    assert len(sides) / 2 <= n_blocks * (n_blocks + 1) / 2 / 7
    # Of the blocks that do meet, rows far from the other block are left out too.
    assert sum(sides) < 0.95 * 20 * len(sides)


def test_threads_change_nothing():
    points = normal(1500, 12, 4)
    with threadpool_limits(1, user_api="blas"):
        alone = nearest_neighbours(points, 8, backend="flat")
    with threadpool_limits(3, user_api="blas"):
        together = nearest_neighbours(points, 8, backend="flat")
    np.testing.assert_array_equal(alone.distances, together.distances)
    np.testing.assert_array_equal(alone.indices, together.indices)


def test_the_threads_of_the_matrix_library_are_given_back_even_after_an_error():
    def stop(fraction):
        raise KeyboardInterrupt

    before = ThreadpoolController().info()
    with pytest.raises(KeyboardInterrupt):
        nearest_neighbours(normal(300, 12, 5), 3, backend="flat", progress=stop)
    assert ThreadpoolController().info() == before


def test_a_matrix_library_that_tells_no_number_of_threads(monkeypatch):
    nothing = ThreadpoolController().select(user_api="none")
    monkeypatch.setattr("threadpoolctl.ThreadpoolController.select", lambda *_, **__: nothing)
    assert nothing.info() == []
    assert_nearest(rows_of(normal(300, 12, 7)), 9)


def test_of_rows_equally_far_the_first_come_first():
    axis = np.arange(13.0)
    points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    table = nearest_neighbours(points, 10, backend="flat")
    every = np.arange(169)
    measured = centred_matrix(points, dtype=np.float32).distances(
        np.repeat(every, 169), np.tile(every, 169)
    )
    distances = measured.reshape(169, 169)
    np.fill_diagonal(distances, np.inf)
    order = np.argsort(distances, axis=1, kind="stable")[:, :10]
    np.testing.assert_array_equal(table.indices, order)


def test_memory_mapped_points_of_either_precision(tmp_path):
    for dtype in (np.float32, np.float64):
        points = normal(400, 20, 6).astype(dtype)
        np.save(tmp_path / "points.npy", points)
        mapped = np.load(tmp_path / "points.npy", mmap_mode="r")
        plain = nearest_neighbours(points, 6, backend="flat")
        table = nearest_neighbours(mapped, 6, backend="flat")
        np.testing.assert_array_equal(table.distances, plain.distances)
        np.testing.assert_array_equal(table.indices, plain.indices)


@pytest.mark.parametrize("cloud", [normal, waves, blobs])
@pytest.mark.parametrize("ambient_dim", [3, 17, 70])
@pytest.mark.parametrize("n_threads", [None, 1, 5])
def test_some_rows_alone_find_what_all_rows_find(cloud, ambient_dim, n_threads):
    points = cloud(1283, ambient_dim, 0)
    rows = np.random.default_rng(1).permutation(1283)[:200]
    expected = nearest_neighbours(points, 9, backend="flat")
    distances, indices = TileIndex.of(points, n_threads).nearest(rows, 9)
    np.testing.assert_array_equal(distances, expected.distances[rows])
    np.testing.assert_array_equal(indices, expected.indices[rows])


def test_blocks_of_two_groups_meet_once():
    cloud = blocked_cloud(rows_of(normal(900, 4, 0)), 60)
    some = np.array([2, 7, 11])
    tiles = near_first(cloud, some, np.arange(cloud.n_blocks))
    met = {frozenset(tile) for tile in tiles.tolist()}
    assert len(met) == len(tiles)
    assert met == {frozenset((one, other)) for one in some for other in range(cloud.n_blocks)}
