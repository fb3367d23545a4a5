"""The helpers that judge the package refuse what they should refuse."""

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from jscgc_theory.records import Estimate
from tests import ground_truth, strategies
from tests.conftest import pytest_pyfunc_call
from tests.statistics import (
    assert_coverage,
    assert_follows_law,
    assert_same_law,
    assert_within_standard_errors,
    sample_mean_and_error,
)


def test_a_value_too_many_standard_errors_away_is_refused():
    assert_within_standard_errors((1.39, 0.1), 1.0)
    with pytest.raises(AssertionError, match=r"4\.1 standard errors"):
        assert_within_standard_errors((1.41, 0.1), 1.0)
    estimate = Estimate(value=2.0, standard_error=0.1, method="m")
    with pytest.raises(AssertionError, match="standard errors"):
        assert_within_standard_errors(estimate, 1.0)


@pytest.mark.parametrize("standard_error", [None, 0.0, np.inf, np.nan])
def test_an_estimate_without_a_usable_error_is_refused(standard_error):
    with pytest.raises(AssertionError, match="standard error"):
        assert_within_standard_errors((1.0, standard_error), 1.0)


def test_the_mean_of_draws_comes_with_its_error():
    draws = np.random.default_rng(0).normal(3.0, 2.0, 10_000)
    mean, error = sample_mean_and_error(draws)
    assert error == pytest.approx(0.02, rel=0.05)
    assert_within_standard_errors((mean, error), 3.0)


def test_draws_of_another_law_are_refused():
    rng = np.random.default_rng(1)
    draws, shifted = rng.normal(size=2000), rng.normal(0.3, 1.0, 2000)
    assert_follows_law(draws, stats.norm.cdf)
    assert_same_law(draws, rng.normal(size=2000))
    with pytest.raises(AssertionError, match="leave their law"):
        assert_follows_law(shifted, stats.norm.cdf)
    with pytest.raises(AssertionError, match="differ in law"):
        assert_same_law(draws, shifted)


def test_coverage_is_judged_from_both_sides():
    assert_coverage(190, 200)
    for hits in (179, 199):
        with pytest.raises(AssertionError, match="repetitions"):
            assert_coverage(hits, 200)


def test_a_change_of_global_random_state_is_caught():
    before = np.random.get_state()
    guard = pytest_pyfunc_call()
    next(guard)
    np.random.random()
    with pytest.raises(pytest.fail.Exception, match="numpy random state"):
        next(guard)
    np.random.set_state(before)


@given(joint=strategies.joint_tables(), weights=strategies.probability_vectors())
def test_drawn_laws_are_laws(joint, weights):
    for law in (joint, weights):
        assert law.min() > 0.0
        assert law.sum() == pytest.approx(1.0, rel=1e-12)
    assert ground_truth.mutual_information_bits_of_table(joint) >= -1e-12


@given(covariance=strategies.covariances(least_eigenvalue=0.05))
def test_drawn_covariances_are_well_conditioned(covariance):
    assert np.array_equal(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance).min() >= 0.049


@given(points=strategies.point_clouds())
def test_drawn_clouds_hold_distinct_points(points):
    assert ground_truth.pair_distances(points).min() > 0.0


@pytest.mark.parametrize(("dim", "constant"), [(1, np.pi), (2, 4.0), (4, 16 / 3)])
def test_the_constant_of_the_sphere_agrees_with_what_is_published(dim, constant):
    assert ground_truth.sphere_coincidence_constant(dim) == pytest.approx(constant, rel=1e-12)


@pytest.mark.parametrize("dim", [1, 2])
def test_the_constant_of_the_sphere_is_the_limit_of_its_caps(dim):
    radius = 1e-4
    ratio = radius**dim / ground_truth.sphere_cap_probability(dim, radius)
    assert ratio == pytest.approx(ground_truth.sphere_coincidence_constant(dim), rel=1e-8)
