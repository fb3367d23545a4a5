"""Check: verdict logic on hand-made bounds, grouping of draws, and a system known exactly."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from jscgc_theory.analysis import dataset_bound
from jscgc_theory.analysis.bound_check import BoundCheck, check
from jscgc_theory.analysis.curve import Curve
from jscgc_theory.analysis.dataset_bound import BoundRow, DatasetBound
from jscgc_theory.analysis.source_points import find_source_points
from jscgc_theory.analysis.verdicts import BOUND_NAMES, judge
from jscgc_theory.bounds import (
    delta_star_bound,
    finite_outage_fano_bound,
    perception_bound,
)
from jscgc_theory.errors import InputError
from jscgc_theory.records import Estimate, Notice


def _estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value=value, interval=(low, high), method="hand-made")


def _within_5_percent(value: float) -> Estimate:
    return _estimate(value, 0.95 * value, 1.05 * value)


class _SphereBounds:
    """Stands in for ``delta_star``: the exact bounds of the 2-sphere; remembers its arguments."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def __call__(self, points: NDArray[Any], **settings: Any) -> DatasetBound:
        self.calls.append({"points": points, **settings})
        rows = tuple(
            self._row(settings["mi_bits"], outage) for outage in settings["outage_probability"]
        )
        return DatasetBound(
            intrinsic_dim=_within_5_percent(2.0),
            geometric_constant=_within_5_percent(4.0),
            resolvable_mi_bits=20.0,
            diameter=2.0,
            rows=rows,
            coincidence_curve=Curve(radius=(1.0,), count=(4.0,)),
            n_points=len(points),
            n_duplicates=0,
            ambient_dim=3,
            notices=(Notice(code="from_bounds", message="passed on"),),
        )

    def _row(self, bits: float, outage: float) -> BoundRow:
        def cap_radius(log2_probability: float) -> float:
            return 2.0 ** (1.0 + log2_probability / 2.0)

        exact = perception_bound(bits, outage, cap_radius)
        return BoundRow(
            mi_bits=bits,
            outage_probability=outage,
            delta_star=_within_5_percent(delta_star_bound(bits, 2.0, 4.0)),
            finite_outage_fano=_within_5_percent(finite_outage_fano_bound(bits, outage, 2.0, 4.0)),
            small_ball=_within_5_percent(exact),
            perception=_within_5_percent(exact),
            extrapolated_octaves=0.0,
        )


@pytest.fixture
def sphere_bounds(monkeypatch: pytest.MonkeyPatch) -> _SphereBounds:
    stand_in = _SphereBounds()
    monkeypatch.setattr(dataset_bound, "delta_star", stand_in, raising=False)
    return stand_in


def _sphere_system(
    n_points: int, draws: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Uniform points on S^2 over AWGN at 5 dB, and exact posterior draws; I = 2.887 bits."""
    rng = np.random.default_rng(seed)
    noise = 10.0**-0.5
    source = rng.standard_normal((n_points, 3))
    source /= np.linalg.norm(source, axis=1, keepdims=True)
    received = math.sqrt(3.0) * source + math.sqrt(noise) * rng.standard_normal((n_points, 3))
    source, received = np.repeat(source, draws, axis=0), np.repeat(received, draws, axis=0)
    norm = np.linalg.norm(received, axis=1)
    kappa = math.sqrt(3.0) * norm / noise
    # Inverse law of the cosine to the mean direction under von Mises and Fisher, d = 2.
    uniform = rng.random(norm.size)
    cosine = 1.0 + np.log(uniform + (1.0 - uniform) * np.exp(-2.0 * kappa)) / kappa
    direction = received / norm[:, None]
    tangent = rng.standard_normal(direction.shape)
    tangent -= np.sum(tangent * direction, axis=1, keepdims=True) * direction
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    sine = np.sqrt(np.maximum(0.0, 1.0 - cosine**2))
    return source, cosine[:, None] * direction + sine[:, None] * tangent


_MI_BITS = 2.887


def test_posterior_sampler_on_the_sphere(sphere_bounds: _SphereBounds) -> None:
    source, generated = _sphere_system(4000, 1, seed=0)
    result = check(
        source, generated, mi_bits=_MI_BITS, outage_probability=(0.1, 0.01), snr_db=5.0, rng=3
    )
    # Radii of theory.md section 7 at P_e = 0.1 and 0.01.
    for row, truth in zip(result.rows, (0.955, 1.381), strict=True):
        assert row.measured_radius.covers(truth)
        assert row.snr_db == 5.0
        assert {verdict.verdict for verdict in row.verdicts.values()} == {"holds"}
        assert row.verdicts["perception"].margin == pytest.approx(
            row.measured_radius.value / row.perception.value - 1.0
        )
    assert (result.n_pairs, result.n_groups) == (4000, 4000)
    assert [notice.code for notice in result.notices] == ["from_bounds"]
    assert BoundCheck.from_json(result.to_json()) == result
    (call,) = sphere_bounds.calls
    assert call["mi_bits"] == _MI_BITS
    assert call["rng"] == 3
    assert np.array_equal(call["points"], source)
    assert np.array_equal(call["generated"], generated)


@pytest.mark.usefixtures("sphere_bounds")
def test_half_outage_below_delta_star_is_no_violation() -> None:
    """The median radius of a valid system lies below (18) at low information."""
    source, generated = _sphere_system(4000, 1, seed=1)
    row = check(source, generated, mi_bits=_MI_BITS, outage_probability=0.5).rows[0]
    closer = source + 0.5 * (generated - source)
    below = check(source, closer, mi_bits=_MI_BITS, outage_probability=0.5).rows[0]
    assert row.outage_probability == 0.5
    verdict = below.verdicts["delta_star"]
    assert verdict.verdict == "undecided"
    assert verdict.margin < 0.0
    assert "no violation, (18) is a statement for P_e -> 0" in verdict.reason
    assert "P_e = 0.5" in verdict.reason


@pytest.mark.usefixtures("sphere_bounds")
def test_an_impossible_system_violates_the_finite_bounds() -> None:
    source, generated = _sphere_system(4000, 1, seed=2)
    row = check(
        source, source + 0.01 * (generated - source), mi_bits=_MI_BITS, outage_probability=0.1
    ).rows[0]
    assert {name: verdict.verdict for name, verdict in row.verdicts.items()} == {
        "delta_star": "undecided",
        "finite_outage_fano": "violated",
        "small_ball": "violated",
        "perception": "violated",
    }
    assert "I is understated" in row.verdicts["perception"].reason


def test_draws_of_one_source_point_are_grouped(sphere_bounds: _SphereBounds) -> None:
    source, generated = _sphere_system(500, 6, seed=4)
    inferred = check(source, generated, mi_bits=_MI_BITS, outage_probability=0.1)
    groups = np.repeat(np.arange(500), 6)
    stated = check(source, generated, mi_bits=_MI_BITS, outage_probability=0.1, groups=groups)
    assert (inferred.n_pairs, inferred.n_groups) == (3000, 500)
    assert inferred.rows == stated.rows
    assert [notice.code for notice in inferred.notices] == ["groups_inferred", "from_bounds"]
    assert "500 distinct source rows" in inferred.notices[0].message
    assert [notice.code for notice in stated.notices] == ["from_bounds"]
    for call in sphere_bounds.calls:
        assert np.array_equal(call["points"], source[::6])
        assert np.array_equal(call["generated"], generated[::6])
    measured = inferred.rows[0].measured_radius
    assert 500.0 <= measured.details["effective_sample_size"] < 3000.0
    careless = check(
        source, generated, mi_bits=_MI_BITS, outage_probability=0.1, groups=np.arange(3000)
    )
    assert careless.rows[0].measured_radius.half_width < measured.half_width


@pytest.mark.usefixtures("sphere_bounds")
def test_order_of_pairs_and_of_outages_does_not_matter() -> None:
    source, generated = _sphere_system(200, 3, seed=5)
    order = np.random.default_rng(0).permutation(600)
    here = check(source, generated, mi_bits=_MI_BITS, outage_probability=(0.5, 0.1))
    there = check(source[order], generated[order], mi_bits=_MI_BITS, outage_probability=(0.1, 0.5))
    for one, other in zip(here.rows, there.rows[::-1], strict=True):
        assert one.outage_probability == other.outage_probability
        assert one.measured_radius.interval == other.measured_radius.interval
        assert one.verdicts == other.verdicts


def test_source_points_within_and_across_groups() -> None:
    rows = np.array([[0.0], [1.0], [-0.0], [1.0], [0.0]])
    inferred = find_source_points(rows, None)
    assert inferred.labels.tolist() == [0, 1, 0, 1, 0]
    assert inferred.first_pairs.tolist() == [0, 1]
    # A group may hold different source points, and groups keep equal points apart.
    stated = find_source_points(rows, ["a", "a", "a", "b", "b"])
    assert stated.first_pairs.tolist() == [0, 1, 3, 4]
    assert stated.notices == ()


@pytest.mark.parametrize("name", [name for name in BOUND_NAMES if name != "delta_star"])
def test_verdicts_follow_the_intervals(name: str) -> None:
    bound = _estimate(1.0, 0.9, 1.1)
    cases = {(1.1, 1.3): "holds", (0.7, 0.9): "undecided", (0.7, 0.89): "violated"}
    for interval, expected in cases.items():
        verdict = judge(name, bound, _estimate(interval[0], *interval), 0.1)
        assert verdict.verdict == expected
        for part in ("P_e = 0.1", "[0.9, 1.1]", f"[{interval[0]:.4g}, {interval[1]:.4g}]"):
            assert part in verdict.reason


@pytest.mark.parametrize(
    ("interval", "expected"),
    [((1.1, 1.3), "holds"), ((0.8, 1.2), "undecided"), ((0.1, 0.2), "undecided")],
)
def test_delta_star_is_never_violated(interval: tuple[float, float], expected: str) -> None:
    verdict = judge("delta_star", _estimate(1.0, 0.9, 1.1), _estimate(interval[0], *interval), 0.3)
    assert verdict.verdict == expected
    assert "P_e = 0.3" in verdict.reason
    assert "(18) is a statement for P_e -> 0" in verdict.reason


def test_without_an_interval_nothing_is_decided() -> None:
    bare = Estimate(value=1.0, method="hand-made")
    measured = _estimate(5.0, 4.0, 6.0)
    for verdict in (
        judge("perception", bare, measured, 0.1),
        judge("perception", measured, bare, 0.1),
    ):
        assert verdict.verdict == "undecided"
        assert "no interval" in verdict.reason
    unknown = judge("perception", _estimate(math.nan, math.nan, math.nan), measured, 0.1)
    assert unknown.verdict == "undecided"


def test_vacuous_bounds_are_not_violated_and_hold_with_a_remark() -> None:
    bound, reason = _estimate(3.0, 2.9, 3.1), "the bound 3 exceeds the diameter 2 of the data"
    below = judge("small_ball", bound, _estimate(1.0, 0.9, 1.1), 0.1, vacuous=reason)
    assert below.verdict == "undecided"
    assert f"vacuous here: {reason}" in below.reason
    above = judge("small_ball", bound, _estimate(4.0, 3.9, 4.1), 0.1, vacuous=reason)
    assert above.verdict == "holds"
    assert reason in above.reason


def test_extrapolation_is_said_and_a_zero_bound_has_infinite_margin() -> None:
    zero = _estimate(0.0, 0.0, 0.0)
    verdict = judge("perception", zero, _estimate(1.0, 0.9, 1.1), 0.1, extrapolated_octaves=12.345)
    assert verdict.verdict == "holds"
    assert verdict.margin == math.inf
    assert verdict.reason.endswith("extrapolated by 12.3 octaves.")


@pytest.mark.usefixtures("sphere_bounds")
def test_guards() -> None:
    source, generated = _sphere_system(30, 1, seed=6)
    with pytest.raises(InputError, match="rows must pair up one to one"):
        check(source, generated[:-1], mi_bits=1.0)
    with pytest.raises(InputError, match="mi_bits = -1 is negative"):
        check(source, generated, mi_bits=-1.0)
    with pytest.raises(InputError, match="outage_probability = 1 is outside"):
        check(source, generated, mi_bits=1.0, outage_probability=(0.1, 1.0))
    with pytest.raises(InputError, match="outage_probability is empty"):
        check(source, generated, mi_bits=1.0, outage_probability=())
    with pytest.raises(InputError, match="confidence = 0 is outside"):
        check(source, generated, mi_bits=1.0, confidence=0.0)
    with pytest.raises(InputError, match="snr_db = inf is not finite"):
        check(source, generated, mi_bits=1.0, snr_db=math.inf)
    with pytest.raises(InputError, match=r"groups have shape \(3,\) for 30 pairs"):
        check(source, generated, mi_bits=1.0, groups=[1, 2, 3])
    with pytest.raises(InputError, match="NaN or infinite labels"):
        check(source, generated, mi_bits=1.0, groups=np.full(30, math.nan))
    with pytest.raises(InputError, match="source has 1 distinct point among 30 pairs"):
        check(np.zeros((30, 3)), generated, mi_bits=1.0)
    generated[4, 1] = math.nan
    with pytest.raises(InputError, match="generated holds nan at row 4, column 1"):
        check(source, generated, mi_bits=1.0)
