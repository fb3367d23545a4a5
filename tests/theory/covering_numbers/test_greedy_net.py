"""The farthest-point net against a plain float64 loop, the exact counts and its own theorems."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist, pdist

import jscgc_theory.covering_numbers.distance_filter as distance_filter
from jscgc_theory.covering_numbers.distance_filter import DistanceFilter
from jscgc_theory.covering_numbers.exact_cover import exact_covering, exact_packing
from jscgc_theory.covering_numbers.greedy_net import GreedyNet, greedy_net
from jscgc_theory.errors import InputError


def plain_net(points, max_centres, start):
    """Gonzalez's algorithm as written, in float64."""
    points = np.asarray(points, dtype=np.float64)
    nearest = np.full(len(points), np.inf)
    centres, radii = [start], []
    while True:
        nearest = np.minimum(nearest, cdist(points, points[centres[-1:]])[:, 0])
        farthest = int(nearest.argmax())
        radii.append(float(nearest[farthest]))
        if len(centres) == max_centres or radii[-1] == 0.0:
            return tuple(centres), tuple(radii)
        centres.append(farthest)


def clouds():
    rng = np.random.default_rng(1)
    normal = rng.standard_normal((900, 6))
    return {
        "gaussian": normal,
        "wide": rng.standard_normal((400, 3)) @ rng.standard_normal((3, 1500)),
        "float32": rng.random((900, 40)).astype(np.float32),
        "offset": normal + 1e6,
        "tiny": normal * 1e-9,
        "huge": normal * 1e9,
        "outlier": np.vstack((normal, np.full((1, 6), 1e5))),
        "lattice": np.stack(np.meshgrid(*[np.arange(9.0)] * 3), -1).reshape(-1, 3),
        "duplicates": np.repeat(rng.standard_normal((60, 2)), 10, axis=0),
        "clusters": (10.0 * rng.integers(0, 3, (600, 2)) + 1e-7 * rng.standard_normal((600, 2))),
        "line": np.linspace(0.0, 1.0, 500).reshape(-1, 1),
    }


CLOUDS = clouds()


@pytest.mark.parametrize("points", list(CLOUDS.values()), ids=list(CLOUDS))
def test_net_equals_the_plain_algorithm(points):
    centres, radii = plain_net(points, 150, 7)
    net = greedy_net(points, max_centres=150, start=7)
    assert net.centres == centres
    np.testing.assert_array_equal(net.radii, radii)


def test_uncached_blocks_and_many_panels_change_nothing(monkeypatch, tmp_path):
    points = np.random.default_rng(3).standard_normal((500, 70)).astype(np.float32)
    expected = greedy_net(points, max_centres=90, start=0)
    monkeypatch.setattr(distance_filter, "_CACHE_VALUES", 0)
    monkeypatch.setattr(distance_filter, "_BLOCK_VALUES", 7000)
    monkeypatch.setattr(distance_filter, "_PANEL_COLUMNS", 16)
    np.save(tmp_path / "points.npy", points)
    mapped = np.load(tmp_path / "points.npy", mmap_mode="r")
    assert greedy_net(mapped, max_centres=90, start=0) == expected


@pytest.mark.parametrize("points", list(CLOUDS.values()), ids=list(CLOUDS))
def test_filter_error_stays_below_its_bound(points):
    screen = DistanceFilter(points)
    chosen = np.arange(0, len(points), 40)
    norms = screen.square_norms.astype(np.float64)
    total = norms[chosen, None] + norms
    approximate = total - 2.0 * screen.inner_products(chosen)
    exact = cdist(points[chosen].astype(float), points.astype(float), "sqeuclidean")
    error = np.abs(approximate - exact / screen.scale**2)
    assert np.all(error <= screen.kappa * total + 1e-12)
    # A bound that never bites would let a broken product pass.
    assert error.max() > 0.0


@given(seed=st.integers(0, 10_000), n_points=st.integers(2, 25), radius=st.floats(0.05, 3.0))
def test_net_brackets_the_exact_counts(seed, n_points, radius):
    points = np.random.default_rng(seed).standard_normal((n_points, 2))
    net = greedy_net(points, max_centres=n_points, rng=seed)
    covering, packing = len(exact_covering(points, radius)), len(exact_packing(points, radius))
    assert len(exact_packing(points, 2.0 * radius)) <= covering <= net.covering_count(radius)
    assert net.packing_count(radius) <= packing
    assert net.covering_count(radius) == net.packing_count(radius)
    assert net.packing_count(2.0 * radius) <= covering


@given(seed=st.integers(0, 10_000), n_points=st.integers(2, 60), dim=st.integers(1, 5))
def test_every_prefix_covers_and_is_spread(seed, n_points, dim):
    points = np.random.default_rng(seed).standard_normal((n_points, dim))
    net = greedy_net(points, max_centres=n_points // 2 + 1, rng=seed)
    assert np.all(np.diff(net.radii) <= 0.0)
    for k, radius in enumerate(net.radii, start=1):
        prefix = points[list(net.centres[:k])]
        assert cdist(points, prefix).min(axis=1).max() == radius
        if k > 1:
            assert pdist(prefix).min() >= net.radii[k - 2] * (1.0 - 1e-12)


@given(
    seed=st.integers(0, 10_000),
    exponent=st.one_of(st.integers(-30, 30), st.sampled_from([-960, -500, 500, 1015])),
)
def test_scaling_points_scales_radii(seed, exponent):
    points = np.random.default_rng(seed).standard_normal((40, 3))
    plain = greedy_net(points, max_centres=20, start=0)
    scaled = greedy_net(points * 2.0**exponent, max_centres=20, start=0)
    assert scaled.centres == plain.centres
    np.testing.assert_array_equal(scaled.radii, np.array(plain.radii) * 2.0**exponent)


def test_net_stops_when_only_copies_are_left():
    points = np.repeat([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]], [5, 4, 3], axis=0)
    net = greedy_net(points, max_centres=12, start=0)
    assert net.radii == (5.0, 1.0, 0.0)
    assert net.is_complete
    assert [net.covering_count(r) for r in (6.0, 5.0, 4.9, 1.0, 0.5, 0.0)] == [1, 1, 2, 2, 3, 3]
    assert greedy_net(np.ones((4, 2)), max_centres=4).radii == (0.0,)


def test_counts_at_and_between_radii():
    net = GreedyNet(centres=(0, 1, 2), radii=(3.0, 2.0, 2.0), n_points=9)
    assert [net.packing_count(r) for r in (3.5, 3.0, 2.5, 2.0, 1.0)] == [1, 1, 2, 2, 4]
    assert [net.covering_count(r) for r in (3.0, 2.5, 2.0)] == [1, 2, 2]
    with pytest.raises(InputError, match="raise max_centres"):
        net.covering_count(1.9)
    with pytest.raises(InputError, match="negative"):
        net.packing_count(-1.0)


def test_first_centre_is_drawn_from_the_generator():
    points = np.random.default_rng(0).standard_normal((50, 2))
    starts = {greedy_net(points, max_centres=1, rng=seed).centres[0] for seed in range(20)}
    assert len(starts) > 5
    assert greedy_net(points, max_centres=3, rng=4) == greedy_net(points, max_centres=3, rng=4)


def test_progress_reaches_one():
    told = []
    points = np.random.default_rng(0).standard_normal((50, 2))
    greedy_net(points, max_centres=10, progress=told.append)
    assert told == [k / 10 for k in range(1, 11)]


def test_bad_input_is_refused():
    points = np.random.default_rng(0).standard_normal((5, 2))
    with pytest.raises(InputError, match="start = 5 is not a row"):
        greedy_net(points, max_centres=2, start=5)
    with pytest.raises(InputError, match="start = -1"):
        greedy_net(points, max_centres=2, start=-1)
    with pytest.raises(InputError, match="max_centres = 0"):
        greedy_net(points, max_centres=0)
    with pytest.raises(InputError, match="holds nan"):
        greedy_net([[0.0, np.nan]], max_centres=1)
    with pytest.raises(InputError, match="farther apart than floating-point numbers hold"):
        greedy_net([[1.5e308], [-1.5e308]], max_centres=2)
