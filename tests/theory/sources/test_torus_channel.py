"""The torus channel: products of circles, elliptic integrals, simulation, order of bounds."""

import math

import mpmath
import numpy as np
import pytest
from scipy import integrate

from jscgc_theory.bounds import meta_converse_log2_beta, perception_bound
from jscgc_theory.errors import InputError
from jscgc_theory.sources import SphereChannel, TorusChannel
from tests.statistics import assert_within_standard_errors, sample_mean_and_error

CASES = [(2, 0.0, "euclidean"), (3, 15.0, "euclidean"), (8, 5.0, "euclidean"), (4, 5.0, "max")]


def simulate(dim, snr_db, metric, n_draws=20_000):
    channel, rng = TorusChannel(dim, snr_db, metric=metric), np.random.default_rng(dim)
    x, y_hat = channel.sample(n_draws, rng)
    return channel, x, y_hat, rng


def small_radius_series(dim, radius):
    """log2 q by term-wise Laplace inversion of (e^-2z I_0(2z))^k / z, valid below r = 2."""
    n_terms = 80
    with mpmath.workdps(40):
        circle = [mpmath.mpf(1)]
        for m in range(1, n_terms):
            circle.append(circle[-1] * (2 * m - 1) ** 2 / (8 * mpmath.mpf(m)))
        power = [mpmath.mpf(1)] + [mpmath.mpf(0)] * (n_terms - 1)
        for _ in range(dim):
            power = [sum(power[i] * circle[m - i] for i in range(m + 1)) for m in range(n_terms)]
        half, squared = mpmath.mpf(dim) / 2, mpmath.mpf(radius) ** 2
        total = sum(
            coefficient * (squared / 2) ** (half + m) / mpmath.gamma(half + m + 1)
            for m, coefficient in enumerate(power)
        )
        return float(mpmath.log(total * (2 * mpmath.pi) ** -half, 2))


@pytest.mark.parametrize("metric", ["euclidean", "max"])
def test_one_circle_is_the_sphere_of_dimension_one(metric):
    torus, circle = TorusChannel(1, 5.0, metric=metric), SphereChannel(1, 5.0)
    assert torus.mutual_information_bits() == circle.mutual_information_bits()
    assert torus.radius_best(0.1) == pytest.approx(circle.radius_best(0.1), rel=1e-12)
    assert torus.radius_posterior(0.1) == pytest.approx(circle.radius_posterior(0.1), rel=1e-12)
    assert torus.log2_beta(0.1) == circle.log2_beta(0.1)
    assert torus.coincidence_probability(0.7) == pytest.approx(circle.coincidence_probability(0.7))
    assert torus.geometric_constant == pytest.approx(math.pi)


@pytest.mark.parametrize("dim", [2, 3, 8, 20])
@pytest.mark.parametrize("radius", [1e-7, 2e-5, 0.3, 1.3])
def test_coincidence_against_its_small_radius_series(dim, radius):
    channel = TorusChannel(dim, 0.0)
    truth = small_radius_series(dim, radius)
    assert channel.log2_coincidence_probability(radius) == pytest.approx(truth, abs=3e-5)
    assert channel.radius_at_log2_probability(truth) == pytest.approx(radius, rel=1e-5)


@pytest.mark.parametrize("radius", [0.5, 1.9, 2.4, 2.8])
def test_coincidence_of_two_circles_by_a_plain_integral(radius):
    def within(angle):
        left = radius**2 - 4.0 * math.sin(0.5 * angle) ** 2
        return 2.0 * math.asin(min(1.0, 0.5 * math.sqrt(max(left, 0.0)))) / math.pi

    last = 2.0 * math.asin(min(1.0, 0.5 * radius))
    first = math.acos(min(1.0, max(-1.0, 0.5 * radius**2 - 3.0))) if radius > 2.0 else None
    truth, _ = integrate.quad(within, 0.0, last, points=[math.pi - first] if first else None)
    value = TorusChannel(2, 0.0).coincidence_probability(radius)
    assert value == pytest.approx(truth / math.pi, rel=1e-5)


def test_max_metric_is_a_product():
    channel = TorusChannel(5, 0.0, metric="max")
    assert channel.coincidence_probability(1.0) == pytest.approx(3.0**-5)
    assert channel.radius_at_log2_probability(-5.0 * math.log2(3.0)) == pytest.approx(1.0)
    circle = SphereChannel(1, 0.0)
    outage = 1.0 - 0.9**5
    assert channel.radius_best(outage) == pytest.approx(circle.radius_best(0.1))
    assert channel.radius_posterior(outage) == pytest.approx(circle.radius_posterior(0.1))


@pytest.mark.parametrize("metric", ["euclidean", "max"])
def test_constant_is_the_limit_of_q(metric):
    channel = TorusChannel(6, 0.0, metric=metric)
    limit = 6.0 * math.log2(1e-3) - channel.log2_coincidence_probability(1e-3)
    assert channel.log2_geometric_constant == pytest.approx(limit, abs=1e-4)


def test_thousands_of_bits():
    channel = TorusChannel(50, 0.0)
    radius = channel.radius_at_log2_probability(-4000.0)
    assert channel.log2_coincidence_probability(radius) == pytest.approx(-4000.0, rel=1e-9)


@pytest.mark.parametrize(("dim", "snr_db", "metric"), CASES)
def test_simulation_agrees(dim, snr_db, metric):
    channel, x, y_hat, rng = simulate(dim, snr_db, metric)
    density = channel.information_density_bits(x, y_hat)
    assert_within_standard_errors(
        sample_mean_and_error(density), channel.mutual_information_bits()
    )
    generated = channel.sample_posterior(y_hat, rng)
    squared = np.sum((x - generated) ** 2, axis=1)
    assert_within_standard_errors(sample_mean_and_error(squared), 2.0 * channel.mmse())
    for outage in (0.5, 0.1, 0.01):
        error = math.sqrt(outage * (1.0 - outage) / x.shape[0])
        for points, radius in (
            (generated, channel.radius_posterior(outage)),
            (channel.decode(y_hat), channel.radius_best(outage)),
        ):
            share = float(np.mean(channel.distances(x, points) > radius))
            assert_within_standard_errors((share, error), outage)
        assert_within_standard_errors(
            meta_converse_log2_beta(density, outage), channel.log2_beta(outage)
        )


@pytest.mark.parametrize("metric", ["euclidean", "max"])
@pytest.mark.parametrize("dim", [2, 3, 12])
def test_order_of_bounds_and_radii(dim, metric):
    for snr_db in (-5.0, 10.0):
        channel = TorusChannel(dim, snr_db, metric=metric)
        for outage in (0.5, 0.1, 0.01):
            inverse = channel.radius_at_log2_probability
            ordered = [
                perception_bound(channel.mutual_information_bits(), outage, inverse),
                inverse(channel.log2_beta(outage)),
                channel.radius_best(outage),
                channel.radius_posterior(outage),
            ]
            assert ordered == sorted(ordered)


def test_two_circles_on_a_lattice_agree_with_a_test_of_draws():
    # A direct two-fold sum of the nodes, without lattice or transform.
    channel = TorusChannel(2, -5.0)
    bits, masses = channel.circle.law.information_density_law()
    order = np.argsort(bits)
    parts = np.array_split(order, 300)
    coarse = np.array([masses[p].sum() for p in parts])
    centre = np.array([masses[p] @ bits[p] for p in parts]) / coarse
    pairs = (centre[:, None] + centre).ravel()
    weights = (coarse[:, None] * coarse).ravel()
    rank = np.argsort(pairs)
    start = np.searchsorted(np.cumsum(weights[rank]), 0.1)
    beta = float(np.sum((weights * np.exp2(-pairs))[rank][start:]))
    assert channel.log2_beta(0.1) == pytest.approx(math.log2(beta), abs=0.01)


def test_an_unknown_metric_is_refused():
    with pytest.raises(InputError, match="metric = 'cosine' is unknown"):
        TorusChannel(2, 0.0, metric="cosine")
