"""P_e(r) with Clopper-Pearson intervals, against scipy's and against its own inverse."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from jscgc_theory.errors import InputError
from jscgc_theory.inconsistency import OutageCurve, empirical_radius, outage_curve
from tests.statistics import assert_coverage
from tests.strategies import seeds


@given(seed=seeds(), n_pairs=st.integers(1, 200))
def test_intervals_are_clopper_and_pearsons(seed: int, n_pairs: int) -> None:
    distances = np.random.default_rng(seed).exponential(size=n_pairs)
    curve = outage_curve(distances, [0.0, 0.5, 1.0, 100.0])
    for radius, share, lower, upper in zip(
        curve.radius, curve.outage_probability, curve.lower, curve.upper, strict=True
    ):
        beyond = int((distances > radius).sum())
        exact = binomtest(beyond, n_pairs).proportion_ci(0.95, method="exact")
        assert share == beyond / n_pairs
        assert (lower, upper) == pytest.approx((exact.low, exact.high), abs=1e-12)


@given(seed=seeds(), outage=st.sampled_from([0.5, 0.2, 0.05]))
def test_radius_and_curve_are_one_interval_read_both_ways(seed: int, outage: float) -> None:
    """The radius' interval holds r exactly where the curve's interval at r holds P_e."""
    distances = np.random.default_rng(seed).exponential(size=120)
    interval = empirical_radius(distances, outage).interval
    assert interval is not None
    between = np.sort(distances)
    radii = 0.5 * (between[1:] + between[:-1])
    curve = outage_curve(distances, radii)
    inside = [low <= outage <= high for low, high in zip(curve.lower, curve.upper, strict=True)]
    assert inside == [interval[0] < radius < interval[1] for radius in curve.radius]


def test_curve_falls_from_one_to_zero() -> None:
    distances = np.random.default_rng(0).exponential(size=500)
    curve = outage_curve(distances)
    assert len(curve.radius) == 101
    assert list(curve.radius) == sorted(curve.radius)
    assert list(curve.outage_probability) == sorted(curve.outage_probability, reverse=True)
    assert curve.outage_probability[0] > 0.99
    assert curve.outage_probability[-1] == curve.lower[-1] == 0.0
    assert curve.upper[-1] == pytest.approx(1.0 - 0.025 ** (1 / 500))
    assert (curve.n_pairs, curve.n_groups, curve.notices) == (500, 500, ())
    assert OutageCurve.from_json(curve.to_json()) == curve


def test_radii_are_sorted() -> None:
    assert outage_curve([1.0, 2.0, 3.0], [2.5, 0.5]).radius == (0.5, 2.5)


def test_clustered_draws_widen_the_intervals() -> None:
    distances = np.random.default_rng(0).exponential(size=100)
    groups = np.repeat(np.arange(100), 10)
    alone, repeated = (
        outage_curve(distances, [1.0]),
        outage_curve(np.repeat(distances, 10), [1.0], groups=groups),
    )
    width = alone.upper[0] - alone.lower[0]
    assert repeated.upper[0] - repeated.lower[0] == pytest.approx(width, rel=0.05)
    careless = outage_curve(np.repeat(distances, 10), [1.0])
    assert careless.upper[0] - careless.lower[0] < 0.5 * width


def test_one_source_point_leaves_everything_open() -> None:
    curve = outage_curve(np.arange(50.0), [10.0], groups=["only"] * 50)
    assert (curve.lower, curve.upper) == ((0.0,), (1.0,))
    assert curve.notices[0].code == "one_group"


@pytest.mark.slow
@pytest.mark.parametrize("shared", [0.0, 0.5, 0.95])
def test_clustered_coverage_of_the_curve(shared: float) -> None:
    groups = np.repeat(np.arange(120), 8)
    hits = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        common = math.sqrt(shared) * rng.standard_normal(120)[groups]
        logs = common + math.sqrt(1.0 - shared) * rng.standard_normal(groups.size)
        curve = outage_curve(np.exp(logs), [math.e], groups=groups)
        hits += curve.lower[0] <= norm.sf(1.0) <= curve.upper[0]
    assert_coverage(hits, 200)


def test_guards() -> None:
    with pytest.raises(InputError, match="confidence = 2 is outside"):
        outage_curve([1.0], confidence=2.0)
    with pytest.raises(InputError, match="radii are not numbers"):
        outage_curve([1.0], ["far"])
    with pytest.raises(InputError, match="give a non-empty flat list"):
        outage_curve([1.0], [])
    with pytest.raises(InputError, match="negative or infinite values"):
        outage_curve([1.0], [-1.0])
    with pytest.raises(InputError, match="distances are empty"):
        outage_curve([], [1.0])
    with pytest.raises(ValueError, match="must be equally long"):
        OutageCurve(
            radius=(1.0,),
            outage_probability=(),
            lower=(),
            upper=(),
            confidence=0.95,
            n_pairs=1,
            n_groups=1,
        )
