import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric import GaussianMI
from jscgc_theory.mutual_information.parametric.gaussian_model import GaussianModel
from jscgc_theory.mutual_information.parametric.wishart import (
    information_bias_nats,
    null_variance,
)
from jscgc_theory.units import nats_to_bits
from tests.statistics import assert_coverage, assert_within_standard_errors, sample_mean_and_error
from tests.theory.mutual_information.parametric import pairs


def fitted(x, y):
    return GaussianMI().fit(x, y).estimate_


def codes(estimate):
    return [notice.code for notice in estimate.notices]


@pytest.mark.parametrize(("x_dim", "y_dim"), [(1, 1), (1, 3), (5, 5), (30, 10)])
def test_the_gaussian_answer_lies_within_its_error(x_dim, y_dim):
    rng = np.random.default_rng(x_dim)
    x, y, truth = pairs.gaussian_pairs(4000, [0.9, 0.4][:x_dim], rng, x_dim, y_dim)
    found = fitted(*pairs.mixed(x, y, rng))
    assert_within_standard_errors(found, nats_to_bits(truth))
    assert codes(found) == []


def test_the_value_is_the_log_determinant_of_the_sample_covariances():
    x, y, _ = pairs.gaussian_pairs(60, [0.7, 0.2], np.random.default_rng(0), 2, 3)
    whole = np.cov(np.hstack([x, y]), rowvar=False)
    parts = [whole[:2, :2], whole[2:, 2:], whole]
    logs = [np.linalg.slogdet(part)[1] for part in parts]
    plug_in = 0.5 * (logs[0] + logs[1] - logs[2])
    bias = information_bias_nats(2, 3, 59)
    assert fitted(x, y).value == pytest.approx(nats_to_bits(plug_in - bias), rel=1e-10)


def test_hundreds_of_bits_in_hundreds_of_dimensions():
    rng = np.random.default_rng(3)
    x, y, truth = pairs.gaussian_pairs(2000, np.full(128, np.sqrt(0.75)), rng)
    found = fitted(x, y)
    assert truth == pytest.approx(128 * np.log(2))
    assert_within_standard_errors(found, 128.0)
    assert found.details["bias_removed_bits"] > 10 * found.standard_error


@pytest.mark.parametrize(("x_dim", "y_dim", "dof"), [(1, 1, 10), (2, 5, 20), (30, 20, 60)])
def test_the_bias_and_the_null_variance_against_drawn_wishart_matrices(x_dim, y_dim, dof):
    rng = np.random.default_rng(dof)
    dim = x_dim + y_dim
    draws = stats.wishart(df=dof, scale=np.eye(dim)).rvs(4000, random_state=rng)
    logs = [np.linalg.slogdet(part)[1] for part in
            (draws[:, :x_dim, :x_dim], draws[:, x_dim:, x_dim:], draws)]  # fmt: skip
    values = 0.5 * (logs[0] + logs[1] - logs[2])
    bias = information_bias_nats(x_dim, y_dim, dof)
    assert_within_standard_errors(sample_mean_and_error(values), bias)
    spread = sample_mean_and_error(np.square(values - values.mean()))
    assert_within_standard_errors(spread, null_variance(x_dim, y_dim, dof))


def test_the_log_ratio_is_that_of_the_fitted_densities():
    x, y, _ = pairs.gaussian_pairs(200, [0.8, 0.3], np.random.default_rng(5), 2, 3)
    sample = PairedSample.from_arrays(x, y)
    model = GaussianModel.of(sample)
    z = np.hstack([x, y])
    mean, covariance = z.mean(axis=0), np.cov(z, rowvar=False)
    joint = stats.multivariate_normal(mean, covariance).logpdf(z)
    left = stats.multivariate_normal(mean[:2], covariance[:2, :2]).logpdf(x)
    right = stats.multivariate_normal(mean[2:], covariance[2:, 2:]).logpdf(y)
    ratio = joint - left - right
    np.testing.assert_allclose(model.log_ratio_nats(sample), ratio, atol=1e-10)
    table = model.all_pairs_log_ratio_nats(sample)
    np.testing.assert_allclose(np.diagonal(table), ratio, atol=1e-10)
    crossed = PairedSample(x[[3]], y[[8]])
    assert table[3, 8] == pytest.approx(model.log_ratio_nats(crossed)[0], abs=1e-10)


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 4))
def test_invertible_linear_maps_and_an_exchange_change_nothing(seed, x_dim, y_dim):
    rng = np.random.default_rng(seed)
    x, y, _ = pairs.gaussian_pairs(100, [0.6], rng, x_dim, y_dim)
    before = fitted(x, y)
    turn = pairs.rotation(x_dim, rng) * 10.0 ** rng.uniform(-3, 3, x_dim)
    after = fitted(y, 5.0 + x @ turn)
    assert after.value == pytest.approx(before.value, abs=1e-7)
    assert after.standard_error == pytest.approx(before.standard_error, abs=1e-7)


def test_constant_and_repeated_columns_change_nothing():
    x, y, _ = pairs.gaussian_pairs(500, [0.7], np.random.default_rng(1), 2, 2)
    wide = np.hstack([x, np.full((500, 1), 7.3), x @ [[1.0], [2.0]], 1e-6 * x[:, :1]])
    assert fitted(wide, y).value == pytest.approx(fitted(x, y).value, abs=1e-9)
    assert fitted(wide, y).details["ranks"] == [2, 2]


def test_nearly_exact_relations_keep_their_bits():
    rng = np.random.default_rng(2)
    x = rng.standard_normal((2000, 1))
    noise = 1e-9
    found = fitted(x, x + noise * rng.standard_normal((2000, 1)))
    assert_within_standard_errors(found, -np.log2(noise))


def test_an_exact_relation_is_refused():
    x = np.random.default_rng(0).standard_normal((100, 2))
    with pytest.raises(InputError, match="exact linear relation, so I is infinite"):
        fitted(x, x @ [[1.0], [1.0]])


def test_too_few_pairs_are_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match=r"50 pairs in 30 \+ 30 dimensions"):
        fitted(rng.standard_normal((50, 30)), rng.standard_normal((50, 30)))


@pytest.mark.slow
@pytest.mark.parametrize("n", [1000, 10_000])
@pytest.mark.parametrize("dim", [1, 5, 25])
def test_the_interval_covers_and_the_notice_stays_silent(n, dim):
    hits = fired = 0
    for seed in range(100):
        rng = np.random.default_rng([seed, dim, n])
        x, y, truth = pairs.gaussian_pairs(n, np.linspace(0.1, 0.8, dim), rng)
        found = fitted(x, y)
        hits += found.covers(nats_to_bits(truth))
        fired += bool(found.notices)
    assert_coverage(hits, 100, high=1.0)
    assert fired <= 4
