"""dimension end to end, the rule behind the recommended answer, and the scale scan."""

import math
from itertools import pairwise

import numpy as np
import pytest

from jscgc_theory.analysis.dimension_report import DimensionReport, dimension
from jscgc_theory.analysis.stages import stage
from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension import (
    STANDARD_SET,
    CalibratedDimension,
    CorrectedLikelihood,
    MaximumLikelihood,
    RecommendedDimension,
    Sample,
    scale_scan,
)
from jscgc_theory.intrinsic_dimension.recommended import resolvable_dimension
from jscgc_theory.intrinsic_dimension.scale_scan import _longest_common_run
from tests.statistics import assert_within_standard_errors


def sphere(dim=2, n_points=600, seed=0):
    points = np.random.default_rng(seed).standard_normal((n_points, dim + 1))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def codes(record):
    return {notice.code for notice in record.notices}


class TestReport:
    def test_standard_answer(self):
        report = dimension(sphere())
        assert set(report.estimates) == set(STANDARD_SET)
        assert_within_standard_errors(report.intrinsic_dim, 2.0)
        assert (report.n_points, report.n_duplicates, report.ambient_dim) == (600, 0, 3)
        assert DimensionReport.from_json(report.to_json()) == report
        assert report.intrinsic_dim == RecommendedDimension().fit(sphere()).estimate_

    def test_chosen_estimators(self):
        report = dimension(sphere(), estimators=["MLE", "skdim.TwoNN"])
        assert list(report.estimates) == ["maximum_likelihood", "skdim.TwoNN"]
        expected = MaximumLikelihood().fit(sphere()).dimension_
        assert report.estimates["maximum_likelihood"].value == pytest.approx(expected)

    def test_scan_radii_and_ranks_rise(self):
        scan = dimension(sphere()).scale_scan
        assert [point.n_neighbours for point in scan] == [2, 4, 8, 16, 32, 64]
        assert all(a.radius < b.radius for a, b in pairwise(scan))
        assert sum(point.on_plateau for point in scan) >= 2

    def test_duplicates(self):
        points = sphere()
        report = dimension(np.concatenate([points, points[:30]]))
        assert report.n_duplicates == 30
        assert report.n_points == 600
        assert "duplicates_dropped" in codes(report)
        assert report.intrinsic_dim.value == dimension(points).intrinsic_dim.value

    def test_refusals_within_the_standard_set_are_news(self):
        """On a lattice the two nearest neighbours are equally far."""
        axis = np.arange(12.0)
        lattice = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        report = dimension(lattice)
        refused = [n.message for n in report.notices if n.code == "estimator_refused"]
        assert any(message.startswith("two_nn: ") for message in refused)
        assert "two_nn" not in report.estimates
        with pytest.raises(InputError, match="equally far"):
            dimension(lattice, estimators=["two_nn"])

    def test_progress(self):
        heard = []
        dimension(sphere(), progress=heard.append)
        assert all(0.0 <= low <= high <= 1.0 for low, high in pairwise(heard))
        assert heard[-1] == 1.0

    @pytest.mark.parametrize("n_points", [5, 7, 12])
    def test_tiny_samples(self, n_points):
        assert dimension(sphere(2, n_points)).intrinsic_dim.value > 0.0

    def test_unknown_name(self):
        with pytest.raises(InputError, match="estimator = 'magic' is unknown"):
            dimension(sphere(), estimators=["magic"])

    def test_simplex(self):
        with pytest.raises(InputError, match="equally far"):
            dimension(np.eye(30))

    def test_seed(self):
        with pytest.raises(InputError, match="seed = -1 is too small"):
            dimension(sphere(), rng=-1)


class TestRecommended:
    def test_is_the_corrected_likelihood_where_the_sample_carries_it(self):
        sample = Sample.from_points(sphere(3, 1000), 20)
        fit = RecommendedDimension().fit_sample(sample)
        assert fit.corrected
        assert fit.estimate == CorrectedLikelihood().estimate(sample)
        assert fit.extra_variance == pytest.approx(0.0, abs=1e-9)

    def test_beyond_the_sample_it_is_calibrated_and_says_so(self):
        sample = Sample.from_points(np.random.default_rng(0).standard_normal((500, 30)), 20)
        fit = RecommendedDimension().fit_sample(sample)
        plain = MaximumLikelihood().estimate(sample)
        calibrated = CalibratedDimension().estimate(sample)
        assert not fit.corrected
        assert (fit.estimate.value, fit.estimate.interval) == (
            calibrated.value,
            calibrated.interval,
        )
        assert fit.slope == plain.value > resolvable_dimension(500)
        assert codes(fit.estimate) == {"dimension_beyond_sample", "dimension_calibrated"}
        assert fit.estimate.covers(30)

    def test_from_the_slope_to_the_dimension_the_exponent_is_uncertain(self):
        sample = Sample.from_points(np.random.default_rng(0).standard_normal((500, 30)), 20)
        fit = RecommendedDimension().fit_sample(sample)
        assert math.sqrt(fit.extra_variance) >= (fit.estimate.value - fit.slope) / 1.96

    @pytest.mark.parametrize("n_points", [150, 400])
    def test_without_coordinates_or_points_it_is_plain_and_wide(self, n_points):
        points = np.random.default_rng(0).standard_normal((n_points, 30))
        sample = Sample.from_points(points, 20)
        if n_points > 199:
            distances = np.linalg.norm(points[:, None] - points[None], axis=2)
            sample = Sample.from_distances(distances, 20)
        fit = RecommendedDimension().fit_sample(sample)
        corrected = CorrectedLikelihood().fit_law(sample, trim=False)
        assert fit.estimate.value == fit.slope
        assert codes(fit.estimate) == {"dimension_beyond_sample"}
        assert corrected is not None
        assert fit.estimate.covers(corrected.law.intrinsic_dim)
        assert fit.extra_variance > 0.0

    def test_resolvable_dimension(self):
        assert resolvable_dimension(1000) == pytest.approx(6.0)

    def test_curvature_is_said(self):
        """A circle of few points with much noise bends within every neighbourhood."""
        codes_seen = set()
        for n_points in (12, 15, 20):
            codes_seen |= codes(RecommendedDimension().fit(sphere(2, n_points)).estimate_)
        assert "curvature_at_scale" in codes_seen

    def test_boundary_is_said(self):
        points = np.random.default_rng(2).random((600, 5))
        assert "boundary_at_scale" in codes(RecommendedDimension().fit(points).estimate_)

    def test_closed_even_surface_is_silent(self):
        for seed in range(5):
            assert codes(RecommendedDimension().fit(sphere(2, 1000, seed)).estimate_) == set()


class TestScaleScan:
    @pytest.mark.parametrize(
        ("intervals", "expected"),
        [
            ([], (0, 0)),
            ([(1.0, 2.0)], (0, 0)),
            ([(1.0, 2.0), (1.5, 3.0)], (0, 2)),
            ([(1.0, 2.0), (3.0, 4.0)], (0, 0)),
            # Each overlaps the next, but the three share no value.
            ([(1.0, 2.0), (1.8, 3.0), (2.5, 4.0)], (0, 2)),
            ([(9.0, 10.0), (1.0, 2.0), (1.5, 2.5), (1.2, 1.9)], (1, 4)),
            ([(1.0, 2.0), None, (1.0, 2.0), (1.0, 2.0)], (2, 4)),
        ],
    )
    def test_plateau(self, intervals, expected):
        assert _longest_common_run(intervals) == expected

    def test_noise_raises_small_scales_only(self):
        """A noisy curve is a plane below the noise and a line above it."""
        rng = np.random.default_rng(3)
        angle = 2.0 * np.pi * rng.random(3000)
        curve = 100.0 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        points = curve + 0.5 * rng.standard_normal((3000, 2))
        scan = scale_scan(Sample.from_points(points, 256))
        assert scan[0].estimate.value > 1.7
        assert scan[-1].estimate.value < 1.2
        assert not (scan[0].on_plateau and scan[-1].on_plateau)

    def test_lattice_leaves_out_scales_without_a_reading(self):
        axis = np.arange(20.0)
        lattice = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        scan = scale_scan(Sample.from_points(lattice, 64))
        assert all(reading.estimate.value > 0.0 for reading in scan)


class TestStages:
    def test_part_of_the_whole(self):
        heard = []
        part = stage(heard.append, 0.2, 0.6)
        assert part is not None
        for fraction in (0.0, 0.5, 1.0):
            part(fraction)
        assert heard == pytest.approx([0.2, 0.4, 0.6])

    def test_nobody_listens(self):
        assert stage(None, 0.0, 1.0) is None
