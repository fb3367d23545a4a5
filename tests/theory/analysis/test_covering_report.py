"""covering end to end: three curves in their order, C under its three readings."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from jscgc_theory.analysis.covering_report import CoveringReport, covering
from jscgc_theory.errors import InputError
from jscgc_theory.report.content import told
from tests.ground_truth import sphere_coincidence_constant
from tests.statistics import assert_within_standard_errors


def sphere(dim=2, n_points=600, seed=0):
    points = np.random.default_rng(seed).standard_normal((n_points, dim + 1))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def report():
    return covering(sphere(), max_centres=300)


def test_record(report):
    assert CoveringReport.from_json(report.to_json()) == report
    assert (report.n_points, report.n_duplicates, report.ambient_dim) == (600, 0, 3)
    assert report.resolvable_mi_bits == pytest.approx(math.log2(600 * 599 / 2))


def test_curves_fall_with_radius(report):
    assert set(report.curves) == {"covering", "packing", "coincidence"}
    for curve in report.curves.values():
        assert len(curve.radius) == len(curve.count) > 10
        assert all(low < high for low, high in pairwise(curve.radius))
        assert all(many >= few for many, few in pairwise(curve.count))
        assert min(curve.count) >= 1.0


def test_certificates_bracket_and_say_what_is_missed(report):
    """Covering a sphere by caps: at least area over area, 4 / r^2 balls of chord radius r."""
    assert len(report.certificates) > 5
    for one in report.certificates:
        assert one.covering_at_least <= one.covering_at_most
        if one.missed_share.interval[1] < 0.01:
            assert one.covering_at_most >= 0.99 * 4.0 / one.radius**2


def test_few_points_have_no_certificate():
    assert covering(sphere(n_points=19)).certificates == ()


def test_coincidence_curve_is_the_count_of_pairs(report):
    curve = report.curves["coincidence"]
    distances = np.sort(pdist(sphere()))
    for radius, count in zip(curve.radius, curve.count, strict=True):
        low, high = np.searchsorted(distances, [radius * 0.999, radius * 1.001])
        pairs = len(distances) / count
        assert low - 1e-6 <= pairs <= max(high, 1) + 1e-6


def test_coincidence_curve_states_its_error(report):
    curve = report.curves["coincidence"]
    assert len(curve.standard_error) == len(curve.radius)
    for radius, count, error in zip(curve.radius, curve.count, curve.standard_error, strict=True):
        if 0.1 < radius < 1.9:
            assert_within_standard_errors((count, error), 4.0 / radius**2, k=4.5)


def test_three_readings_of_the_constant(report):
    volume = report.geometric_constant
    assert volume.details["reading"] == "volume"
    assert_within_standard_errors(volume, sphere_coincidence_constant(2))
    assert report.readings["volume"] == volume
    for reading, side in (("covering", "above"), ("packing", "below")):
        constant = report.readings[reading]
        assert constant.details["reading"] == reading
        assert constant.details["is_bound"] == side
        assert [notice.code for notice in constant.notices] == ["read_at_finite_radius"]
        # Balls of a cover overlap, so their number exceeds one over the measure of one.
        assert constant.value > volume.value


def test_duplicates_are_settled():
    points = sphere(n_points=100)
    assert covering(np.concatenate([points, points[:9]])).n_duplicates == 9


@pytest.mark.parametrize("n_points", [5, 6, 9, 20])
def test_tiny_samples(n_points):
    found = covering(sphere(n_points=n_points))
    assert found.curves["covering"].radius
    assert CoveringReport.from_json(found.to_json()) == found


def test_hundreds_of_dimensions():
    points = 1e-9 * np.random.default_rng(1).standard_normal((200, 300))
    found = covering(points, max_centres=50)
    assert CoveringReport.from_json(found.to_json()) == found
    assert math.isfinite(found.geometric_constant.details["log2_value"])


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_constants_that_no_number_holds_are_told_as_powers_of_two(unit, report):
    """C = r^d K scales with the d-th power of the unit, whatever floating point does."""
    found = covering(unit * sphere(), max_centres=300)
    assert CoveringReport.from_json(found.to_json()) == found
    moved_bits = found.intrinsic_dim.value * math.log2(unit)
    assert found.intrinsic_dim.value == pytest.approx(report.intrinsic_dim.value, rel=1e-6)
    for name, constant in found.readings.items():
        before = report.readings[name].details["log2_value"]
        assert constant.details["log2_value"] == pytest.approx(before + moved_bits, rel=1e-6)
        assert told(constant).startswith(f"2^{'-' if unit < 1.0 else ''}")
        assert "∞" not in told(constant)
    assert told(report.geometric_constant).count("^") == 0


def test_progress():
    heard = []
    covering(sphere(), max_centres=50, progress=heard.append)
    assert all(0.0 <= low <= high <= 1.0 for low, high in pairwise(heard))
    assert heard[-1] == 1.0


def test_seed():
    points = sphere(n_points=100)
    assert covering(points, rng=3) == covering(points, rng=np.random.default_rng(3))


def test_refusals():
    with pytest.raises(InputError, match="max_centres = 1 is too small"):
        covering(sphere(), max_centres=1)
    with pytest.raises(InputError, match="points has 4 rows"):
        covering(sphere(n_points=4))
    with pytest.raises(InputError, match="neither a numpy Generator nor a seed"):
        covering(sphere(n_points=20), rng=True)
