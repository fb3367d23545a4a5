import numpy as np
import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.estimator import bits_estimate
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric import (
    GaussianCopulaMI,
    GaussianMI,
    StudentMI,
    cross_check,
    cross_fitted_lower_bound,
    held_out_lower_bound,
)
from jscgc_theory.mutual_information.parametric.held_out_bound import folds
from jscgc_theory.units import nats_to_bits
from tests.statistics import assert_coverage, assert_within_standard_errors
from tests.theory.mutual_information.parametric import pairs


def sampled(x, y, truth):
    return PairedSample(x, y), nats_to_bits(truth)


def cross_fitted(estimator, sample, seed=0):
    return cross_fitted_lower_bound(estimator, sample, np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("estimator", "case"),
    [
        (GaussianMI(), lambda rng: pairs.gaussian_pairs(3000, [0.9, 0.4], rng)),
        (StudentMI(), lambda rng: pairs.student_pairs(3000, 2, 2.0, rng)),
        (GaussianCopulaMI(), lambda rng: pairs.bimodal_pairs(3000, 0.75, rng)),
    ],
)
def test_the_right_model_reaches_the_truth(estimator, case):
    sample, truth = sampled(*case(np.random.default_rng(0)))
    found = cross_fitted(estimator, sample)
    assert found.details["side"] == "lower_bound"
    assert found.interval is None
    assert_within_standard_errors(found, truth)


def test_a_wrong_model_stays_below_the_truth():
    sample, truth = sampled(*pairs.uniform_noise_pairs(3000, 0.1, np.random.default_rng(1)))
    found = cross_fitted(GaussianMI(), sample)
    assert found.value < truth - 3 * found.standard_error


def test_it_is_the_donsker_varadhan_expression():
    table = 0.3 * np.random.default_rng(2).standard_normal((25, 25))
    found = held_out_lower_bound([table])
    joint = np.mean([table[i, i] for i in range(25)])
    products = [np.exp(table[i, j]) for i in range(25) for j in range(25) if i != j]
    plain = joint - np.log(np.mean(products))
    # The rest is the correction of the logarithm's bias: half the relative variance of the mean.
    correction = found.value - nats_to_bits(plain)
    assert 0.0 > correction > -(found.standard_error**2)


def test_independent_pairs_have_nothing_to_certify():
    rng = np.random.default_rng(3)
    sample = PairedSample(rng.standard_normal((2000, 5)), rng.standard_normal((2000, 5)))
    found = cross_fitted(GaussianMI(), sample)
    assert found.value < 3 * found.standard_error


@pytest.mark.parametrize("scale", [1.0, 30.0])
def test_a_bound_at_its_ceiling_says_so(scale):
    sample, truth = sampled(
        *pairs.gaussian_pairs(2000, np.full(20, 0.97), np.random.default_rng(4))
    )
    model = GaussianMI().fit_model(sample)
    found = held_out_lower_bound(
        [scale * model.all_pairs_log_ratio_nats(sample.take(np.arange(400)))]
    )
    assert found.value <= found.details["ceiling_bits"] + 1e-9 < truth
    assert found.details["ceiling_bits"] == pytest.approx(np.log2(400 * 399 * 0.01) + 1)
    assert [notice.code for notice in found.notices] == ["bound_saturated"]


def test_every_pair_is_held_out_once():
    x = np.arange(53.0)[:, None]
    dealt = folds(PairedSample(x, x), np.random.default_rng(0), 4)
    assert sorted(np.concatenate([held.x[:, 0] for _, held in dealt])) == list(range(53))
    for fitted, held in dealt:
        assert not set(fitted.x[:, 0]) & set(held.x[:, 0])
        assert fitted.n_pairs + held.n_pairs == 53


def answer(value, error=0.01, side="estimate", **details):
    return bits_estimate(value, standard_error=error, method="", n_points_used=100, side=side,
                         **details)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "bound", "says"),
    [(1.0, 1.02, None), (1.0, 1.2, "below"), (1.0, 0.8, "above"), (1.0, 0.93, None)],
)
def test_the_cross_check_compares_beyond_errors(value, bound, says):
    notices = cross_check(answer(value), answer(bound, side="lower_bound"))
    assert [notice.code for notice in notices] == (["held_out_disagrees"] if says else [])
    assert says is None or f"lies {says}" in notices[0].message


def test_the_cross_check_allows_for_overfitting_and_for_saturation():
    assert cross_check(answer(1.0, bias_removed_bits=0.2), answer(0.7, side="lower_bound")) == ()
    sample, _ = sampled(*pairs.gaussian_pairs(1000, np.full(20, 0.97), np.random.default_rng(5)))
    bound = cross_fitted(GaussianMI(), sample)
    assert cross_check(GaussianMI().fit(sample.x, sample.y).estimate_, bound) == ()


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ([], "no fold of held-out pairs"),
        ([np.zeros((30, 20))], r"shape \(30, 20\)"),
        ([np.zeros((5, 5))], "at least 20 held-out pairs"),
        ([np.full((30, 30), np.nan)], "not finite"),
    ],
)
def test_unusable_tables_are_refused(tables, message):
    with pytest.raises(InputError, match=message):
        held_out_lower_bound(tables)


@pytest.mark.slow
def test_the_bound_holds_and_its_error_covers():
    hits = 0
    for seed in range(100):
        sample, truth = sampled(*pairs.gaussian_pairs(1000, [0.8], np.random.default_rng(seed)))
        found = cross_fitted(GaussianMI(), sample, seed)
        hits += found.value - 1.645 * found.standard_error <= truth
    assert_coverage(hits, 100, high=1.0)
