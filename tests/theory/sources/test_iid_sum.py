"""Lattice sums against sums whose law is known."""

import math

import numpy as np
import pytest
from scipy import special, stats

from jscgc_theory.sources.chord_law import chord_law, uniform_chord_law
from jscgc_theory.sources.iid_sum import PositiveLaw, lattice_sum, log_probability_sum_below
from jscgc_theory.sources.quadrature import DensityLaw

CHI_SQUARE = PositiveLaw(stats.chi2(1).cdf, stats.chi2(3).cdf)


@pytest.mark.parametrize("n_terms", [2, 3, 5, 16, 100])
@pytest.mark.parametrize("quantile", [1e-150, 1e-12, 0.01, 0.5, 0.99])
def test_squared_normals_add_up_to_chi_square(n_terms, quantile):
    # E[Z^2; Z^2 <= v] is the chi-square law with 3 degrees of freedom.
    limit = float(stats.chi2(n_terms).ppf(quantile))
    value = log_probability_sum_below(CHI_SQUARE, n_terms, limit)
    assert value == pytest.approx(math.log(quantile), abs=3e-5 + 4e-10 * n_terms**3)


@pytest.mark.parametrize("n_terms", [2, 3, 8])
def test_exponentials_add_up_to_gamma(n_terms):
    law = PositiveLaw(special.expit, special.expit)._replace(
        cumulative=lambda v: -np.expm1(-v), partial_mean=lambda v: special.gammainc(2.0, v)
    )
    for quantile in (1e-40, 0.3, 0.999):
        limit = float(special.gammaincinv(n_terms, quantile))
        value = log_probability_sum_below(law, n_terms, limit)
        assert value == pytest.approx(math.log(quantile), abs=1e-5)


def test_lattice_sum_keeps_mean_and_adds_variance():
    values, masses = np.array([-1.0, 0.3, 2.0]), np.array([0.2, 0.5, 0.3])
    points, law = lattice_sum(values, masses, 7)
    mean, variance = masses @ values, masses @ values**2 - (masses @ values) ** 2
    assert law.sum() == pytest.approx(1.0)
    assert law @ points == pytest.approx(7.0 * mean, abs=1e-10)
    assert law @ points**2 - (law @ points) ** 2 == pytest.approx(7.0 * variance, abs=1e-6)
    # The least sum takes the least value seven times.
    assert points[0] == pytest.approx(-7.0)
    assert law[0] == pytest.approx(0.2**7, rel=1e-6)


def test_chord_of_a_uniform_angle_is_the_arcsine_law():
    uniform, edges = uniform_chord_law(), np.linspace(0.0, math.pi, 9)
    splined = chord_law(DensityLaw(lambda angle: np.full_like(angle, 1.0 / math.pi), edges))
    squared = np.array([1e-12, 1e-4, 0.5, 2.0, 3.9, 4.0])
    arcsine = stats.arcsine(scale=4.0)
    np.testing.assert_allclose(uniform.cumulative(squared), arcsine.cdf(squared), rtol=1e-9)
    np.testing.assert_allclose(splined.cumulative(squared), arcsine.cdf(squared), rtol=1e-9)
    means = [arcsine.expect(lambda v: v, lb=0.0, ub=limit) for limit in squared[1:]]
    np.testing.assert_allclose(uniform.partial_mean(squared[1:]), means, rtol=1e-6)
    np.testing.assert_allclose(splined.partial_mean(squared[1:]), means, rtol=1e-6)
    np.testing.assert_allclose(uniform.partial_mean(squared[:1]), 1e-18 / (3.0 * math.pi))
