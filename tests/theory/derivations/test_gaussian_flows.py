"""Fields, information and Propositions 2 to 5 on Gaussian data, by quadrature and exact fields."""

import math

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from sympy import lambdify

from jscgc_theory.derivations.diffusion_divergence import field_error, gaussian_divergence
from jscgc_theory.derivations.flow_divergence import bias, biased_divergence
from jscgc_theory.derivations.forward_diffusion import divergence_weight
from jscgc_theory.derivations.gaussian_path import DATA, OTHER_DATA, tau, x
from jscgc_theory.derivations.symbols import n_steps, t
from jscgc_theory.derivations.transport_bound import (
    biased_bound,
    biased_squared_transport,
    squared_transport,
)
from jscgc_theory.derivations.velocity_information import (
    POSTERIOR,
    SOURCE,
    gaussian_mi_nats,
    loss_integral,
    mean_field_gap,
    received,
    snr,
)
from jscgc_theory.mutual_information.velocity.likelihood_weighting import likelihood_weight
from jscgc_theory.sources import ExactVelocity, GaussianSubspace, LinearGaussianChannel
from jscgc_theory.units import db_to_power_ratio, nats_to_bits

PAIR = (*DATA, *OTHER_DATA)
error_of_field = lambdify((tau, *PAIR), field_error(DATA, OTHER_DATA), "math")
divergence_at = lambdify((tau, *PAIR), gaussian_divergence(DATA, OTHER_DATA), "math")
transport_of = lambdify(
    PAIR,
    squared_transport(DATA.mean - OTHER_DATA.mean, DATA.deviation, OTHER_DATA.deviation),
    "math",
)
PAIRS = [(0.3, 0.7, -0.4, 1.2), (0.0, 1.0, 0.5, 1.0), (-1.1, 0.2, -1.0, 0.5)]
SNRS_DB = [-4.7, 3.3, 14.2]


def numbers(seed, n_points=50):
    rng = np.random.default_rng(seed)
    return rng.standard_normal(n_points) * 2.0, rng.uniform(0.01, 0.99, n_points)


@pytest.mark.parametrize("deviation", [0.3, 1.0, 2.7])
def test_the_field_is_the_exact_one_of_the_package(deviation):
    points, times = numbers(seed=1)
    exact = ExactVelocity(GaussianSubspace(1, deviation))
    field = lambdify((x, tau, *DATA), DATA.best_field(), "numpy")
    expected = exact(points[:, None], times)[:, 0]
    np.testing.assert_allclose(field(points, times, 0.0, deviation), expected, rtol=1e-9)


@pytest.mark.parametrize("snr_db", SNRS_DB)
def test_the_conditional_field_is_the_exact_one_of_the_package(snr_db):
    points, times = numbers(seed=2)
    outputs, _ = numbers(seed=3)
    exact = ExactVelocity(LinearGaussianChannel.isotropic(1, snr_db))
    field = lambdify((x, tau, received, snr), POSTERIOR.best_field(), "numpy")
    expected = exact(points[:, None], times, outputs[:, None])[:, 0]
    ratio = db_to_power_ratio(snr_db)
    np.testing.assert_allclose(field(points, times, outputs, ratio), expected, rtol=1e-9)


@pytest.mark.parametrize("snr_db", SNRS_DB)
def test_both_gaps_integrate_to_the_information_of_the_channel(snr_db):
    ratio = db_to_power_ratio(snr_db)
    channel = LinearGaussianChannel.isotropic(1, snr_db)
    assert nats_to_bits(float(gaussian_mi_nats().subs(snr, ratio))) == pytest.approx(
        channel.mutual_information_bits()
    )
    gaps = (mean_field_gap(), SOURCE.least_loss() - POSTERIOR.least_loss())
    for gap in gaps:
        at = lambdify((tau, snr), gap, "math")
        nats = quad(lambda time, at=at: float(likelihood_weight(time)) * at(time, ratio), 0, 1)[0]
        assert nats_to_bits(nats) == pytest.approx(channel.mutual_information_bits(), rel=1e-7)


@pytest.mark.parametrize("cut", [0.02, 0.4, 0.9])
def test_the_loss_integral_is_an_integral_of_losses(cut):
    loss = lambdify((tau, *DATA), DATA.least_loss(), "math")
    integral = quad(lambda u: (1 - u) / u * loss(u, 0.0, 0.6), cut, 1.0)[0]
    closed = lambdify((tau, *DATA), loss_integral(DATA), "math")
    assert closed(cut, 0.0, 0.6) == pytest.approx(integral, rel=1e-9)


@pytest.mark.parametrize("pair", PAIRS)
def test_proposition_3_is_an_equality_for_best_fields(pair):
    integral = quad(lambda u: (1 - u) / u * error_of_field(u, *pair), 0.0, 1.0)[0]
    assert integral == pytest.approx(divergence_at(0.0, *pair), rel=1e-8)


@pytest.mark.parametrize("pair", PAIRS)
def test_the_divergence_is_that_of_its_densities(pair):
    mean, deviation, other_mean, other_deviation = pair

    def integrand(point):
        log_p = -0.5 * ((point - mean) / deviation) ** 2 - math.log(deviation)
        log_q = -0.5 * ((point - other_mean) / other_deviation) ** 2 - math.log(other_deviation)
        return math.exp(log_p) / math.sqrt(2.0 * math.pi) * (log_p - log_q)

    wide = 12.0 * deviation
    numeric = quad(integrand, mean - wide, mean + wide, epsabs=1e-12)[0]
    assert divergence_at(0.0, *pair) == pytest.approx(numeric, rel=1e-8)


def test_the_weight_is_the_likelihood_weight_of_the_package():
    times = np.linspace(0.05, 0.95, 7)
    weight = lambdify(t, (n_steps * divergence_weight()).subs(n_steps, 1), "numpy")
    np.testing.assert_allclose(weight(times), likelihood_weight(times), rtol=1e-12)


@pytest.mark.parametrize("pair", PAIRS)
def test_the_flow_carries_noise_to_the_other_data(pair):
    """The flow (14) solved numerically, from two noises: an affine map has two parameters."""
    mean, deviation, other_mean, other_deviation = pair
    noise = np.array([-1.0, 1.0])
    ends = []
    for law in ((mean, deviation), (other_mean, other_deviation)):
        field = lambdify((x, tau, *DATA), DATA.best_field(), "numpy")
        flow = solve_ivp(
            lambda u, point, law=law, field=field: field(point, u, *law), (1.0, 0.0), noise,
            rtol=1e-9, atol=1e-12,
        )  # fmt: skip
        ends.append(flow.y[:, -1])
        np.testing.assert_allclose(ends[-1], law[0] + law[1] * noise, atol=1e-7)
    moved = float(np.mean((ends[0] - ends[1]) ** 2))
    assert moved == pytest.approx(transport_of(*pair), abs=1e-7)


@pytest.mark.parametrize("pair", PAIRS)
def test_proposition_5_bounds_the_distance(pair):
    """Its integrals by quadrature, L(t) being the size of the learned field's slope."""
    slope = lambdify((tau, *OTHER_DATA), OTHER_DATA.field_slope(), "math")
    learned = pair[2:]
    grid = np.linspace(0.0, 1.0, 2001)
    rates = 2.0 * np.abs([slope(u, *learned) for u in grid]) + 1.0
    grown = np.concatenate([[0.0], np.cumsum(0.5 * (rates[1:] + rates[:-1])) * grid[1]])
    errors = np.array([error_of_field(u, *pair) for u in grid])
    bound = float(np.trapezoid(np.exp(grown) * errors, grid))
    assert 0.0 < transport_of(*pair) <= bound


@pytest.mark.parametrize("shift", [0.1, 1.5])
def test_a_biased_field_against_its_flow(shift):
    """The field of N(0, 1) plus a constant, solved numerically: divergence, distance, bounds."""
    field = lambdify((x, tau), DATA.best_field().subs(dict(zip(DATA, (0, 1), strict=True))))
    flow = solve_ivp(
        lambda u, point: field(point, u) + shift, (1.0, 0.0), [0.0], rtol=1e-9, atol=1e-12
    )
    moved = flow.y[0, -1]
    assert 0.5 * moved**2 == pytest.approx(float(biased_divergence().subs(bias, shift)), rel=1e-7)
    transported = float(biased_squared_transport().subs(bias, shift))
    assert moved**2 == pytest.approx(transported, rel=1e-7)
    assert transported <= float(biased_bound().subs(bias, shift).evalf())


def test_proposition_4_adds_up_for_a_biased_field():
    """Its two terms along the numeric flow: finite together, and equal to the divergence."""
    slope = lambdify(tau, SOURCE.field_slope(), "math")
    variance = lambdify(tau, SOURCE.path_variance(), "math")

    def rates(u, state):
        shift, _ = state
        # Under p the mean of r is score of q + ((1-u)/u) nu + x/u = e/V + c (1-u)/u.
        remainder = shift / variance(u) + (1.0 - u) / u
        return [slope(u) * shift + 1.0, -((1.0 - u) / u - remainder)]

    solved = solve_ivp(rates, (1.0, 1e-9), [0.0, 0.0], rtol=1e-10, atol=1e-13)
    assert solved.y[1, -1] == pytest.approx(float(biased_divergence().subs(bias, 1)), rel=1e-6)
