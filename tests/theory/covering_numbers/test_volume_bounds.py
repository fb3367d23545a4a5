"""Constants from volume against known densities, against nets on known sets, and in high d."""

import math

import numpy as np
import pytest

from jscgc_theory.covering_numbers.greedy_net import greedy_net
from jscgc_theory.covering_numbers.volume_bounds import (
    geometric_constant_bounds,
    log2_covering_density_bounds,
    log2_geometric_constant_bounds,
    log2_packing_density_bounds,
    log2_unit_ball_volume,
)
from jscgc_theory.errors import InputError
from jscgc_theory.sources import Ball, FlatTorus, Sphere


@pytest.mark.parametrize(
    ("dim", "volume"),
    [(1, 2.0), (2, math.pi), (3, 4.0 * math.pi / 3.0), (4, math.pi**2 / 2.0), (5, 5.263789014)],
)
def test_unit_ball_volumes(dim, volume):
    assert 2.0 ** log2_unit_ball_volume(dim) == pytest.approx(volume, rel=1e-9)


@pytest.mark.parametrize("dim", [10, 341, 1000])
def test_unit_ball_volume_obeys_its_recursion_where_floats_underflow(dim):
    # V_d = V_(d-2) 2 pi / d.
    step = log2_unit_ball_volume(dim) - log2_unit_ball_volume(dim - 2)
    assert step == pytest.approx(math.log2(2.0 * math.pi / dim), abs=1e-9)


def test_known_covering_densities():
    # The line; the hexagonal lattice (Kershner); the body-centred cubic lattice 5^1.5 pi / 24.
    assert log2_covering_density_bounds(1) == pytest.approx((0.0, 0.0), abs=1e-12)
    hexagonal = math.log2(2.0 * math.pi / math.sqrt(27.0))
    assert log2_covering_density_bounds(2) == pytest.approx((hexagonal, hexagonal))
    assert 2.0 ** log2_covering_density_bounds(3).upper == pytest.approx(5**1.5 * math.pi / 24.0)


def test_known_packing_densities():
    values = [2.0 ** log2_packing_density_bounds(dim).lower for dim in range(1, 9)]
    # Conway and Sloane, table 1.2.
    expected = [1.0, 0.90690, 0.74048, 0.61685, 0.46526, 0.37295, 0.29530, 0.25367]
    np.testing.assert_allclose(values, expected, atol=1e-5)


@pytest.mark.parametrize("dim", [*range(1, 30), 100, 1000])
def test_brackets_are_ordered_and_sane(dim):
    covering, packing = log2_covering_density_bounds(dim), log2_packing_density_bounds(dim)
    assert 0.0 - 1e-12 <= covering.lower <= covering.upper
    assert packing.lower <= packing.upper <= 1e-12
    # packing(2 eps) <= covering(eps) <= packing(eps), which in densities says Delta <= theta and
    # theta <= 2^d Delta.
    assert packing.lower <= covering.upper
    assert covering.lower <= dim + packing.upper


@pytest.mark.parametrize("source", [Sphere(1), Sphere(4), Ball(3, radius=2.0), FlatTorus(5)])
def test_volume_reading_is_the_constant_of_uniform_sources(source):
    bounds = geometric_constant_bounds(source.volume, source.intrinsic_dim, reading="volume")
    assert bounds.lower == bounds.upper == pytest.approx(source.geometric_constant)


def test_circle_in_all_readings():
    # The circle of length L: L / (2 eps) balls cover it, L / eps points are eps apart.
    length = 2.0 * math.pi
    assert geometric_constant_bounds(length, 1, reading="covering") == pytest.approx(
        (length / 2.0, length / 2.0)
    )
    assert geometric_constant_bounds(length, 1, reading="packing") == pytest.approx(
        (length, length)
    )


@pytest.mark.parametrize(("source", "n_points"), [(Sphere(2), 40_000), (FlatTorus(2), 60_000)])
def test_a_net_stays_within_both_constants(source, n_points):
    # A net of a dense sample covers at its radius and is packed at it: its size lies above the
    # covering constant and below the packing constant, up to curvature and sample gaps.
    points = source.sample(n_points, np.random.default_rng(0))
    net = greedy_net(points, max_centres=400, rng=1)
    scaled = len(net.radii) * net.radii[-1] ** 2
    covering = geometric_constant_bounds(source.volume, 2, reading="covering")
    packing = geometric_constant_bounds(source.volume, 2, reading="packing")
    assert covering.lower < scaled < 1.05 * packing.upper


def test_high_dimension_needs_the_logarithm():
    assert math.isfinite(log2_geometric_constant_bounds(0.0, 1000, reading="packing").upper)
    with pytest.raises(InputError, match="use log2_geometric_constant_bounds"):
        geometric_constant_bounds(1.0, 1000, reading="covering")


def test_bad_arguments_are_refused():
    with pytest.raises(InputError, match="intrinsic_dim = 0"):
        log2_unit_ball_volume(0)
    with pytest.raises(InputError, match="volume = -1"):
        geometric_constant_bounds(-1.0, 2, reading="volume")
    with pytest.raises(InputError, match="log2_volume = inf"):
        log2_geometric_constant_bounds(math.inf, 2, reading="volume")
    with pytest.raises(InputError, match="reading = 'box' is unknown"):
        geometric_constant_bounds(1.0, 2, reading="box")
