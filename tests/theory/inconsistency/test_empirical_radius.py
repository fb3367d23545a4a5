"""The measured radius: exact ranks for independent pairs, measured coverage for clustered ones."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm

from jscgc_theory.errors import InputError
from jscgc_theory.inconsistency import empirical_radius
from tests.statistics import assert_coverage
from tests.strategies import outage_probabilities, seeds


@given(n_pairs=st.integers(1, 3000), outage=outage_probabilities(1e-4, 1.0 - 1e-4))
def test_interval_of_independent_pairs_is_exact_and_tight(n_pairs: int, outage: float) -> None:
    """Coverage of (x_(low), x_(high)) is P(low <= B <= high - 1), B ~ Binomial(n, 1 - P_e)."""
    estimate = empirical_radius(np.arange(1.0, n_pairs + 1.0), outage)
    assert estimate.interval is not None
    low = round(estimate.interval[0])
    high = n_pairs + 1 if math.isinf(estimate.interval[1]) else round(estimate.interval[1])
    law = binom(n_pairs, 1.0 - outage)
    assert law.cdf(low - 1) <= 0.025 * (1 + 1e-9)
    assert law.sf(high - 1) <= 0.025 * (1 + 1e-9)
    # One rank further in, either end would leave more than its share outside.
    assert law.cdf(low) > 0.025 * (1 - 1e-9)
    assert law.sf(high - 2) > 0.025 * (1 - 1e-9)


@given(n_pairs=st.integers(1, 500), seed=seeds(), outage=outage_probabilities(1e-4, 0.9999))
def test_value_is_the_smallest_radius_with_that_outage(
    n_pairs: int, seed: int, outage: float
) -> None:
    distances = np.random.default_rng(seed).integers(0, 20, n_pairs).astype(float)
    radius = empirical_radius(distances, outage).value
    assert np.mean(distances > radius) <= outage + 1e-9
    smaller = distances[distances < radius]
    if smaller.size:
        assert np.mean(distances > smaller.max()) > outage - 1e-9


@given(seed=seeds(), scale=st.sampled_from([1e-200, 1e-6, 3.0, 1e200]))
def test_scale_and_order_of_pairs(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    distances, groups = rng.exponential(size=60), rng.integers(0, 20, 60)
    here = empirical_radius(distances, 0.3, groups=groups)
    order = rng.permutation(60)
    assert empirical_radius(distances[order], 0.3, groups=groups[order]).value == here.value
    scaled = empirical_radius(distances * scale, 0.3, groups=groups)
    assert here.interval is not None
    assert scaled.interval == pytest.approx(tuple(scale * end for end in here.interval))


def test_labels_of_any_kind_name_the_groups() -> None:
    distances = np.random.default_rng(0).exponential(size=40)
    numbers = np.repeat(np.arange(10), 4)
    names = [f"image {number}" for number in numbers]
    assert empirical_radius(distances, 0.2, groups=numbers) == empirical_radius(
        distances, 0.2, groups=names
    )
    assert empirical_radius(distances, 0.2, groups=np.arange(40)).interval == (
        empirical_radius(distances, 0.2).interval
    )


def test_identical_draws_are_worth_one_per_source_point() -> None:
    """Repeating every distance 8 times must not narrow the interval."""
    distances = np.random.default_rng(1).exponential(size=400)
    alone = empirical_radius(distances, 0.1)
    repeated = empirical_radius(np.repeat(distances, 8), 0.1, groups=np.repeat(np.arange(400), 8))
    assert repeated.value == alone.value
    assert repeated.details["effective_sample_size"] == pytest.approx(400.0, rel=0.02)
    assert repeated.half_width == pytest.approx(alone.half_width, rel=0.15)
    careless = empirical_radius(np.repeat(distances, 8), 0.1)
    assert careless.half_width < 0.6 * alone.half_width


def test_too_few_pairs_leave_the_upper_end_open() -> None:
    estimate = empirical_radius(np.arange(20.0), 0.01)
    assert estimate.interval is not None
    assert estimate.interval[1] == math.inf
    assert [notice.code for notice in estimate.notices] == ["too_few_pairs"]
    assert "P_e = 0.01" in estimate.notices[0].message
    assert empirical_radius(np.arange(2000.0), 0.01).notices == ()
    assert type(estimate).from_json(estimate.to_json()) == estimate


def test_one_source_point_says_nothing_of_others() -> None:
    estimate = empirical_radius(np.arange(500.0), 0.1, groups=np.zeros(500, dtype=int))
    assert estimate.interval == (0.0, math.inf)
    assert {notice.code for notice in estimate.notices} == {"one_group", "too_few_pairs"}


def test_higher_confidence_is_wider() -> None:
    distances = np.random.default_rng(2).exponential(size=300)
    wide = empirical_radius(distances, 0.2, confidence=0.999)
    assert wide.half_width > empirical_radius(distances, 0.2).half_width
    assert wide.confidence == 0.999


@pytest.mark.slow
@pytest.mark.parametrize(("n_groups", "draws"), [(100, 10), (300, 4), (50, 20)])
@pytest.mark.parametrize("shared", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("outage", [0.1, 0.02])
def test_clustered_coverage(n_groups: int, draws: int, shared: float, outage: float) -> None:
    """Log-normal distances whose logarithms share part of their variance within a group."""
    groups = np.repeat(np.arange(n_groups), draws)
    truth = math.exp(norm.isf(outage))
    hits = 0
    for seed in range(300):
        # Every case has draws of its own: shared ones would make all cases fail together.
        rng = np.random.default_rng([seed, n_groups, int(100 * shared), int(100 * outage)])
        common = math.sqrt(shared) * rng.standard_normal(n_groups)[groups]
        own = math.sqrt(1.0 - shared) * rng.standard_normal(groups.size)
        hits += empirical_radius(np.exp(common + own), outage, groups=groups).covers(truth)
    assert_coverage(hits, 300)


@pytest.mark.slow
def test_clustered_coverage_with_unequal_groups() -> None:
    groups = np.repeat(np.arange(150), np.tile([1, 3, 11], 50))
    truth = math.exp(norm.isf(0.1))
    hits = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        common = math.sqrt(0.6) * rng.standard_normal(150)[groups]
        logs = common + math.sqrt(0.4) * rng.standard_normal(groups.size)
        hits += empirical_radius(np.exp(logs), 0.1, groups=groups).covers(truth)
    assert_coverage(hits, 200)


def test_guards() -> None:
    distances = np.arange(5.0)
    with pytest.raises(InputError, match="outage_probability = 0 is outside"):
        empirical_radius(distances, 0.0)
    with pytest.raises(InputError, match="confidence = 1 is outside"):
        empirical_radius(distances, 0.1, confidence=1.0)
    with pytest.raises(InputError, match="distances are empty"):
        empirical_radius([], 0.1)
    with pytest.raises(InputError, match="distances are not numbers"):
        empirical_radius(["near", "far"], 0.1)
    with pytest.raises(InputError, match="give a flat list"):
        empirical_radius(np.zeros((3, 2)), 0.1)
    with pytest.raises(InputError, match="distances hold nan at position 1"):
        empirical_radius([0.0, math.nan], 0.1)
    with pytest.raises(InputError, match=r"distances hold -1\.0 at position 0"):
        empirical_radius([-1.0, 2.0], 0.1)
    with pytest.raises(InputError, match=r"groups have shape \(3,\) for 5 pairs"):
        empirical_radius(distances, 0.1, groups=[0, 1, 2])
    with pytest.raises(InputError, match="NaN or infinite labels"):
        empirical_radius(distances, 0.1, groups=[0.0, 1.0, math.nan, 2.0, 3.0])
    with pytest.raises(InputError, match="groups cannot be sorted"):
        empirical_radius(distances, 0.1, groups=np.array([0, "a", None, 2, 3], dtype=object))
