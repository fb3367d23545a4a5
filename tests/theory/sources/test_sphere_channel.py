"""The sphere channel: independent integrals, known laws, simulation, theorems, limits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from jscgc_theory.bounds import (
    delta_star_bound,
    finite_outage_log2_probability,
    meta_converse_log2_beta,
    perception_bound,
    sampler_outage,
    small_ball_bound,
)
from jscgc_theory.errors import InputError
from jscgc_theory.sources import SphereChannel
from tests.statistics import (
    assert_follows_law,
    assert_within_standard_errors,
    sample_mean_and_error,
)

TABLE = [(1, 0.0), (2, 5.0), (4, 10.0), (8, 20.0), (16, -5.0)]


def simulate(dim, snr_db, n_draws=20_000, seed=0):
    channel, rng = SphereChannel(dim, snr_db), np.random.default_rng(seed)
    x, y_hat = channel.sample(n_draws, rng)
    return channel, x, y_hat, rng


def output_entropy_route(dim, snr_db):
    """I = h(Y_hat) - h(N) with the density of Y_hat by plain Bessel functions."""
    n, variance = dim + 1, 10.0 ** (-snr_db / 10.0)
    nu = 0.5 * n - 1.0

    def log_density(length):
        kappa = math.sqrt(n) * length / variance
        log_bessel = math.log(special.ive(nu, kappa)) + kappa
        moment = special.gammaln(nu + 1.0) + nu * math.log(2.0 / kappa) + log_bessel
        return (
            -0.5 * (length**2 + n) / variance
            + moment
            - 0.5 * n * math.log(2.0 * math.pi * variance)
        )

    log_area = math.log(2.0) + 0.5 * n * math.log(math.pi) - special.gammaln(0.5 * n)
    centre = math.sqrt(n + n * variance)
    entropy, _ = integrate.quad(
        lambda u: -math.exp(log_area + dim * math.log(u) + log_density(u)) * log_density(u),
        1e-9, centre + 12.0 * math.sqrt(variance), points=[centre], epsabs=1e-11, limit=400,
    )  # fmt: skip
    return (entropy - 0.5 * n * math.log(2.0 * math.pi * math.e * variance)) / math.log(2.0)


@pytest.mark.parametrize(("dim", "snr_db"), [(1, 0.0), (2, 5.0), (4, 10.0), (8, 5.0), (1, -5.0)])
def test_information_equals_output_entropy_less_noise_entropy(dim, snr_db):
    value = SphereChannel(dim, snr_db).mutual_information_bits()
    assert value == pytest.approx(output_entropy_route(dim, snr_db), abs=1e-7)


@pytest.mark.parametrize(("dim", "snr_db"), TABLE)
def test_information_is_the_mean_density(dim, snr_db):
    channel, x, y_hat, _ = simulate(dim, snr_db)
    density = channel.information_density_bits(x, y_hat)
    assert_within_standard_errors(
        sample_mean_and_error(density), channel.mutual_information_bits()
    )
    # Under the product law E 2^i = 1, whatever the digits of the normaliser say.
    if channel.mutual_information_bits() < 3.0:
        shuffled = np.exp2(channel.information_density_bits(x, np.roll(y_hat, 1, axis=0)))
        assert_within_standard_errors(sample_mean_and_error(shuffled), 1.0)


@pytest.mark.parametrize("dim", [1, 2, 7, 16])
def test_information_meets_its_low_and_high_snr_limits(dim):
    low = SphereChannel(dim, -60.0).mutual_information_bits()
    assert low == pytest.approx(0.5 * (dim + 1) * 1e-6 / math.log(2.0), rel=1e-3)
    # h(X) less the entropy of a d-dimensional Gaussian of variance sigma^2/(d+1).
    channel = SphereChannel(dim, 60.0)
    posterior = 2.0 * math.pi * math.e * 1e-6 / (dim + 1)
    limit = math.log2(channel.volume) - 0.5 * dim * math.log2(posterior)
    assert channel.mutual_information_bits() == pytest.approx(limit, abs=1e-4)


@given(dim=st.integers(1, 40), snr_db=st.floats(-30.0, 40.0))
def test_information_stays_below_capacity_and_grows(dim, snr_db):
    value = SphereChannel(dim, snr_db).mutual_information_bits()
    assert 0.0 < value < 0.5 * (dim + 1) * math.log2(1.0 + 10.0 ** (snr_db / 10.0))
    assert value < SphereChannel(dim, snr_db + 0.5).mutual_information_bits()


@pytest.mark.parametrize(("dim", "snr_db"), [*TABLE, (200, 3.0), (1, -40.0), (3, 90.0)])
def test_angle_laws_have_mass_one(dim, snr_db):
    law = SphereChannel(dim, snr_db).law
    assert law.angle_law_best.total == pytest.approx(1.0, abs=1e-10)
    assert law.angle_law_posterior.total == pytest.approx(1.0, abs=1e-10)


@pytest.mark.parametrize(("dim", "snr_db"), TABLE)
def test_output_norm_is_noncentral_chi(dim, snr_db):
    channel, _, y_hat, _ = simulate(dim, snr_db, n_draws=4000)
    squared = np.sum(y_hat**2, axis=1) / channel.noise_power
    noncentral = stats.ncx2(dim + 1, (dim + 1) / channel.noise_power)
    assert_follows_law(squared, noncentral.cdf)
    norm = np.sqrt(noncentral.ppf([0.01, 0.3, 0.9]))
    np.testing.assert_allclose(
        channel.law.norm_density(norm), 2.0 * norm * noncentral.pdf(norm**2), rtol=1e-7
    )


@pytest.mark.parametrize(("dim", "snr_db"), [(1, 0.0), (2, 5.0), (4, 10.0), (8, 5.0), (16, -5.0)])
@pytest.mark.parametrize("outage", [0.5, 0.1, 0.01])
def test_best_radius_is_a_noncentral_t_quantile(dim, snr_db, outage):
    # cot(angle) = (sqrt(lambda) + N)/chi_d: sqrt(d) times it is noncentral t.
    channel = SphereChannel(dim, snr_db)
    angle = 2.0 * math.asin(0.5 * channel.radius_best(outage))
    shift = math.sqrt((dim + 1) / channel.noise_power)
    value = stats.nct(dim, shift).cdf(math.sqrt(dim) / math.tan(angle))
    assert value == pytest.approx(outage, abs=1e-6)


@pytest.mark.parametrize(("dim", "snr_db"), TABLE)
def test_radius_laws_match_simulation(dim, snr_db):
    channel, x, y_hat, rng = simulate(dim, snr_db)
    posterior = channel.distances(x, channel.sample_posterior(y_hat, rng))
    best = channel.distances(x, channel.decode(y_hat))
    law = channel.law

    def distribution(angle_law):
        grid = np.linspace(0.0, 2.0, 100)
        below = [1.0 - angle_law.survival(2.0 * math.asin(0.5 * r)) for r in grid]
        return lambda r: np.interp(r, grid, below)

    assert_follows_law(posterior[:4000], distribution(law.angle_law_posterior))
    assert_follows_law(best[:4000], distribution(law.angle_law_best))
    for outage in (0.5, 0.1, 0.01):
        for distance, radius in (
            (posterior, channel.radius_posterior(outage)),
            (best, channel.radius_best(outage)),
        ):
            error = math.sqrt(outage * (1.0 - outage) / distance.size)
            share = float(np.mean(distance > radius))
            assert_within_standard_errors((share, error), outage)


@pytest.mark.parametrize(("dim", "snr_db"), TABLE)
def test_posterior_sampling_doubles_the_mmse(dim, snr_db):
    channel, x, y_hat, rng = simulate(dim, snr_db)
    squared = channel.distances(x, channel.sample_posterior(y_hat, rng)) ** 2
    assert_within_standard_errors(sample_mean_and_error(squared), 2.0 * channel.mmse())
    error = np.sum((x - channel.posterior_mean(y_hat)) ** 2, axis=1)
    assert_within_standard_errors(sample_mean_and_error(error), channel.mmse())
    law = channel.law.angle_law_posterior
    exact = law.mean(2.0 * np.sin(0.5 * law.nodes) ** 2)
    assert exact == pytest.approx(channel.mmse(), rel=1e-10)


@pytest.mark.parametrize(("dim", "snr_db"), TABLE)
@pytest.mark.parametrize("outage", [0.5, 0.1, 0.01])
def test_beta_matches_the_test_on_draws(dim, snr_db, outage):
    channel, x, y_hat, _ = simulate(dim, snr_db, seed=3)
    drawn = meta_converse_log2_beta(channel.information_density_bits(x, y_hat), outage)
    assert_within_standard_errors(drawn, channel.log2_beta(outage))


def test_beta_on_the_2_sphere_against_nested_quadrature():
    # i = kappa t - log(sinh kappa / kappa); both laws of t are elementary on the 2-sphere.
    channel, g_bits = SphereChannel(2, 5.0), 2.0
    shift, g = channel.law.noncentrality, g_bits * math.log(2.0)

    def cut(kappa):
        log_m = kappa + math.log(-math.expm1(-2.0 * kappa) / (2.0 * kappa))
        return min(max((g + log_m) / kappa, -1.0), 1.0)

    def kept(kappa):
        return -math.expm1(kappa * (cut(kappa) - 1.0)) / -math.expm1(-2.0 * kappa)

    low, high = channel.law.norm_support

    def average(function):
        def integrand(norm):
            return float(channel.law.norm_density(np.array([norm]))[0]) * function(shift * norm)

        return integrate.quad(integrand, max(low, 1e-6), high, limit=500, epsabs=1e-12)[0]

    outage = 1.0 - average(kept)
    beta = average(lambda kappa: 0.5 * (1.0 - cut(kappa)))
    assert channel.log2_beta(outage) == pytest.approx(math.log2(beta), abs=1e-6)


def check_order(channel, outage):
    mi_bits = channel.mutual_information_bits()
    inverse = channel.radius_at_log2_probability
    fano = inverse(finite_outage_log2_probability(mi_bits, outage))
    perception = perception_bound(mi_bits, outage, inverse)
    meta = inverse(channel.log2_beta(outage))
    best, posterior = channel.radius_best(outage), channel.radius_posterior(outage)
    ordered = [fano, perception, meta * (1.0 + 1e-8), best * (1.0 + 2e-8), posterior * (1 + 3e-8)]
    assert ordered == sorted(ordered), (channel.dim, channel.snr_db, outage, ordered)
    assert best >= 0.5 * channel.radius_posterior(sampler_outage(outage)) - 1e-12


@pytest.mark.parametrize("dim", [1, 2, 5, 16])
@pytest.mark.parametrize("snr_db", [-5.0, 5.0, 20.0])
def test_order_of_bounds_and_radii(dim, snr_db):
    for outage in (0.49, 0.1, 0.01):
        check_order(SphereChannel(dim, snr_db), outage)


@pytest.mark.slow
def test_order_of_bounds_and_radii_over_the_whole_grid():
    for dim in range(1, 17):
        for snr_db in (-5, 0, 5, 10, 15, 20):
            for outage in (0.4999999, 0.1, 0.01):
                check_order(SphereChannel(dim, snr_db), outage)


@given(
    dim=st.integers(1, 100),
    snr_db=st.floats(-20.0, 50.0),
    outage=st.floats(1e-4, 0.499),
)
def test_order_holds_anywhere(dim, snr_db, outage):
    check_order(SphereChannel(dim, snr_db), outage)


def test_delta_star_exceeds_the_measured_radius_at_even_odds():
    # (18) is a statement for vanishing outage: here is where reading it otherwise fails.
    for dim, snr_db, factor in ((1, -5.0, 1.13), (2, -5.0, 1.008)):
        channel = SphereChannel(dim, snr_db)
        mi_bits = channel.mutual_information_bits()
        paper = delta_star_bound(mi_bits, dim, channel.geometric_constant)
        assert paper / channel.radius_posterior(0.5) > factor
    assert SphereChannel(1, -5.0).radius_posterior(0.5) == pytest.approx(1.05, abs=0.005)


def test_a_decoder_inside_the_ball_obeys_the_ambient_small_ball_bound_only():
    channel, x, y_hat, _ = simulate(1, -5.0)
    inside = channel.distances(x, channel.posterior_mean(y_hat))
    radius = float(np.quantile(inside, 0.99))
    mi_bits = channel.mutual_information_bits()
    on_sphere = small_ball_bound(mi_bits, 0.01, channel.small_ball_radius_at_log2_probability)
    ambient = small_ball_bound(
        mi_bits, 0.01, channel.ambient_small_ball_radius_at_log2_probability
    )
    assert ambient < radius < on_sphere


@pytest.mark.parametrize("dim", [1, 2, 6])
def test_ambient_small_ball_is_the_best_over_centres(dim):
    channel = SphereChannel(dim, 0.0)
    for radius in (0.1, 0.6, 0.95):
        # A ball about c e_1 meets the sphere in the cap with cosine above (1 + c^2 - r^2)/2c.
        centre = np.linspace(1e-3, 1.0 + radius, 4001)
        cosine = np.clip((1.0 + centre**2 - radius**2) / (2.0 * centre), -1.0, 1.0)
        chord = math.sqrt(2.0 - 2.0 * cosine.min())
        best = channel.small_ball_probability(chord)
        assert channel.ambient_small_ball_probability(radius) == pytest.approx(best, rel=1e-5)
        back = channel.ambient_small_ball_radius_at_log2_probability(math.log2(best))
        assert back == pytest.approx(radius, rel=1e-5)
    assert channel.ambient_small_ball_probability(1.0) == pytest.approx(0.5)
    assert channel.ambient_small_ball_radius_at_log2_probability(-0.5) == 1.0


def test_an_output_of_zero_is_decoded_to_some_point():
    channel = SphereChannel(3, 0.0)
    zero = np.zeros((2, 4))
    np.testing.assert_array_equal(np.linalg.norm(channel.decode(zero), axis=1), 1.0)
    points = channel.sample_posterior(zero, np.random.default_rng(0))
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1.0)
    assert channel.information_density_bits(points, zero) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("dim", [1, 64, 1000])
@pytest.mark.parametrize("snr_db", [-100.0, 100.0])
def test_extremes_stay_finite(dim, snr_db):
    channel = SphereChannel(dim, snr_db)
    radii = [channel.radius_best(0.1), channel.radius_posterior(0.1)]
    radii.append(channel.radius_at_log2_probability(channel.log2_beta(0.1)))
    assert np.isfinite(radii).all()
    assert 0.0 < radii[2] <= radii[0] * (1 + 1e-6)
    assert radii[0] <= radii[1] <= 2.0


def test_points_off_the_sphere_are_refused():
    channel = SphereChannel(2, 0.0)
    with pytest.raises(InputError, match="length 2"):
        channel.information_density_bits([[2.0, 0.0, 0.0]], [[1.0, 0.0, 0.0]])
