import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric import GaussianCopulaMI
from jscgc_theory.mutual_information.parametric.normal_scores import RankTransform
from jscgc_theory.units import nats_to_bits
from tests.statistics import assert_coverage, assert_within_standard_errors
from tests.theory.mutual_information.parametric import pairs

MAPS = {
    "asinh": np.arcsinh,
    "cube": lambda z: z**3,
    "half cube": pairs.half_cube,
    "law": special.ndtr,
    "exp": np.exp,
}


@pytest.mark.parametrize("name", MAPS)
def test_it_sees_through_monotone_maps(name):
    rng = np.random.default_rng(1)
    x, y, truth = pairs.gaussian_pairs(4000, [0.9, 0.5, 0.2], rng)
    found = GaussianCopulaMI().fit(MAPS[name](x), y).estimate_
    assert_within_standard_errors(found, nats_to_bits(truth))
    assert found.notices == ()


@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(MAPS)))
def test_monotone_maps_change_nothing(seed, name):
    x, y, _ = pairs.gaussian_pairs(60, [0.5, 0.1], np.random.default_rng(seed))
    before = GaussianCopulaMI().fit(x, y).mi_bits_
    assert GaussianCopulaMI().fit(MAPS[name](x), -y).mi_bits_ == pytest.approx(before, abs=1e-9)


def test_another_copula_is_noticed():
    x, y, _ = pairs.student_pairs(4000, 2, 2.0, np.random.default_rng(2))
    found = GaussianCopulaMI().fit(x, y).estimate_
    assert [notice.code for notice in found.notices] == ["not_gaussian_copula"]


def test_what_ranks_cannot_resolve_is_put_back_and_said():
    rng = np.random.default_rng(3)
    x = rng.standard_normal((1000, 1))
    close = GaussianCopulaMI().fit(x, x + 0.05 * rng.standard_normal((1000, 1))).estimate_
    assert_within_standard_errors(close, 0.5 * np.log2(1 + 1 / 0.05**2), k=3)
    assert close.details["rank_blur_bits"] > close.standard_error / 2
    closer = GaussianCopulaMI().fit(x, x + 1e-4 * rng.standard_normal((1000, 1))).estimate_
    assert "rank_resolution" in [notice.code for notice in closer.notices]


def test_equal_ranks_are_refused():
    x = np.random.default_rng(0).standard_normal((100, 1))
    with pytest.raises(InputError, match="I is infinite"):
        GaussianCopulaMI().fit(x, np.exp(x))


def test_ties_share_their_mean_rank():
    cloud = np.array([[3.0], [1.0], [1.0], [2.0]])
    levels = RankTransform.of(cloud).levels(cloud)
    np.testing.assert_allclose(levels[:, 0], [0.875, 0.25, 0.25, 0.625])


def test_new_points_keep_their_order_between_the_learnt_ones():
    cloud = np.sort(np.random.default_rng(0).standard_normal((50, 2)), axis=0)
    transform = RankTransform.of(cloud)
    between = transform.levels(0.5 * (cloud[1:] + cloud[:-1]))
    own = transform.levels(cloud)
    assert (own[:-1] < between).all()
    assert (between < own[1:]).all()
    beyond = transform.levels(np.array([[-99.0, 99.0]]))
    assert 0.0 < beyond[0, 0] < own[0, 0]
    assert own[-1, 1] < beyond[0, 1] < 1.0


def test_cross_pairs_have_the_ratio_of_their_scores():
    x, y, _ = pairs.gaussian_pairs(100, [0.5], np.random.default_rng(4), 2, 1)
    sample = PairedSample(np.exp(x), y)
    model = GaussianCopulaMI().fit_model(sample)
    table = model.all_pairs_log_ratio_nats(sample)
    np.testing.assert_allclose(np.diagonal(table), model.log_ratio_nats(sample), atol=1e-10)


@pytest.mark.slow
@pytest.mark.parametrize("dim", [1, 5])
@pytest.mark.parametrize("noise", [0.8, 0.1])
def test_the_interval_covers_and_the_notice_stays_silent(dim, noise):
    hits = fired = 0
    rho = np.full(dim, np.sqrt(1 - noise**2))
    for seed in range(100):
        x, y, truth = pairs.gaussian_pairs(2000, rho, np.random.default_rng(seed))
        found = GaussianCopulaMI().fit(x**3, y).estimate_
        hits += found.covers(nats_to_bits(truth))
        fired += any(notice.code == "not_gaussian_copula" for notice in found.notices)
    assert_coverage(hits, 100, high=1.0)
    assert fired <= 4
