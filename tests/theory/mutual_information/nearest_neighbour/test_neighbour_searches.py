"""The fast searches find what comparing all pairs finds, to the last point."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.mutual_information.nearest_neighbour import KSG
from jscgc_theory.mutual_information.nearest_neighbour.box_tree import BoxTree
from jscgc_theory.mutual_information.nearest_neighbour.neighbour_counts import neighbour_counts
from tests.theory.mutual_information.nearest_neighbour.slow_twin import slow_bits, slow_counts


def correlated(n, x_dim, y_dim, seed, scale=0.6):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((n, x_dim)), rng.standard_normal((n, y_dim))
    shared = min(x_dim, y_dim)
    y[:, :shared] += scale * x[:, :shared]
    return x, y


@pytest.mark.parametrize("algorithm", [1, 2])
@pytest.mark.parametrize("n_neighbours", [1, 3, 10])
@pytest.mark.parametrize("dims", [(1, 1), (2, 2), (1, 4), (5, 5), (12, 13)])
def test_ksg_is_its_slow_twin(dims, n_neighbours, algorithm):
    x, y = correlated(500, *dims, seed=n_neighbours)
    found = KSG(n_neighbours=n_neighbours, algorithm=algorithm, marginals="raw").fit(x, y)
    expected = slow_bits(x, y, n_neighbours, algorithm)
    assert found.estimate_.details["ksg_bits"] == pytest.approx(expected, abs=1e-12)


def test_counts_of_several_blocks_and_scales_are_those_of_all_pairs():
    """More pairs than one block holds, so that threads share the work."""
    x, y = correlated(2500, 2, 1, seed=0)
    order = BoxTree.of(np.hstack([x, y])).order
    found = neighbour_counts(x, y, (2, 7), 1)
    for row, k in enumerate((2, 7)):
        for counts, expected in zip(found, slow_counts(x, y, k, 1), strict=True):
            np.testing.assert_array_equal(counts[row], expected[order])


@given(
    dim=st.integers(1, 4),
    n_points=st.integers(2, 700),
    levels=st.integers(1, 30),
    radius=st.floats(0.0, 10.0),
    closed=st.booleans(),
    seed=st.integers(0, 2**16),
)
def test_points_at_the_radius_count_as_they_should(dim, n_points, levels, radius, closed, seed):
    """On a lattice many distances equal the radius, and whole boxes collapse to a point."""
    points = np.random.default_rng(seed).integers(0, levels, (n_points, dim)).astype(float)
    radius = float(np.round(radius)) if levels % 2 else radius
    tree = BoxTree.of(points)
    found = tree.count_others(points, np.full(n_points, radius), closed=closed)
    distance = np.abs(points[:, None] - points[None]).max(axis=-1)
    inside = distance <= radius if closed else distance < radius
    np.testing.assert_array_equal(found, inside.sum(axis=1) - 1)


@given(
    dim=st.integers(1, 6),
    n_points=st.integers(12, 700),
    n_neighbours=st.integers(1, 11),
    decimals=st.integers(0, 12),
    seed=st.integers(0, 2**16),
)
def test_neighbours_are_the_nearest(dim, n_points, n_neighbours, decimals, seed):
    rng = np.random.default_rng(seed)
    points = np.round(rng.standard_normal((n_points, dim)), decimals)
    tree = BoxTree.of(points)
    distances, positions = tree.nearest(0, n_points, n_neighbours)
    placed = points[tree.order]
    matrix = np.abs(placed[:, None] - placed[None]).max(axis=-1)
    np.testing.assert_array_equal(np.take_along_axis(matrix, positions, axis=1), distances)
    assert (positions != np.arange(n_points)[:, None]).all()
    assert all(len(set(row)) == n_neighbours for row in positions.tolist())
    np.fill_diagonal(matrix, np.inf)
    np.testing.assert_array_equal(np.sort(matrix, axis=1)[:, :n_neighbours], distances)
