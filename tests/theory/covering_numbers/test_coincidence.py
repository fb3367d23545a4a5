"""C and the radii of q(r) against the exact sphere, read and extrapolated, and other laws."""

import math

import numpy as np
import pytest
from scipy.special import betaincinv

from jscgc_theory.covering_numbers import CoincidenceLaw, fit_coincidence
from jscgc_theory.intrinsic_dimension import RecommendedDimension, Sample
from jscgc_theory.neighbours import pair_scan
from tests.ground_truth import sphere_coincidence_constant
from tests.statistics import assert_coverage, assert_within_standard_errors


def sphere(dim, n_points, seed):
    points = np.random.default_rng(seed).standard_normal((n_points, dim + 1))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def sphere_radius(dim, log2_probability):
    """Exact inverse of q(r) = I_(r^2/4)(d/2, d/2)."""
    return 2.0 * math.sqrt(betaincinv(dim / 2.0, dim / 2.0, 2.0**log2_probability))


def law_of(points, seed=0) -> CoincidenceLaw:
    estimator = RecommendedDimension()
    sample = Sample.from_points(points, estimator.n_neighbours_needed)
    fit = estimator.fit_sample(sample)
    scan = pair_scan(sample.points, 10 * sample.n_points, rng=np.random.default_rng(seed))
    return fit_coincidence(
        scan,
        fit.estimate.value,
        fit.influence,
        corrected=fit.corrected,
        n_points_used=sample.n_points,
        extra_variance_dim=fit.extra_variance,
    )


def in_log(estimate):
    """ln of a positive estimate and its error, which is where its interval is normal."""
    low, high = estimate.interval
    return math.log(estimate.value), max(1e-12, math.log(high / low) / (2.0 * 1.96))


@pytest.mark.parametrize("dim", [1, 2, 3, 5])
class TestOnSpheres:
    def test_constant(self, dim):
        law = law_of(sphere(dim, 1500, dim))
        truth = math.log(sphere_coincidence_constant(dim))
        error = math.sqrt(law.power_law.variance_log_constant)
        assert_within_standard_errors((law.power_law.log_constant, error), truth)
        assert error < 0.6 * dim

    def test_quantiles_of_the_pairs(self, dim):
        law = law_of(sphere(dim, 1500, dim))
        for log2_probability in (-1.0, -3.0, -6.0, -10.0):
            radius = law.radius(log2_probability)
            assert "quantile" in radius.method
            # The histogram's bins add up to a sixteenth of an octave, interpolated.
            truth = sphere_radius(dim, log2_probability)
            value, error = in_log(radius)
            assert abs(value - math.log(truth)) < 4.0 * error + 0.01

    def test_extrapolated_radii(self, dim):
        law = law_of(sphere(dim, 1500, dim))
        for log2_probability in (-25.0, -60.0):
            radius = law.radius(log2_probability)
            assert "extrapolated" in radius.method
            constant = sphere_coincidence_constant(dim)
            truth = (math.log(constant) + log2_probability * math.log(2.0)) / dim
            assert_within_standard_errors(in_log(radius), truth)
            assert law.extrapolated_octaves(radius.value) > 0.0


def test_reading_and_extrapolation_meet():
    law = law_of(sphere(2, 1000, 0))
    meeting = math.log2(50) - law.resolvable_mi_bits
    read, extrapolated = law.radius(meeting + 1e-9).value, law.radius(meeting - 1e-9).value
    assert read == pytest.approx(extrapolated, rel=0.2)


def test_radius_grows_with_probability():
    law = law_of(sphere(3, 500, 1))
    levels = [level for level in np.arange(-14.0, 0.1, 0.25) if level > -11.0]
    radii = [law.radius(float(level)).value for level in levels]
    assert (np.diff(radii) >= 0.0).all()


def test_octaves():
    law = law_of(sphere(2, 300, 2))
    closest = float(law.scan.distance[0])
    assert law.extrapolated_octaves(closest / 8.0) == pytest.approx(3.0)
    assert law.extrapolated_octaves(2.0 * closest) == 0.0
    assert law.extrapolated_octaves(0.0) == math.inf


@pytest.mark.parametrize("scale", [1e-5, 300.0])
def test_scale_moves_radii_and_leaves_the_dimension(scale):
    plain, scaled = law_of(sphere(2, 600, 3)), law_of(scale * sphere(2, 600, 3))
    assert scaled.power_law.intrinsic_dim == pytest.approx(plain.power_law.intrinsic_dim, rel=1e-6)
    for level in (-2.0, -9.0, -40.0):
        one, other = plain.radius(level), scaled.radius(level)
        assert other.value / scale == pytest.approx(one.value, rel=1e-4)
        assert other.interval[1] / scale == pytest.approx(one.interval[1], rel=1e-3)


def test_tight_blob_in_the_data_is_noticed_and_followed():
    points = sphere(3, 2000, 4)
    points[:100] = points[0] + 0.01 * sphere(3, 100, 5)
    law = law_of(points)
    assert [notice.code for notice in law.notices] == ["pairs_leave_power_law"]
    assert law.tail is not law.power_law
    # Pairs of the blob have q = 0.05^2 q_blob(r / 0.01).
    level = -18.0
    truth = 0.01 * sphere_radius(3, level - 2.0 * math.log2(0.05))
    assert_within_standard_errors(in_log(law.radius(level)), math.log(truth))
    assert law.radius(level).value < 0.3 * law.power_law.radius(level, "").value


def test_even_data_keep_the_power_law():
    for seed in range(8):
        law = law_of(sphere(2, 800, seed))
        assert law.notices == ()
        assert law.tail is law.power_law


def test_hundreds_of_dimensions():
    points = 1e-9 * np.random.default_rng(6).standard_normal((400, 400))
    law = law_of(points)
    assert law.power_law.finite_constant is None
    assert 0.0 < law.radius(-2000.0).value < law.radius(-5.0).value < 1.0
    constant = law.power_law.constant("")
    assert constant.details["log2_value"] == pytest.approx(
        law.power_law.log_constant / math.log(2.0)
    )


@pytest.mark.slow
@pytest.mark.parametrize("dim", [1, 3])
def test_relative_error_is_the_spread_of_q(dim):
    laws = [law_of(sphere(dim, 300, seed), seed) for seed in range(100)]
    for level in (-2.0, -5.0, -9.0):
        radius = sphere_radius(dim, level)
        shares = []
        for seed in range(100):
            points = sphere(dim, 300, seed)
            squares = 2.0 - 2.0 * (points @ points.T)[np.triu_indices(300, 1)]
            shares.append(np.mean(squares <= radius**2))
        spread = float(np.std(shares, ddof=1)) / 2.0**level
        stated = np.mean([law.relative_error(2.0**level) for law in laws])
        assert stated == pytest.approx(spread, rel=0.3)


@pytest.mark.slow
def test_intervals_cover():
    dim, hits = 2, {"C": 0, "read": 0, "beyond": 0}
    constant = sphere_coincidence_constant(dim)
    for seed in range(120):
        law = law_of(sphere(dim, 500, seed))
        hits["C"] += law.power_law.constant("").covers(constant)
        hits["read"] += law.radius(-8.0).covers(sphere_radius(dim, -8.0))
        hits["beyond"] += law.radius(-30.0).covers((constant * 2.0**-30) ** (1.0 / dim))
    for count in hits.values():
        assert_coverage(count, 120, low=0.88, high=1.0)
