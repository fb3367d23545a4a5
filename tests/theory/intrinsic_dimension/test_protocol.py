"""Every own estimator in scikit-learn's manner, and steady under what should not matter."""

import json
import subprocess
import sys

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.base import clone

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension import (
    ESTIMATOR_NAMES,
    STANDARD_SET,
    CorrectedLikelihood,
    CorrelationDimension,
    Gride,
    LocalPCA,
    MaximumLikelihood,
    RecommendedDimension,
    Sample,
    SkdimEstimator,
    TwoNN,
    make_estimator,
)
from jscgc_theory.records import Estimate

OWN = (
    TwoNN,
    MaximumLikelihood,
    CorrectedLikelihood,
    Gride,
    CorrelationDimension,
    LocalPCA,
    RecommendedDimension,
)
CHECK = """
import json
from sklearn.utils.estimator_checks import check_estimator
import jscgc_theory.intrinsic_dimension as room
passed, failed = {}, []
for name in NAMES:
    results = check_estimator(getattr(room, name)(), on_fail=None, on_skip=None)
    passed[name] = sum(result["status"] == "passed" for result in results)
    failed += [
        (name, result["check_name"], str(result["exception"]))
        for result in results
        if result["status"] == "failed"
    ]
print(json.dumps((passed, failed)))
""".replace("NAMES", repr([kind.__name__ for kind in OWN]))

own = pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.__name__)


def sphere(dim=3, n_points=400, seed=0, ambient_dim=6):
    rng = np.random.default_rng(seed)
    points = rng.standard_normal((n_points, dim + 1))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    basis, _ = np.linalg.qr(rng.standard_normal((ambient_dim, dim + 1)))
    return points @ basis.T


def codes(estimate):
    return {notice.code for notice in estimate.notices}


def shift_in_errors(kind, changed, plain):
    """How far a fit moved, in standard errors; local PCA counts whole directions exactly."""
    before, after = kind().fit(plain).estimate_, kind().fit(changed).estimate_
    error = max(before.standard_error, 1e-3)
    return abs(after.value - before.value) / error, after


def fit_or_refusal(estimator, points):
    """The estimate and nothing, or nothing and the words of the refusal; no other error."""
    try:
        return estimator.fit(points).estimate_, ""
    except InputError as error:
        return None, str(error)


class TestScikitLearn:
    def test_check_estimator(self):
        """In a process of its own: our type checker refuses what the check tries."""
        found = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CHECK],
            check=True,
            capture_output=True,
            text=True,
        )
        passed, failed = json.loads(found.stdout)
        # The check fits five random points in ten dimensions, which no radial law describes.
        assert [name for name, _, _ in failed] == ["CorrectedLikelihood"]
        assert failed[0][1] == "check_estimators_nan_inf"
        assert failed[0][2].startswith("no radial law fits")
        assert min(passed.values()) > 20

    @own
    def test_clone_and_parameters(self, kind):
        estimator = kind()
        parameters = estimator.get_params()
        assert parameters
        name = next(iter(parameters))
        changed = clone(estimator).set_params(**{name: parameters[name] * 2})
        assert changed.get_params()[name] == parameters[name] * 2
        assert estimator.get_params() == parameters
        assert not hasattr(clone(estimator.fit(sphere())), "dimension_")

    @own
    def test_a_second_fit_forgets_the_first(self, kind):
        estimator = kind().fit(sphere(2, seed=1))
        again = estimator.fit(sphere(3, seed=2))
        assert again is estimator
        assert estimator.estimate_ == kind().fit(sphere(3, seed=2)).estimate_

    @own
    def test_result(self, kind):
        points = sphere()
        before = points.copy()
        fitted = kind().fit(points)
        np.testing.assert_array_equal(points, before)
        estimate = fitted.estimate_
        assert fitted.dimension_ == estimate.value
        assert fitted.n_features_in_ == 6
        assert estimate.interval[0] <= estimate.value <= estimate.interval[1]
        assert 0 < estimate.n_points_used <= 400
        assert Estimate.from_json(estimate.to_json()) == estimate

    @own
    def test_order_of_points_does_not_matter(self, kind):
        points = sphere()
        shuffled = np.random.default_rng(1).permutation(points)
        assert kind().fit(shuffled).dimension_ == pytest.approx(
            kind().fit(points).dimension_, rel=1e-9
        )

    @pytest.mark.parametrize(
        "kind", [TwoNN, MaximumLikelihood, Gride, CorrectedLikelihood, RecommendedDimension]
    )
    def test_distances_speak_for_points(self, kind):
        points = sphere(2)
        from_points = kind().fit(points)
        from_distances = kind().fit_distances(cdist(points, points))
        if kind in (CorrectedLikelihood, RecommendedDimension):
            # Without directions nothing is trimmed.
            assert from_distances.dimension_ == pytest.approx(from_points.dimension_, rel=0.1)
        else:
            assert from_distances.dimension_ == pytest.approx(from_points.dimension_, rel=1e-9)


class TestSteadiness:
    @own
    @pytest.mark.parametrize("scale", [1e-200, 1e-6, 1e-3, 1e6, 1e200])
    def test_scale(self, kind, scale):
        points = sphere()
        plain, scaled = kind().fit(points).estimate_, kind().fit(points * scale).estimate_
        assert scaled.value == pytest.approx(plain.value, rel=1e-6)
        assert scaled.standard_error == pytest.approx(plain.standard_error, rel=1e-5)
        assert codes(scaled) == codes(plain)

    @own
    def test_rotation(self, kind):
        rotation, _ = np.linalg.qr(np.random.default_rng(2).standard_normal((6, 6)))
        shift, _ = shift_in_errors(kind, sphere() @ rotation, sphere())
        assert shift < 0.05

    @own
    def test_further_constant_coordinates(self, kind):
        points = sphere()
        padded = np.concatenate([points, np.full((400, 20), 3.0)], axis=1)
        assert kind().fit(padded).dimension_ == pytest.approx(kind().fit(points).dimension_)

    @own
    def test_offset_in_float64(self, kind):
        shift, estimate = shift_in_errors(kind, sphere() + 1e6, sphere())
        assert shift < 0.05
        assert "coarse_resolution" not in codes(estimate)

    @own
    def test_float32(self, kind):
        shift, _ = shift_in_errors(kind, sphere().astype(np.float32), sphere())
        assert shift < 0.05

    @own
    def test_offset_in_float32_is_felt_little_or_said(self, kind):
        for offset in (1e2, 1e4, 1e6):
            changed = (sphere() + offset).astype(np.float32)
            shift, estimate = shift_in_errors(kind, changed, sphere())
            assert shift < 1.0 or "coarse_resolution" in codes(estimate)

    @own
    def test_five_per_cent_duplicates(self, kind):
        points = sphere()
        repeated = np.concatenate([points, points[:20]])
        shift, estimate = shift_in_errors(kind, repeated, points)
        assert shift < 1e-6
        assert "duplicates_dropped" in codes(estimate)

    @own
    @pytest.mark.parametrize("cells", [30, 200, 1000])
    def test_ties_of_a_grid_are_felt_little_or_said(self, kind, cells):
        points = sphere(2, ambient_dim=3)
        self.assert_felt_little_or_said(kind, points, cells)

    @pytest.mark.parametrize("cells", [30, 100, 200, 500])
    @pytest.mark.parametrize("dim", [1, 2, 4])
    def test_ties_in_the_recommended_estimate(self, dim, cells):
        points = sphere(dim, 2000, ambient_dim=dim + 1)
        self.assert_felt_little_or_said(RecommendedDimension, points, cells)

    def assert_felt_little_or_said(self, kind, points, cells):
        step = 2.0 / cells
        before = kind().fit(points).estimate_
        after, refusal = fit_or_refusal(kind(), step * np.rint(points / step))
        if after is None:
            assert "equally far" in refusal or "lattice" in refusal
            return
        shift = abs(after.value - before.value) / max(before.standard_error, 1e-3)
        assert shift < 1.0 or "coarse_resolution" in codes(after)


class TestTinySamples:
    @own
    @pytest.mark.parametrize("n_points", range(5, 13))
    @pytest.mark.parametrize("ambient_dim", [1, 2, 7])
    def test_an_answer_or_a_refusal(self, kind, n_points, ambient_dim):
        points = np.random.default_rng(n_points).standard_normal((n_points, ambient_dim))
        estimate, refusal = fit_or_refusal(kind(), points)
        if estimate is None:
            assert "\n" not in refusal
            return
        assert np.isfinite(estimate.value)
        assert estimate.value > 0.0

    @own
    def test_four_points_are_too_few(self, kind):
        with pytest.raises(InputError, match="minimum of 5"):
            kind().fit(np.random.default_rng(0).standard_normal((4, 2)))

    @own
    def test_four_distinct_points_are_too_few(self, kind):
        points = np.random.default_rng(0).standard_normal((4, 2))
        with pytest.raises(InputError, match="hold only 4 distinct rows, 5 are needed"):
            kind().fit(np.repeat(points, 10, axis=0))


BAD = {
    "NaN": (np.where(np.eye(9, 3) > 0.0, np.nan, 1.0), "NaN"),
    "infinite": (np.where(np.eye(9, 3) > 0.0, np.inf, 1.0), "infinity"),
    "constant": (np.ones((30, 3)), "hold only 1 distinct rows"),
    "one point": (np.ones((1, 3)), "minimum of 5"),
    "one axis": (np.arange(30.0), "Expected 2D array"),
    "three axes": (np.ones((30, 2, 2)), "dim 3"),
    "no columns": (np.ones((30, 0)), "0 feature"),
    "complex": (np.ones((30, 3)) * 1j, "Complex data not supported"),
    "object": (np.full((30, 3), object()), "float"),
    "text": (np.full((30, 3), "far"), "far"),
}


class TestRefusals:
    @own
    @pytest.mark.parametrize("case", BAD)
    def test_bad_points(self, kind, case):
        points, words = BAD[case]
        with pytest.raises(InputError, match=words) as refusal:
            kind().fit(points)
        assert "\n" not in str(refusal.value)

    def test_points_closer_than_floats_resolve(self):
        points = np.random.default_rng(0).standard_normal((20, 2))
        points[0], points[1] = [1e-170, 0.0], [0.0, 1e-170]
        with pytest.raises(InputError, match="differ by less than their floating-point numbers"):
            TwoNN().fit(points)


class TestCatalogue:
    @pytest.mark.parametrize("name", ESTIMATOR_NAMES)
    def test_every_name_makes_its_estimator(self, name):
        found, estimator = make_estimator(name.upper())
        assert found == name
        assert estimator.n_neighbours_needed >= 0

    def test_aliases_and_spelling(self):
        expected = {"TwoNN": TwoNN, "MLE": MaximumLikelihood, "lPCA": LocalPCA, " gride ": Gride}
        for name, kind in expected.items():
            assert type(make_estimator(name)[1]) is kind
        assert type(make_estimator("two-nn")[1]) is TwoNN
        assert type(make_estimator("skdim.danco")[1]) is SkdimEstimator
        assert type(make_estimator("DANCo")[1]) is SkdimEstimator
        assert type(make_estimator("Takens")[1]) is CorrelationDimension

    def test_standard_set_is_known(self):
        assert set(STANDARD_SET) <= set(ESTIMATOR_NAMES)

    def test_unknown_name(self):
        with pytest.raises(InputError, match="estimator = 'magic' is unknown; choose from"):
            make_estimator("magic")


class TestSample:
    def test_fewer_neighbours_than_wanted(self):
        assert Sample.from_points(sphere(n_points=10), 50).neighbours.n_neighbours == 9

    def test_distances_hold_no_coordinates(self):
        points = sphere(n_points=12)
        sample = Sample.from_distances(cdist(points, points), 5)
        assert sample.n_points == 12
        with pytest.raises(InputError, match="local PCA needs coordinates"):
            sample.require_points("local PCA")

    def test_progress(self):
        heard = []
        Sample.from_points(sphere(), 5, progress=heard.append)
        assert heard[-1] == 1.0
