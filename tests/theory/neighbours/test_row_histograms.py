"""Pairs counted row by row against the matrix of all distances."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from jscgc_theory.neighbours import centred_matrix
from jscgc_theory.neighbours.pair_blocks import PairBlocks
from jscgc_theory.neighbours.pair_histogram import bin_edges, bin_of
from jscgc_theory.neighbours.row_histograms import row_histograms, summed_histogram

DTYPES = [np.float32, np.float64]


def blocks_of(points, others=None, dtype=np.float64, **settings):
    cloud = points if others is None else np.concatenate([points, others])
    moved = centred_matrix(cloud, dtype=dtype)
    return PairBlocks(moved, len(points), symmetric=others is None, **settings)


def normal(n_points, seed, ambient_dim=4):
    return np.random.default_rng(seed).standard_normal((n_points, ambient_dim))


def brute_force(blocks, chosen, rows, columns):
    square = np.square(cdist(rows[chosen], columns))
    if blocks.skip_diagonal:
        square[np.arange(len(chosen)), chosen] = np.nan
    return square


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("case", ["one cloud", "two clouds", "row by row"])
def test_each_row_counts_its_own_pairs(case, dtype, monkeypatch):
    monkeypatch.setattr("jscgc_theory.neighbours.row_histograms._ROWS_PER_STRIP", 7)
    points = normal(1500, 0)
    others = {"one cloud": None, "two clouds": normal(900, 1), "row by row": normal(1500, 2)}[case]
    blocks = blocks_of(points, others, dtype, skip_diagonal=case != "two clouds")
    chosen = np.array([3, 4, 640, 700, 1280, 1499, *range(10, 40)])
    found = row_histograms(blocks, chosen)
    square = brute_force(blocks, chosen, *blocks.cloud)
    assert found.pairs_per_row == np.isfinite(square[0]).sum()
    np.testing.assert_array_equal(found.counts.sum(axis=1), found.pairs_per_row)
    bins = np.arange(bin_of(1e-3), bin_of(100.0), 40)
    expected = (square[:, :, None] <= bin_edges(bins)).mean(
        axis=1, where=~np.isnan(square[..., None])
    )
    # Rounding of float32 may move a pair or two over the edge of a bin.
    np.testing.assert_allclose(found.fractions(bins), expected, atol=2.5 / len(blocks.cloud[1]))
    summed = summed_histogram(blocks, chosen)
    np.testing.assert_array_equal(summed.counts, found.counts.sum(axis=0))
    assert summed.largest == pytest.approx(np.sqrt(np.nanmax(square)), rel=1e-5)


@pytest.mark.parametrize("share", [1e-4, 0.01, 0.3, 0.999])
def test_a_share_of_the_pairs_lies_within(share):
    blocks = blocks_of(normal(400, 3))
    chosen = np.arange(0, 400, 5)
    square = brute_force(blocks, chosen, *blocks.cloud)
    found = row_histograms(blocks, chosen).square_distance(share)
    # A bin is 1.6 % of a squared distance wide, and holds few pairs at the closest.
    low, high = np.nanquantile(square, [max(0.0, share - 1e-4), min(1.0, share + 1e-4)])
    assert low * 0.98 <= found <= high * 1.02


def test_all_pairs_lie_within_the_largest_float():
    found = row_histograms(blocks_of(normal(10, 4)), np.arange(10))
    assert found.square_distance(1.0) == np.finfo(np.float32).max


def test_two_points_have_one_distance():
    blocks = blocks_of(np.array([[0.0], [2.0]]))
    found = row_histograms(blocks, np.arange(2))
    assert found.n_pairs == 2
    distance = np.sqrt(found.square_distance(0.5)) * blocks.moved.scale
    assert distance == pytest.approx(2.0, rel=0.01)
