"""The von Mises-Fisher law against closed forms, arbitrary precision and scipy's own sampler."""

import math

import mpmath
import numpy as np
import pytest
from scipy import integrate, special, stats

from jscgc_theory.sources.von_mises_fisher import (
    log_angle_density,
    log_scaled_normaliser,
    mean_deficit,
    probability_of_deficit_below,
    sample_von_mises_fisher,
)
from tests.statistics import assert_follows_law, assert_same_law


@pytest.mark.parametrize("dim", [1, 2, 3, 16, 119, 500, 502, 1000])
@pytest.mark.parametrize("kappa", [1e-8, 0.1, 3.0, 25.0, 70.0, 300.0, 1e4])
def test_normaliser_against_arbitrary_precision(dim, kappa):
    with mpmath.workdps(60):
        nu, k = mpmath.mpf(dim - 1) / 2, mpmath.mpf(kappa)
        bessel = mpmath.besseli(nu, k)
        truth = float(mpmath.log(mpmath.gamma(nu + 1) * (2 / k) ** nu * bessel) - k)
    (value,) = log_scaled_normaliser(np.array([kappa]), dim)
    assert value == pytest.approx(truth, rel=3e-13, abs=3e-13)


@pytest.mark.parametrize("dim", [1, 2, 3, 16])
@pytest.mark.parametrize("kappa", [1e7, 1e9, 1e11])
def test_normaliser_of_a_concentrated_law(dim, kappa):
    # Watson's lemma: Gamma(d/2 + 1/2)/sqrt(pi) (2/kappa)^(d/2)/2 (1 - (mu - 1)/(8 kappa)).
    mu = (dim - 1.0) ** 2
    truth = special.gammaln(0.5 * (dim + 1)) + 0.5 * dim * math.log(2.0 / kappa)
    truth += -math.log(2.0) - 0.5 * math.log(math.pi) + math.log1p(-(mu - 1.0) / (8.0 * kappa))
    (value,) = log_scaled_normaliser(np.array([kappa]), dim)
    assert value == pytest.approx(truth, rel=1e-12)


def test_normaliser_on_the_2_sphere_is_elementary():
    kappa = np.array([0.0, 1e-3, 0.5, 2.0, 10.0, 300.0])
    safe = np.where(kappa == 0.0, 1.0, kappa)
    truth = np.where(kappa == 0.0, 0.0, np.log(-np.expm1(-2.0 * safe) / (2.0 * safe)))
    np.testing.assert_allclose(log_scaled_normaliser(kappa, 2), truth, atol=1e-14)


@pytest.mark.parametrize("kappa", [1e-3, 0.7, 5.0, 4e3, 1e9])
def test_mean_cosine_has_its_closed_forms(kappa):
    (circle,) = mean_deficit(np.array([kappa]), 1)
    (sphere,) = mean_deficit(np.array([kappa]), 2)
    with mpmath.workdps(40):
        k = mpmath.mpf(kappa)
        langevin = 1 - mpmath.coth(k) + 1 / k
        if kappa < 1e8:
            ratio = 1 - mpmath.besseli(1, k) / mpmath.besseli(0, k)
            assert circle == pytest.approx(float(ratio), rel=1e-12)
    assert sphere == pytest.approx(float(langevin), rel=1e-12)


@pytest.mark.parametrize("dim", [1, 2, 5, 40])
@pytest.mark.parametrize("kappa", [0.0, 3.0, 200.0])
def test_angle_density_and_distribution_agree(dim, kappa):
    def density(angle):
        return math.exp(log_angle_density(np.array([angle]), np.array([kappa]), dim)[0])

    middle = min(math.pi / 2, math.sqrt(dim / max(kappa, 1.0)))
    total, _ = integrate.quad(density, 0.0, math.pi, points=[middle])
    assert total == pytest.approx(1.0, abs=1e-10)
    below, _ = integrate.quad(density, 0.0, middle)
    (value,) = probability_of_deficit_below(
        np.array([1.0 - math.cos(middle)]), np.array([kappa]), dim
    )
    assert value == pytest.approx(below, abs=1e-10)


@pytest.mark.parametrize("dim", [1, 2, 3, 16])
@pytest.mark.parametrize("kappa", [0.0, 0.5, 20.0, 3e4])
def test_sampler_follows_the_exact_cosine_law(dim, kappa):
    rng = np.random.default_rng(dim)
    direction = np.zeros((4000, dim + 1))
    direction[:, -1] = 1.0
    points = sample_von_mises_fisher(direction, np.full(4000, kappa), rng)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1.0, atol=1e-12)
    deficit = 0.5 * np.sum((points - direction) ** 2, axis=1)
    assert_follows_law(
        deficit, lambda s: probability_of_deficit_below(s, np.full(s.size, kappa), dim)
    )


def test_sampler_on_the_circle_is_von_mises_with_uniform_sign():
    rng = np.random.default_rng(5)
    mean = 2.1
    direction = np.tile([math.cos(mean), math.sin(mean)], (4000, 1))
    points = sample_von_mises_fisher(direction, np.full(4000, 1.7), rng)
    angle = np.angle(np.exp(1j * (np.arctan2(points[:, 1], points[:, 0]) - mean)))
    assert_follows_law(angle, stats.vonmises(1.7).cdf)


def test_sampler_agrees_with_scipy_in_every_coordinate():
    rng = np.random.default_rng(7)
    mean = np.array([1.0, -2.0, 0.5, 3.0]) / math.sqrt(14.25)
    points = sample_von_mises_fisher(np.tile(mean, (4000, 1)), np.full(4000, 6.0), rng)
    reference = stats.vonmises_fisher(mean, 6.0).rvs(4000, random_state=rng)
    for column in range(4):
        assert_same_law(points[:, column], reference[:, column])


def test_each_row_keeps_its_own_concentration():
    rng = np.random.default_rng(11)
    kappa = np.tile([0.0, 1e6], 3000)
    direction = np.tile([0.0, 0.0, 1.0], (6000, 1))
    deficit = 1.0 - sample_von_mises_fisher(direction, kappa, rng)[:, 2]
    assert_follows_law(deficit[0::2], stats.uniform(0.0, 2.0).cdf)
    assert_follows_law(deficit[1::2], stats.expon(scale=1e-6).cdf)
