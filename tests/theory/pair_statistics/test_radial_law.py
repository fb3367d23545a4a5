"""The radial law against numerical integration; the fit against the law; Takens on exact laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from jscgc_theory.neighbours import PairScan
from jscgc_theory.pair_statistics import (
    RadialLaw,
    curvature_given_dim,
    fit_radial_law,
    takens_dimension,
)
from tests.strategies import generators

DIMS = st.floats(0.3, 60.0)
CURVATURES = st.floats(-0.9, 3.0)


def integrated(d, beta, function):
    """Mean of a function of u by quadrature in v = u^d, where the density is smooth."""

    def mean_over_power_law(weight):
        return quad(lambda v: weight(v ** (1.0 / d)), 0.0, 1.0, epsabs=1e-13, limit=200)[0]

    mass = mean_over_power_law(lambda u: 1.0 + beta * u**2)
    return mean_over_power_law(lambda u: function(u) * (1.0 + beta * u**2)) / mass


@given(d=DIMS, beta=CURVATURES)
def test_moments_are_integrals(d, beta):
    expected = [
        integrated(d, beta, lambda u: -np.log(max(u, 1e-300))),
        integrated(d, beta, np.square),
    ]
    np.testing.assert_allclose(RadialLaw(d, beta).moments(), expected, rtol=1e-6)


@given(d=DIMS, beta=CURVATURES)
def test_jacobian_is_the_derivative(d, beta):
    step_dim, step_beta = 1e-5 * d, 1e-5
    by_dim = RadialLaw(d + step_dim, beta).moments() - RadialLaw(d - step_dim, beta).moments()
    by_beta = RadialLaw(d, beta + step_beta).moments() - RadialLaw(d, beta - step_beta).moments()
    expected = np.stack([by_dim / (2.0 * step_dim), by_beta / (2.0 * step_beta)], axis=1)
    scale = np.abs(expected).max(axis=0)
    np.testing.assert_allclose(RadialLaw(d, beta).jacobian() / scale, expected / scale, atol=1e-6)


@given(d=DIMS, beta=CURVATURES)
def test_mass_ratio_is_the_integral_against_the_pure_law(d, beta):
    mass = quad(lambda v: 1.0 + beta * v ** (2.0 / d), 0.0, 1.0)[0]
    assert RadialLaw(d, beta).log_mass_ratio == pytest.approx(np.log(mass), abs=1e-8)


@given(d=DIMS, beta=CURVATURES)
def test_curvature_given_dim_inverts_the_second_moment(d, beta):
    mean_square = float(RadialLaw(d, beta).moments()[1])
    assert curvature_given_dim(d, mean_square) == pytest.approx(beta, abs=1e-6 * (1.0 + d))


def test_curvature_has_a_floor_and_no_ceiling():
    assert curvature_given_dim(5.0, 0.01) == -0.999
    assert curvature_given_dim(2.0, 0.99) == np.inf


@given(d=st.floats(0.5, 40.0), beta=st.floats(-0.4, 0.4))
def test_fit_returns_the_law_whose_moments_it_is_given(d, beta):
    moments = RadialLaw(d, beta).moments()
    law = fit_radial_law(*map(float, moments))
    assert law is not None
    assert law.intrinsic_dim == pytest.approx(d, rel=1e-5)
    assert law.curvature == pytest.approx(beta, abs=1e-4)


@given(d=st.floats(0.5, 40.0), beta=st.floats(-0.99, 20.0))
def test_any_fit_reproduces_its_moments(d, beta):
    """Strong laws may have a flatter twin with the same moments; both are answers."""
    moments = RadialLaw(d, beta).moments()
    law = fit_radial_law(*map(float, moments))
    assert law is not None
    np.testing.assert_allclose(law.moments(), moments, rtol=1e-6)
    assert abs(law.curvature) <= abs(beta) + 1e-3


@pytest.mark.parametrize(("mean_log", "mean_square"), [(0.01, 0.3), (5.0, 0.6), (1e-6, 0.999)])
def test_moments_of_no_law_have_no_fit(mean_log, mean_square):
    assert fit_radial_law(mean_log, mean_square) is None


@pytest.mark.parametrize("mean_square", [1e-4, 1e-8, 1e-300, 0.0])
def test_all_but_coincident_points_have_no_fit(mean_square):
    """Of N points in tight grains nearly every ratio of distances is next to zero."""
    assert fit_radial_law(40.0, mean_square) is None


def test_distances_that_are_all_equal_have_no_fit():
    assert fit_radial_law(0.0, 1.0) is None


def scan_of_distances(distance):
    n_close = len(distance)
    nodes = np.arange(n_close, dtype=np.int64)
    return PairScan(
        n_pairs=10 * n_close,
        pairs_per_node=np.full(2 * n_close, 1, dtype=np.int64),
        radius=distance[-1:],
        cumulative=np.array([n_close]),
        row_fraction=np.ones((1, 1)),
        first=nodes,
        second=nodes + n_close,
        distance=distance,
        n_coincident=0,
        diameter=1.0,
    )


@pytest.mark.parametrize("d", [0.7, 2.0, 13.0])
def test_takens_on_the_quantiles_of_a_power_law(d):
    levels = (np.arange(20_000) + 0.5) / 20_000
    value, influence = takens_dimension(scan_of_distances(3.0 * levels ** (1.0 / d)), 20_000)
    assert value == pytest.approx(d, rel=2e-3)
    assert influence.influence.sum() == pytest.approx(0.0, abs=1e-9)


def test_takens_against_its_formula():
    distance = np.array([0.1, 0.2, 0.5, 0.7, 1.0])
    value, _ = takens_dimension(scan_of_distances(distance), 4)
    assert value == pytest.approx(-3.0 / np.log(np.array([0.1, 0.2, 0.5]) / 0.7).sum())


@given(rng=generators())
def test_takens_influence_is_its_derivative(rng):
    """Adding a pair with weight w moves d by w times the influence it would have."""
    distance = np.sort(rng.random(40)) + 0.01
    value, influence = takens_dimension(scan_of_distances(distance), 40)
    logs = np.log(distance[:-1] / distance[-1])
    weights = np.ones(39)
    for place in (0, 17, 38):
        step = np.zeros(39)
        step[place] = 1e-5
        moved = -1.0 / np.average(logs, weights=weights + step)
        assert (moved - value) / 1e-5 == pytest.approx(influence.influence[place], rel=1e-2)


def test_takens_on_equal_distances_has_no_end():
    value, influence = takens_dimension(scan_of_distances(np.full(9, 2.0)), 9)
    assert value == np.inf
    assert influence.influence.size == 0
