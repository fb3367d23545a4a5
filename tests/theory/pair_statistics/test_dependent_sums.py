"""Variances of sums over pairs and neighbourhoods against slow loops and against repetition."""

import tracemalloc
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given

from jscgc_theory.neighbours import nearest_neighbours
from jscgc_theory.pair_statistics import (
    EdgeStatistic,
    dyadic_covariance,
    neighbourhood_variance,
)
from tests.strategies import generators


def complete_graph(n_nodes):
    return np.full(n_nodes, n_nodes - 1, dtype=np.int64), n_nodes * (n_nodes - 1) // 2


def slow_covariance(statistics, n_nodes):
    """Sum of psi_e psi_e' over all ordered couples of pairs that share a node."""
    pairs = list(combinations(range(n_nodes), 2))
    values = []
    for statistic in statistics:
        listed = {}
        for i, j, psi in zip(statistic.first, statistic.second, statistic.influence, strict=True):
            key = (min(i, j), max(i, j))
            listed[key] = listed.get(key, 0.0) + psi
        values.append([listed.get(pair, statistic.baseline) for pair in pairs])
    covariance = np.zeros((len(values), len(values)))
    for e, first in enumerate(pairs):
        for f, second in enumerate(pairs):
            if set(first) & set(second):
                for a, one in enumerate(values):
                    for b, other in enumerate(values):
                        covariance[a, b] += one[e] * other[f]
    return covariance


def random_statistic(rng, n_nodes, n_edges, baseline, centre):
    first = rng.integers(0, n_nodes, size=n_edges)
    second = (first + rng.integers(1, n_nodes, size=n_edges)) % n_nodes
    return EdgeStatistic(first, second, rng.standard_normal(n_edges) + centre, baseline)


@given(rng=generators())
def test_equals_the_double_loop(rng):
    n_nodes = int(rng.integers(3, 9))
    # A common sign makes the variances exceed the floor, which has its own test below.
    statistics = (
        random_statistic(rng, n_nodes, 12, 0.3, 3.0),
        random_statistic(rng, n_nodes, 5, 0.0, 3.0),
        random_statistic(rng, n_nodes, 20, 1.0, 3.0),
    )
    expected = slow_covariance(statistics, n_nodes)
    found = dyadic_covariance(statistics, *complete_graph(n_nodes))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_order_within_a_pair_and_repetition_do_not_matter():
    first, second = np.array([0, 1, 2, 1]), np.array([1, 2, 3, 0])
    one = EdgeStatistic(first, second, np.array([1.0, 2.0, 3.0, 0.5]))
    other = EdgeStatistic(np.array([1, 2, 3]), np.array([0, 1, 2]), np.array([1.5, 2.0, 3.0]))
    graph = complete_graph(4)
    assert dyadic_covariance((one,), *graph)[0, 0] == pytest.approx(
        dyadic_covariance((other,), *graph)[0, 0]
    )


def test_floor_is_the_value_of_independent_pairs():
    """Terms that cancel at every node would give a negative variance."""
    first, second = np.array([0, 1, 2, 3]), np.array([1, 2, 3, 0])
    cancelling = EdgeStatistic(first, second, np.array([1.0, -1.0, 1.0, -1.0]))
    positive = EdgeStatistic(first, second, np.ones(4))
    found = dyadic_covariance((cancelling, positive), *complete_graph(4))
    assert found[0, 0] == 4.0
    assert found[0, 1] == found[1, 0] == 0.0
    assert found[1, 1] == 12.0


def test_no_edges_leave_the_baseline():
    nothing = np.zeros(0, dtype=np.int64)
    statistic = EdgeStatistic(nothing, nothing, np.zeros(0), baseline=0.1)
    found = dyadic_covariance((statistic,), *complete_graph(6))
    assert found[0, 0] == pytest.approx(slow_covariance((statistic,), 6)[0, 0])


def test_is_the_variance_of_a_u_statistic():
    """Fraction of pairs within r on a line: stated variance against the spread of 400 samples."""
    n_nodes, radius = 60, 0.3
    i, j = np.triu_indices(n_nodes, 1)
    fractions, variances = [], []
    for seed in range(400):
        x = np.random.default_rng(seed).standard_normal(n_nodes)
        close = np.abs(x[i] - x[j]) <= radius
        q, n_pairs = close.mean(), len(i)
        influence = np.full(int(close.sum()), (1.0 - q) / n_pairs)
        statistic = EdgeStatistic(i[close], j[close], influence, baseline=-q / n_pairs)
        fractions.append(q)
        variances.append(dyadic_covariance((statistic,), *complete_graph(n_nodes))[0, 0])
    # The spread of 400 draws is known to 3.5 %, the variance to 7 %.
    assert np.mean(variances) == pytest.approx(np.var(fractions, ddof=1), rel=0.25)


@given(rng=generators())
def test_neighbourhood_variance_equals_the_loop(rng):
    n_points, k = 30, 3
    neighbours = nearest_neighbours(rng.standard_normal((n_points, 2)), k).indices
    influence = rng.standard_normal(n_points) + 1.0
    linked = {
        (i, j)
        for i in range(n_points)
        for j in range(n_points)
        if i == j or j in neighbours[i] or i in neighbours[j]
    }
    total = sum(influence[i] * influence[j] for i, j in linked)
    least = 0.25 * float(np.sum(influence**2))
    assert neighbourhood_variance(influence, neighbours) == pytest.approx(max(total, least))


def test_neighbourhood_variance_has_a_floor():
    neighbours = np.array([[1], [0]])
    assert neighbourhood_variance(np.array([1.0, -1.0]), neighbours) == 0.5


def test_neighbourhood_variance_lists_no_pairs():
    rng = np.random.default_rng(0)
    neighbours, influence = rng.integers(0, 5000, (5000, 64)), rng.standard_normal(5000)
    neighbourhood_variance(influence[:10], np.roll(np.arange(10), 1)[:, None])
    tracemalloc.start()
    try:
        neighbourhood_variance(influence, neighbours)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 0.1 * neighbours.nbytes
