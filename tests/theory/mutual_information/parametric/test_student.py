import numpy as np
import pytest
from scipy import stats

from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric import GaussianMI, StudentCopulaMI, StudentMI
from jscgc_theory.mutual_information.parametric.student_fit import (
    fit_student,
    log_radial_density,
)
from jscgc_theory.mutual_information.parametric.student_model import radius_information_nats
from jscgc_theory.units import nats_to_bits
from tests.statistics import assert_coverage, assert_follows_law, assert_within_standard_errors
from tests.theory.mutual_information.parametric import pairs

PUBLISHED_NATS = {
    (1, 1): 0.2242, (2, 1): 0.432, (2, 2): 0.193, (3, 2): 0.291, (3, 3): 0.179,
    (5, 2): 0.448, (5, 3): 0.299,
}  # fmt: skip


@pytest.mark.parametrize(("dim", "dof"), PUBLISHED_NATS)
def test_the_radius_tells_what_the_benchmark_publishes(dim, dof):
    found = radius_information_nats(dof, dim, dim)
    assert found == pytest.approx(PUBLISHED_NATS[dim, dof], abs=6e-4)


def test_the_closed_form_is_the_mean_log_ratio_of_the_densities():
    rng = np.random.default_rng(0)
    x, y, _ = pairs.student_pairs(200_000, 2, 3.0, rng, x_dim=1)
    joint = stats.multivariate_t(np.zeros(3), np.eye(3), df=3).logpdf(np.hstack([x, y]))
    left = stats.t(df=3).logpdf(x[:, 0])
    ratio = joint - left - stats.multivariate_t(np.zeros(2), np.eye(2), df=3).logpdf(y)
    measured = float(ratio.mean()), float(ratio.std() / np.sqrt(len(ratio)))
    assert_within_standard_errors(measured, radius_information_nats(3.0, 1, 2))


def test_the_radius_tells_nothing_in_the_gaussian_limit():
    assert radius_information_nats(1e8, 3, 4) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("dim", "dof"), [(1, 1.0), (3, 2.0), (5, 3.0), (2, 30.0)])
def test_the_student_answer_lies_within_its_error(dim, dof):
    rng = np.random.default_rng(dim)
    x, y, truth = pairs.student_pairs(4000, dim, dof, rng)
    found = StudentMI().fit(x @ pairs.rotation(dim, rng), 3.0 * y + 1.0).estimate_
    assert_within_standard_errors(found, nats_to_bits(truth))
    assert found.notices == ()


def test_correlation_and_radius_both_count():
    rng = np.random.default_rng(4)
    g, h, linear = pairs.gaussian_pairs(5000, [0.8, 0.3], rng)
    shrink = np.sqrt(rng.chisquare(2.5, 5000) / 2.5)[:, None]
    found = StudentMI().fit(g / shrink, h / shrink).estimate_
    truth = linear + radius_information_nats(2.5, 2, 2)
    assert_within_standard_errors(found, nats_to_bits(truth))


def test_on_gaussian_pairs_it_agrees_with_the_gaussian_answer():
    x, y, _ = pairs.gaussian_pairs(3000, [0.7, 0.2], np.random.default_rng(5))
    student, gaussian = StudentMI().fit(x, y).estimate_, GaussianMI().fit(x, y).estimate_
    assert student.value == pytest.approx(gaussian.value, abs=0.5 * gaussian.standard_error)


@pytest.mark.parametrize("wrong", ["half cube", "uniform noise"])
def test_another_law_is_noticed(wrong):
    rng = np.random.default_rng(6)
    if wrong == "half cube":
        x, y, _ = pairs.gaussian_pairs(4000, np.full(5, 0.75), rng)
        x, y = pairs.half_cube(x), pairs.half_cube(y)
    else:
        x, y, _ = pairs.uniform_noise_pairs(4000, 0.25, rng)
    found = StudentMI().fit(x, y).estimate_
    assert [notice.code for notice in found.notices] == ["not_student"]


def test_the_log_ratio_is_that_of_the_fitted_densities():
    x, y, _ = pairs.student_pairs(300, 2, 4.0, np.random.default_rng(7), x_dim=1)
    sample = PairedSample.from_arrays(x, y)
    model = StudentMI().fit_model(sample)
    z = np.hstack([x, y])
    _, weights = fit_student(z, model.dof)
    centre = np.average(z, axis=0, weights=weights)
    scatter = np.cov(z, rowvar=False, aweights=weights, ddof=0)
    joint = stats.multivariate_t(centre, scatter, df=model.dof).logpdf(z)
    left = stats.multivariate_t(centre[:1], scatter[:1, :1], df=model.dof).logpdf(x)
    right = stats.multivariate_t(centre[1:], scatter[1:, 1:], df=model.dof).logpdf(y)
    # The model scales its scatter by n/(n - 1), as a sample covariance; both are near.
    ratio = joint - left - right
    np.testing.assert_allclose(model.log_ratio_nats(sample), ratio, atol=0.02)
    table = model.all_pairs_log_ratio_nats(sample)
    np.testing.assert_allclose(np.diagonal(table), model.log_ratio_nats(sample), atol=1e-9)
    crossed = PairedSample(x[[3]], y[[8]])
    assert table[3, 8] == pytest.approx(model.log_ratio_nats(crossed)[0], abs=1e-9)


def test_no_neighbouring_law_is_likelier():
    rng = np.random.default_rng(8)
    cloud = np.hstack(pairs.student_pairs(500, 2, 3.0, rng)[:2])

    def height(dof, stretch, shift):
        _, weights = fit_student(cloud)
        centre = np.average(cloud, axis=0, weights=weights) + shift
        scatter = stretch @ np.cov(cloud, rowvar=False, aweights=weights, ddof=0) @ stretch.T
        centred = cloud - centre
        radii = np.einsum("ni,ij,nj->n", centred, np.linalg.inv(scatter), centred)
        return log_radial_density(radii, 4, dof).mean() - 0.5 * np.linalg.slogdet(scatter)[1]

    dof, weights = fit_student(cloud)
    assert weights.mean() == pytest.approx(1.0)
    # The scatter up to scale: the weights of mean 1 leave its size to the likelihood.
    scales = np.linspace(0.5, 1.5, 2001)
    best_scale = scales[np.argmax([height(dof, s * np.eye(4), 0.0) for s in scales[::50]]) * 50]
    best = height(dof, best_scale * np.eye(4), 0.0)
    for _ in range(20):
        stretch = best_scale * (np.eye(4) + 0.1 * rng.standard_normal((4, 4)))
        assert height(dof * np.exp(0.2 * rng.standard_normal()), stretch, 0.0) < best
        assert height(dof, best_scale * np.eye(4), 0.2 * rng.standard_normal(4)) < best


def test_residuals_of_the_right_law_are_standard_normal():
    rng = np.random.default_rng(9)
    x, y, _ = pairs.student_pairs(3000, 2, 2.0, rng)
    residuals = StudentMI().fit_model(PairedSample(x, y)).residuals(PairedSample(x, y))
    for cloud in (residuals.x, residuals.y, residuals.x_given_y, residuals.y_given_x):
        assert_follows_law(cloud[:, 0], stats.norm.cdf)


def test_a_student_copula_sees_through_monotone_maps():
    rng = np.random.default_rng(10)
    x, y, truth = pairs.student_pairs(800, 2, 2.0, rng)
    found = StudentCopulaMI().fit(np.arcsinh(x), y).estimate_
    plain = StudentCopulaMI().fit(x, y**3).estimate_
    assert found.value == pytest.approx(plain.value, abs=1e-9)
    assert_within_standard_errors(found, nats_to_bits(truth))
    assert found.notices == ()


def test_a_copula_that_is_not_student_is_noticed():
    x, y, _ = pairs.uniform_noise_pairs(1500, 0.25, np.random.default_rng(11))
    found = StudentCopulaMI().fit(x, y).estimate_
    assert [notice.code for notice in found.notices] == ["not_student_copula"]


def test_the_copula_model_evaluates_cross_pairs():
    x, y, _ = pairs.student_pairs(100, 2, 2.0, np.random.default_rng(12))
    sample = PairedSample(x, y)
    model = StudentCopulaMI().fit_model(sample)
    table = model.all_pairs_log_ratio_nats(sample)
    np.testing.assert_allclose(np.diagonal(table), model.log_ratio_nats(sample), atol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("dim", "dof"), [(1, 1), (3, 3), (5, 2), (5, 8)])
def test_the_interval_covers(dim, dof):
    hits = 0
    for seed in range(100):
        x, y, truth = pairs.student_pairs(1000, dim, dof, np.random.default_rng(seed))
        hits += StudentMI().fit(x, y).estimate_.covers(nats_to_bits(truth))
    assert_coverage(hits, 100, high=1.0)


def test_residuals_stay_finite_far_outside_the_law():
    x, y, _ = pairs.student_pairs(500, 3, 5.0, np.random.default_rng(6))
    model = StudentMI().fit_model(PairedSample.from_arrays(x, y))
    found = model.residuals(PairedSample.from_arrays(1e150 * x, y))
    for part in (found.x, found.y, found.x_given_y, found.y_given_x):
        assert np.isfinite(part).all()
