"""scikit-dimension behind our protocol: same numbers on clean data, its known defects settled."""

import math
import subprocess
import sys
import warnings

import numpy as np
import pytest
from sklearn.base import clone

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension.skdim_estimators import SKDIM_NAMES, SkdimEstimator
from jscgc_theory.intrinsic_dimension.skdim_recipes import RECIPES

# ESS takes 70 ms for a neighbourhood of 100 points, 2 ms for one of 20.
FAST = {"ESS": {"n_neighbors": 20}, "PH": {"nsteps": 5, "subsamples": 2}}


def estimator(name, **settings):
    return SkdimEstimator(name, **{**FAST.get(name, {}), **settings})


def subspace(n_points=300, dim=3, ambient_dim=6, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n_points, dim)) @ rng.standard_normal((dim, ambient_dim))


def codes(fitted):
    return [notice.code for notice in fitted.estimate_.notices]


def plain_skdim(name, **settings):
    with warnings.catch_warnings():
        import skdim.id

        return getattr(skdim.id, name)(**settings)


@pytest.mark.parametrize("name", SKDIM_NAMES)
def test_three_dimensional_subspace(name):
    fitted = estimator(name).fit(subspace())
    assert fitted.dimension_ == pytest.approx(3.0, abs=1.0 if name == "KNN" else 0.7)
    assert fitted.estimate_.value == fitted.dimension_
    assert fitted.estimate_.interval is None
    assert fitted.estimate_.method == f"scikit-dimension {name}"
    assert fitted.estimate_.n_points_used == 300
    assert "no_interval" in codes(fitted)
    assert fitted.estimate_ == type(fitted.estimate_).from_json(fitted.estimate_.to_json())


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("lPCA", {}),
        ("lPCA", {"ver": "participation_ratio"}),
        ("TwoNN", {}),
        ("MLE", {}),
        ("CorrInt", {}),
        ("MiND_ML", {"D": 6}),
        ("FisherS", {}),
        ("MOM", {}),
        ("MADA", {}),
        ("TLE", {}),
        ("GRIDE", {}),
        ("DANCo", {"ver": "DANCoFit", "D": 6}),
    ],
)
def test_clean_data_gets_the_number_of_the_library(name, settings):
    points = subspace()
    points -= points.mean(axis=0)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = np.ravel(plain_skdim(name, **settings).fit(points).dimension_)[0]
    assert estimator(name, **settings).fit(points).dimension_ == pytest.approx(theirs, rel=2e-3)


@pytest.mark.parametrize("name", SKDIM_NAMES)
def test_offset_scale_and_duplicates_change_nothing(name):
    points = subspace()
    plain = estimator(name).fit(points).dimension_
    moved = estimator(name).fit(np.vstack((points, points[:15])) * 2.0**-20)
    assert moved.dimension_ == pytest.approx(plain, rel=1e-6)
    assert "duplicates_dropped" in codes(moved)
    # At an offset of 1e6 a coordinate of size 1 keeps ten digits.
    offset = estimator(name).fit(points + 2.0**20)
    assert offset.dimension_ == pytest.approx(plain, rel=1e-3)


@pytest.mark.parametrize("name", SKDIM_NAMES)
def test_answers_depend_on_random_state_alone(name):
    # That numpy's global state is untouched is watched around every test by conftest.
    points = subspace(200)
    first = estimator(name, random_state=3).fit(points).dimension_
    assert estimator(name, random_state=3).fit(points).dimension_ == first


def test_knn_no_longer_wavers_between_one_and_four():
    points = subspace(1000, dim=5, ambient_dim=10)
    answers = [SkdimEstimator("KNN", random_state=s).fit(points).dimension_ for s in range(6)]
    assert max(answers) - min(answers) <= 1
    assert all(4 <= answer <= 6 for answer in answers)


def test_mind_ml_may_answer_above_ten_and_says_when_it_hits_its_cap():
    points = np.random.default_rng(0).standard_normal((1000, 20))
    fitted = SkdimEstimator("MiND_ML").fit(points)
    assert fitted.dimension_ > 12.0
    assert "cap_reached" not in codes(fitted)
    capped = SkdimEstimator("MiND_ML", D=10).fit(points)
    assert capped.dimension_ == pytest.approx(10.0)
    assert "cap_reached" in codes(capped)


def test_lpca_ratio_keeps_95_percent_of_the_variance():
    points = np.random.default_rng(0).standard_normal((500, 5))
    assert SkdimEstimator("lPCA", ver="ratio").fit(points).dimension_ == 5
    assert SkdimEstimator("lPCA", ver="ratio", alphaRatio=0.05).fit(points).dimension_ == 1
    stick = SkdimEstimator("lPCA", ver="broken_stick").fit(points)
    assert "degenerate_answer" in codes(stick)
    assert "caveat" in codes(stick)


def test_fisher_separability_without_answer_is_nan_with_a_notice():
    points = np.random.default_rng(0).standard_normal((300, 70))
    fitted = SkdimEstimator("FisherS").fit(points)
    assert math.isnan(fitted.dimension_)
    assert "no_answer" in codes(fitted)
    assert any("fully separable" in notice.message for notice in fitted.estimate_.notices)


def test_answer_above_the_ambient_dimension_is_flagged():
    lattice = np.stack(np.meshgrid(*[np.arange(7.0)] * 3), -1).reshape(-1, 3)
    assert "above_ambient_dim" in codes(estimator("PH").fit(lattice))


def test_large_clouds_are_subsampled_where_memory_would_grow_with_their_square():
    points = np.random.default_rng(0).standard_normal((1200, 3))
    fitted = estimator("PH").fit(points)
    assert fitted.estimate_.n_points_used == RECIPES["PH"].max_points == 1000
    assert "subsampled" in codes(fitted)
    assert fitted.dimension_ == pytest.approx(3.0, rel=0.3)


def test_float32_and_few_points_are_served():
    points = subspace(12, dim=2, ambient_dim=3).astype(np.float32)
    for name in SKDIM_NAMES:
        assert estimator(name).fit(points).estimate_.n_points_used == 12


def test_median_over_neighbourhoods():
    points = subspace(150)
    mean = estimator("ESS").fit(points).dimension_
    median = estimator("ESS", comb="median").fit(points).dimension_
    assert mean != median
    assert median == pytest.approx(mean, rel=0.2)


def test_importing_the_library_leaves_warnings_on():
    # scikit-dimension 0.5 switches all warnings off on import; a fresh interpreter shows it.
    script = (
        "import numpy as np, warnings\n"
        "from jscgc_theory.intrinsic_dimension.skdim_estimators import SkdimEstimator\n"
        "before = list(warnings.filters)\n"
        "SkdimEstimator('MLE').fit(np.random.default_rng(0).random((40, 2)))\n"
        "print(warnings.filters == before)\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_scikit_learn_conventions():
    original = SkdimEstimator("MLE", random_state=2, n_neighbors=15, comb="median")
    params = {"name": "MLE", "random_state": 2, "n_neighbors": 15, "comb": "median"}
    assert original.get_params() == params
    copy = clone(original)
    assert copy is not original
    assert copy.get_params() == params
    points = subspace(100)
    assert copy.fit(points).dimension_ == original.fit(points).dimension_
    assert copy.set_params(n_neighbors=30).n_neighbours_needed == 30
    assert copy.set_params(name="TwoNN").name == "TwoNN"
    assert "n_neighbors=15" in repr(original)


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("Magic", {}, "name = 'Magic' is no global estimator"),
        ("MLE", {"neighbours": 3}, "neighbours is no setting of MLE"),
        ("TwoNN", {"n_neighbors": 3}, "n_neighbors is no setting of TwoNN"),
        ("TwoNN", {"discard_fraction": 0.0}, "straight-line fit"),
        ("TwoNN", {"dist": True}, "dist is set by the wrapper"),
        ("CorrInt", {"DM": True}, "DM is set by the wrapper"),
        ("MLE", {"dnoise": "dnoiseGaussH"}, "recurses without end"),
        ("MLE", {"comb": "mode"}, "failed on these points"),
        ("MOM", {"n_neighbors": 1}, "n_neighbors = 1 is too small"),
        ("lPCA", {"ver": "best"}, "failed on these points .ver must be one of"),
        ("GRIDE", {"n1": 0}, "failed on these points"),
    ],
)
def test_bad_settings_are_refused_in_one_line(name, settings, message):
    with pytest.raises(InputError, match=message) as caught:
        SkdimEstimator(name, **settings).fit(subspace(40))
    assert "\n" not in str(caught.value)


def test_one_column_is_refused():
    with pytest.raises(InputError, match="1 coordinate"):
        SkdimEstimator("MLE").fit(np.random.default_rng(0).random((30, 1)))
