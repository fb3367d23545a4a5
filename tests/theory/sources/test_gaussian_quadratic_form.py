"""Tails of quadratic forms against chi-square laws, elementary sums and simulation."""

import math

import numpy as np
import pytest
from scipy import integrate, special, stats

from jscgc_theory.sources.gaussian_quadratic_form import GaussianQuadraticForm
from tests.statistics import assert_within_standard_errors


@pytest.mark.parametrize("n_terms", [1, 2, 5, 50, 1000])
@pytest.mark.parametrize("probability", [1e-250, 1e-8, 0.01, 0.5, 0.99])
def test_equal_weights_give_chi_square(n_terms, probability):
    form, law = GaussianQuadraticForm(np.full(n_terms, 3.0)), stats.chi2(n_terms)
    low, high = float(law.ppf(probability)), float(law.isf(probability))
    truth = pytest.approx(math.log(probability), rel=1e-9, abs=1e-11)
    if low > 1e-200:
        assert form.log_tail(3.0 * low, upper=False) == truth
        value = form.value_at_log_tail(math.log(probability), upper=False)
        assert value == pytest.approx(3.0 * low, rel=1e-9)
    assert form.log_tail(3.0 * high, upper=True) == truth
    value = form.value_at_log_tail(math.log(probability), upper=True)
    assert value == pytest.approx(3.0 * high, rel=1e-9)


@pytest.mark.parametrize("value", [1e-6, 0.1, 3.0, 40.0])
def test_paired_weights_are_hypoexponential(value):
    # Two equal weights w make an exponential of mean 2 w; two means mix with signed weights.
    form = GaussianQuadraticForm(np.array([1.0, 0.25, 1.0, 0.25]))
    upper = (2.0 * math.exp(-value / 2.0) - 0.5 * math.exp(-2.0 * value)) / 1.5
    assert form.log_tail(value, upper=True) == pytest.approx(math.log(upper), abs=1e-10)
    assert math.exp(form.log_tail(value, upper=False)) == pytest.approx(1.0 - upper, rel=1e-6)


@pytest.mark.parametrize("value", [-3.0, -1e-9, 0.0, 0.4, 5.0])
def test_opposite_weights_of_one_pair_have_a_bessel_density(value):
    # (Z1^2 - Z2^2)/2 is a product of two standard normals, with density K_0(|x|)/pi.
    form = GaussianQuadraticForm(np.array([0.4, -0.4]))

    def tail(tilt):
        def integrand(x):
            return math.exp(-tilt * 0.8 * x) * special.k0(abs(x)) / math.pi

        start = value / 0.8
        below, _ = integrate.quad(integrand, start, 0.0, limit=400) if start < 0.0 else (0.0, 0.0)
        above, _ = integrate.quad(integrand, max(start, 0.0), np.inf, limit=400)
        return below + above

    for tilt in (0.0, 1.0):
        log_tail = form.log_tail(value, upper=True, tilt=tilt)
        assert math.exp(log_tail) == pytest.approx(tail(tilt), rel=1e-6)
    both = math.exp(form.log_tail(value, upper=True)) + math.exp(form.log_tail(value, upper=False))
    assert both == pytest.approx(1.0, abs=1e-10)


def test_unequal_weights_against_simulation():
    weights = np.array([1e-3, 0.1, 0.5, 0.5, 7.0])
    draws = np.random.default_rng(0).standard_normal((100_000, 5)) ** 2 @ weights
    form = GaussianQuadraticForm(weights)
    for share in (1e-3, 0.1, 0.5, 0.99):
        value = float(np.quantile(draws, share))
        error = math.sqrt(share * (1.0 - share) / draws.size)
        exact = math.exp(form.log_tail(value, upper=False))
        assert_within_standard_errors((share, error), exact)


def test_zero_weights_change_nothing():
    form = GaussianQuadraticForm(np.array([0.0, 2.0, 0.0]))
    assert form.mean == 2.0
    assert form.log_tail(1.0, upper=True) == pytest.approx(stats.chi2(1).logsf(0.5))
