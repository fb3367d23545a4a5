import numpy as np
import pytest
from scipy import stats

from jscgc_theory.mutual_information.parametric import GaussianMI
from jscgc_theory.mutual_information.parametric.model import Residuals
from jscgc_theory.mutual_information.parametric.smooth_tests import (
    kurtosis_nats,
    legendre,
    radius_transform,
    shape_departure,
)
from jscgc_theory.mutual_information.parametric.whitening import Whitening
from jscgc_theory.units import nats_to_bits
from tests.statistics import assert_follows_law
from tests.theory.mutual_information.parametric import pairs

N = 5000


def spiral_pairs(dim, rng):
    x, y, truth = pairs.gaussian_pairs(N, [0.8, 0.8], rng, dim, dim)
    return pairs.spiral(x, (0, 1), 1 / 3), pairs.spiral(y, (1, 2), 1 / 3), truth


def turned_bpsk_pairs(rng):
    x, y, truth = pairs.bpsk_pairs(N, 20, 3.0, rng)
    return *pairs.mixed(x, y, rng), truth


def cube_pairs(rng):
    x, y, truth = pairs.gaussian_pairs(N, np.full(5, 0.75), rng)
    return x**3, y**3, truth


WRONG = {
    "cube": cube_pairs,
    "t, one degree": lambda rng: pairs.student_pairs(N, 1, 1.0, rng),
    "t, three degrees": lambda rng: pairs.student_pairs(N, 3, 3.0, rng),
    "t, ten degrees": lambda rng: pairs.student_pairs(N, 5, 10.0, rng),
    "swiss roll": lambda rng: pairs.swiss_roll_pairs(N, 0.75, rng),
    "narrow uniform noise": lambda rng: pairs.uniform_noise_pairs(N, 0.2, rng),
    "wide uniform noise": lambda rng: pairs.uniform_noise_pairs(N, 0.5, rng),
    "two humps": lambda rng: pairs.bimodal_pairs(N, 0.75, rng),
    "sphere channel": lambda rng: pairs.sphere_channel_pairs(N, 3, 0.3, rng),
    "spiral in 3": lambda rng: spiral_pairs(3, rng),
    "spiral in 25": lambda rng: spiral_pairs(25, rng),
    "BPSK": lambda rng: pairs.bpsk_pairs(N, 10, 10.0, rng),
    "turned BPSK": turned_bpsk_pairs,
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gaussian_answer_never_stays_silent(name):
    x, y, truth = WRONG[name](np.random.default_rng(0))
    found = GaussianMI().fit(x, y).estimate_
    error = abs(found.value - nats_to_bits(truth))
    assert error > max(0.05, 0.05 * nats_to_bits(truth)), "the case is not wrong: choose another"
    assert [notice.code for notice in found.notices] == ["not_gaussian"]


@pytest.mark.parametrize("noise", [1.0, 3.0])
def test_a_sphere_whose_gaussian_answer_is_right_goes_unremarked(noise):
    x, y, truth = pairs.sphere_channel_pairs(N, 3, noise, np.random.default_rng(1))
    found = GaussianMI().fit(x, y).estimate_
    assert found.value == pytest.approx(nats_to_bits(truth), abs=0.05)
    assert found.notices == ()


def test_the_polynomials_are_orthonormal():
    nodes, weights = np.polynomial.legendre.leggauss(40)
    values = legendre(0.5 * (nodes[:, None] + 1), 8)[:, :, 0]
    np.testing.assert_allclose((values * 0.5 * weights) @ values.T, np.eye(8), atol=1e-12)
    np.testing.assert_allclose(values @ (0.5 * weights), 0.0, atol=1e-12)


def test_leverages_of_a_gaussian_cloud_follow_the_beta_law():
    # Few rows, so that a chi-squared law would be far off; one row a cloud is independent.
    rng = np.random.default_rng(2)
    draws = []
    for _ in range(1000):
        cloud = rng.standard_normal((12, 6))
        cloud -= cloud.mean(axis=0)
        white = cloud @ np.linalg.inv(np.linalg.cholesky(cloud.T @ cloud / 11)).T
        draws.append(radius_transform(white)[0, 0])
    assert_follows_law(draws, stats.uniform.cdf)


def test_the_divergence_of_a_tilted_uniform_law():
    # Density 1 + a (2u - 1): the divergence from the uniform law is a^2/6 to leading order.
    rng = np.random.default_rng(3)
    a = 0.2
    u = rng.uniform(size=200_000)
    tilted = (a - 1 + np.sqrt((1 - a) ** 2 + 4 * a * u)) / (2 * a)
    found = shape_departure(tilted[:, None])
    assert found.nats == pytest.approx(a**2 / 6, rel=0.1)
    assert found.p_value < 1e-9


def test_kurtosis_sees_independent_components_in_every_rotation():
    rng = np.random.default_rng(4)
    signs = rng.choice([-1.0, 1.0], (20_000, 30))
    assert kurtosis_nats(signs @ pairs.rotation(30, rng)) == pytest.approx(30 * 4 / 48, rel=0.02)
    assert kurtosis_nats(Whitening.of(rng.standard_normal((20_000, 30)))[1]) < 0.01


def test_swapping_residuals_twice_returns_them():
    rng = np.random.default_rng(5)
    x, y = rng.standard_normal((30, 2)), rng.standard_normal((30, 3))
    once = Residuals(x, y, x, y).swapped()
    assert once.x is y
    assert once.swapped().x is x
