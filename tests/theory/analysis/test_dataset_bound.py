"""delta_star end to end: records, bounds against the scalar functions, order, odd generators."""

import inspect
import math
from itertools import pairwise

import numpy as np
import pytest

from jscgc_theory.analysis.dataset_bound import DatasetBound, delta_star
from jscgc_theory.bounds import (
    awgn_capacity_bits,
    delta_star_bound,
    finite_outage_fano_bound,
    rayleigh_capacity_bits,
)
from jscgc_theory.errors import InputError
from tests.statistics import assert_within_standard_errors


def sphere(dim=3, n_points=500, seed=0):
    points = np.random.default_rng(seed).standard_normal((n_points, dim + 1))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def codes(bound):
    return {notice.code for notice in bound.notices}


def row_of(points, **settings):
    return delta_star(points, **{"mi_bits": 10.0, "outage_probability": 0.1, **settings}).rows[0]


@pytest.fixture(scope="module")
def bound():
    return delta_star(
        sphere(), mi_bits=[0.0, 2.0, 8.0, 20.0, 60.0], outage_probability=[0.5, 0.1, 0.01]
    )


class TestAgainstScalarBounds:
    def test_one_row_for_each_pair(self, bound):
        expected = [(i, p) for i in (0.0, 2.0, 8.0, 20.0, 60.0) for p in (0.5, 0.1, 0.01)]
        assert [(row.mi_bits, row.outage_probability) for row in bound.rows] == expected

    def test_paper_and_fano_are_the_scalar_functions(self, bound):
        d, constant = bound.intrinsic_dim.value, bound.geometric_constant.value
        for row in bound.rows:
            paper = delta_star_bound(row.mi_bits, d, constant)
            fano = finite_outage_fano_bound(row.mi_bits, row.outage_probability, d, constant)
            assert row.delta_star.value == pytest.approx(paper, rel=1e-9)
            assert row.finite_outage_fano.value == pytest.approx(fano, rel=1e-9)

    def test_order_of_bounds(self, bound):
        for row in bound.rows:
            assert row.small_ball.value <= row.perception.value
            # R1 presumes the power law, which only small radii follow.
            if row.extrapolated_octaves > 0.0:
                assert row.finite_outage_fano.value <= row.perception.value

    def test_radii_fall_with_information_and_grow_as_outage_falls(self, bound):
        for name in ("delta_star", "finite_outage_fano", "small_ball", "perception"):
            value = {
                (row.mi_bits, row.outage_probability): getattr(row, name).value
                for row in bound.rows
            }
            for outage in (0.5, 0.1, 0.01):
                falling = [value[mi, outage] for mi in (0.0, 2.0, 8.0, 20.0, 60.0)]
                assert all(more > less for more, less in pairwise(falling))
            for mi in (2.0, 8.0, 20.0, 60.0):
                assert value[mi, 0.5] <= value[mi, 0.1]
                if name != "delta_star":
                    assert value[mi, 0.5] < value[mi, 0.1] < value[mi, 0.01]

    def test_intervals_hold_their_values(self, bound):
        for row in bound.rows:
            for name in ("delta_star", "finite_outage_fano", "small_ball", "perception"):
                estimate = getattr(row, name)
                assert estimate.covers(estimate.value)

    def test_known_radius_on_the_sphere(self, bound):
        """S^3 has C = 3 pi / 2 (area 2 pi^2 over V_3 = 4 pi / 3)."""
        row = next(r for r in bound.rows if (r.mi_bits, r.outage_probability) == (20.0, 0.1))
        assert_within_standard_errors(row.delta_star, delta_star_bound(20.0, 3.0, 1.5 * math.pi))
        assert_within_standard_errors(bound.geometric_constant, 1.5 * math.pi)
        assert_within_standard_errors(bound.intrinsic_dim, 3.0)
        assert bound.diameter == pytest.approx(2.0, abs=0.03)
        assert bound.resolvable_mi_bits == pytest.approx(math.log2(500 * 499 / 2))

    def test_record(self, bound):
        assert DatasetBound.from_json(bound.to_json()) == bound
        assert (bound.n_points, bound.n_duplicates, bound.ambient_dim) == (500, 0, 4)
        assert "<table>" in bound._repr_html_()

    def test_words_for_vacuous_and_extrapolated_rows(self, bound):
        vacuous = {row.mi_bits: row.vacuous for row in bound.rows}
        assert vacuous[8.0] is None
        assert "the bound is extrapolated" in vacuous[60.0]
        octaves = {(r.mi_bits, r.outage_probability): r.extrapolated_octaves for r in bound.rows}
        assert octaves[8.0, 0.1] == 0.0
        assert octaves[60.0, 0.1] > octaves[20.0, 0.1] > 0.0
        assert "extrapolated" in codes(bound)


class TestChannelRoute:
    @pytest.mark.parametrize(
        ("fading", "capacity"),
        [("none", awgn_capacity_bits), ("rayleigh", rayleigh_capacity_bits)],
    )
    def test_snr_is_its_capacity(self, fading, capacity):
        by_snr = delta_star(
            sphere(), snr_db=[-5.0, 5.0], channel_uses=4, fading=fading, outage_probability=0.1
        )
        direct = delta_star(
            sphere(), mi_bits=[capacity(-5.0, 4), capacity(5.0, 4)], outage_probability=0.1
        )
        for one, other in zip(by_snr.rows, direct.rows, strict=True):
            assert one.model_copy(update={"snr_db": None}) == other
        assert [row.snr_db for row in by_snr.rows] == [-5.0, 5.0]
        assert "mi_is_ceiling" in codes(by_snr)
        assert "mi_is_ceiling" not in codes(direct)


class TestExtremes:
    def test_extreme_arguments(self):
        found = delta_star(sphere(1), mi_bits=[0.0, 5000.0], outage_probability=[0.999, 1e-6])
        assert all(row.perception.value >= 0.0 for row in found.rows)
        assert found.rows[-1].delta_star.value < 1e-300
        assert DatasetBound.from_json(found.to_json()) == found

    def test_seed(self):
        assert row_of(sphere(), rng=7) == row_of(sphere(), rng=np.random.default_rng(7))

    def test_progress(self):
        heard = []
        row_of(sphere(), progress=heard.append)
        assert all(0.0 <= low <= high <= 1.0 for low, high in pairwise(heard))
        assert heard[-1] == 1.0

    @pytest.mark.parametrize("scale", [1e-6, 1e6])
    def test_scale(self, scale):
        plain, scaled = row_of(sphere()), row_of(scale * sphere())
        for name in ("delta_star", "finite_outage_fano", "perception", "small_ball"):
            assert getattr(scaled, name).value / scale == pytest.approx(
                getattr(plain, name).value, rel=1e-4
            )

    def test_hundreds_of_dimensions(self):
        """C leaves the range of floating-point numbers; radii do not."""
        points = 1e-3 * np.random.default_rng(0).standard_normal((300, 400))
        found = delta_star(points, mi_bits=[10.0, 2000.0])
        assert "dimension_beyond_sample" in codes(found)
        assert all(0.0 < row.delta_star.value < 1.0 for row in found.rows)
        assert DatasetBound.from_json(found.to_json()) == found

    @pytest.mark.parametrize("n_points", [5, 6, 8, 12, 20])
    def test_tiny_samples(self, n_points):
        found = delta_star(sphere(2, n_points), mi_bits=[1.0, 30.0])
        assert all(np.isfinite(row.perception.value) for row in found.rows)


class TestGenerated:
    def test_an_independent_sample_changes_little(self):
        own, other = row_of(sphere()), row_of(sphere(), generated=sphere(seed=1))
        assert other.perception.value == pytest.approx(own.perception.value, rel=0.1)
        assert other.delta_star == own.delta_star

    def test_unequal_sizes(self):
        row = row_of(sphere(), generated=sphere(n_points=300, seed=1))
        assert row.perception.value == pytest.approx(row_of(sphere()).perception.value, rel=0.15)

    def test_far_away(self):
        """No coincidence below the gap: the bound is at least the gap."""
        row = row_of(sphere(), generated=sphere(seed=1) + 100.0)
        assert row.perception.value > 190.0

    def test_off_the_manifold(self):
        noisy = sphere(seed=1) + 0.3 * np.random.default_rng(2).standard_normal((500, 4))
        row = row_of(sphere(), generated=noisy, mi_bits=25.0)
        assert row.perception.value > row_of(sphere(), mi_bits=25.0).perception.value

    def test_row_by_row_copies_are_not_counted(self):
        found = delta_star(sphere(), mi_bits=7.0, generated=sphere())
        assert "generated_repeats_source" not in codes(found)
        own = delta_star(sphere(), mi_bits=7.0)
        assert found.rows[0].perception.value == pytest.approx(
            own.rows[0].perception.value, rel=1e-3
        )

    def test_partners_of_dropped_rows_go_with_them(self):
        points = sphere()
        repeated = np.concatenate([points[:40], points])
        near = repeated + 1e-9 * np.random.default_rng(3).standard_normal(repeated.shape)
        row = row_of(repeated, generated=near, mi_bits=20.0)
        own = row_of(repeated, mi_bits=20.0)
        assert row.perception.value == pytest.approx(own.perception.value, rel=0.05)

    def test_shuffled_copies_are_said(self):
        copies = np.random.default_rng(4).permutation(sphere())
        found = delta_star(sphere(), mi_bits=10.0, generated=copies)
        assert "generated_repeats_source" in codes(found)

    def test_two_points(self):
        row = row_of(sphere(), generated=sphere(n_points=2, seed=1))
        assert 0.0 < row.perception.value < 2.0

    def test_one_point_over_and_over(self):
        row = row_of(sphere(), generated=np.tile(sphere(seed=1)[:1], (50, 1)))
        assert 0.0 < row.perception.value < 2.0

    def test_the_centre_over_and_over(self):
        """Every distance is one; the bins of the histogram are an eighth of an octave wide."""
        row = row_of(sphere(), generated=np.zeros((50, 4)), mi_bits=2.0)
        assert row.perception.value == pytest.approx(1.0, rel=0.05)
        beyond = row_of(sphere(), generated=np.zeros((50, 4)), mi_bits=40.0)
        assert 0.0 < beyond.perception.value <= 1.0

    def test_width(self):
        with pytest.raises(InputError, match="generated has 3 columns but points have 4"):
            row_of(sphere(), generated=sphere(2))

    def test_one_row(self):
        with pytest.raises(InputError, match="generated has 1 rows"):
            row_of(sphere(), generated=sphere()[:1])

    def test_not_finite(self):
        with pytest.raises(InputError, match="generated holds nan"):
            row_of(sphere(), generated=np.full((10, 4), np.nan))


REFUSED = {
    "neither": ({}, "give either mi_bits, or snr_db with channel_uses; got neither"),
    "both": ({"mi_bits": 1.0, "snr_db": 1.0}, "got both"),
    "uses with bits": ({"mi_bits": 1.0, "channel_uses": 4}, "channel_uses = 4 goes with snr_db"),
    "no uses": ({"snr_db": 1.0}, "snr_db needs channel_uses"),
    "negative bits": ({"mi_bits": -1.0}, "mi_bits = -1 is negative"),
    "no bits": ({"mi_bits": []}, "mi_bits is empty"),
    "NaN bits": ({"mi_bits": [1.0, math.nan]}, "mi_bits = nan is not finite"),
    "no uses at all": ({"snr_db": 1.0, "channel_uses": 0}, "channel_uses"),
    "outage of one": ({"mi_bits": 1.0, "outage_probability": 1.0}, r"outside \(0, 1\)"),
    "outage of none": ({"mi_bits": 1.0, "outage_probability": [0.1, 0.0]}, r"outside \(0, 1\)"),
    "no outage": ({"mi_bits": 1.0, "outage_probability": []}, "outage_probability is empty"),
    "seed": ({"mi_bits": 1.0, "rng": -1}, "seed = -1 is too small"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_arguments(case):
    settings, words = REFUSED[case]
    with pytest.raises(InputError, match=words):
        delta_star(sphere(n_points=20), **settings)


def test_unknown_fading():
    # The run-time type checker of the tests would refuse the word first.
    unchecked = inspect.unwrap(delta_star)
    with pytest.raises(InputError, match="fading = 'rice' is unknown; use none or rayleigh"):
        unchecked(sphere(n_points=20), snr_db=1.0, channel_uses=2, fading="rice")


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (np.ones((30, 3)), "hold only 1 distinct rows"),
        (np.ones((4, 3)), "points has 4 rows"),
        (np.arange(9.0), "one coordinate per point"),
        (np.full((9, 2), np.inf), "holds inf"),
        (np.eye(30), "equally far"),
    ],
)
def test_refused_points(points, words):
    with pytest.raises(InputError, match=words):
        delta_star(points, mi_bits=1.0)
