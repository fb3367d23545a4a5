"""The order R4 >= R3 >= R1 on exact spheres, and the table of theory.md section 7."""

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, gammaln, ive

from jscgc_theory.bounds import (
    finite_outage_fano_bound,
    finite_outage_log2_probability,
    meta_converse_bound,
    meta_converse_log2_beta,
    perception_bound,
    power_law_radius,
    small_ball_bound,
)
from tests.ground_truth import sphere_cap_probability, sphere_coincidence_constant
from tests.statistics import assert_within_standard_errors, sample_mean_and_error
from tests.strategies import outage_probabilities, seeds

_TABLE = [
    # dim, snr_db, mi_bits, R3 at P_e .1 and .01, R4 at P_e .1 and .01
    (1, 0.0, 0.982, (1.025, 1.365), (1.233, 1.779)),
    (2, 5.0, 2.887, (0.552, 0.708), (0.687, 0.977)),
    (4, 10.0, 7.966, (0.301, 0.374), (0.388, 0.509)),
    (8, 20.0, 27.80, (0.084, 0.112), (0.122, 0.149)),
]


def _cap_radius(log2_probability: float, dim: int) -> float:
    """Inverse of q: (1 - cos)/2 = r^2/4 of two uniform points on S^d is Beta(d/2, d/2)."""
    return 2.0 * math.sqrt(betaincinv(dim / 2, dim / 2, 2.0**log2_probability))


def _information_density_bits(
    dim: int, snr_db: float, n_draws: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Density of the von Mises-Fisher posterior against the uniform law, at the true point.

    y = sqrt(d+1) x + sigma n, so p(x|y) is proportional to exp(kappa x.y/|y|) with
    kappa = sqrt(d+1) |y|/sigma^2, and its mean over the sphere is
    Gamma(v+1) (2/kappa)^v I_v(kappa), v = (d-1)/2.
    """
    sigma2 = 10.0 ** (-snr_db / 10.0)
    received = math.sqrt(sigma2) * rng.standard_normal((n_draws, dim + 1))
    received[:, 0] += math.sqrt(dim + 1)
    norm = np.linalg.norm(received, axis=1)
    kappa = math.sqrt(dim + 1) * norm / sigma2
    order = (dim - 1) / 2
    log_mean = gammaln(order + 1) + order * np.log(2 / kappa) + np.log(ive(order, kappa)) + kappa
    return (kappa * received[:, 0] / norm - log_mean) / math.log(2.0)


def test_the_cap_law_is_the_elementary_one() -> None:
    for dim in (1, 2):
        for radius in (0.01, 0.5, 1.3, 1.9):
            law = float(betainc(dim / 2, dim / 2, radius**2 / 4))
            assert law == pytest.approx(sphere_cap_probability(dim, radius))
            assert _cap_radius(math.log2(law), dim) == pytest.approx(radius)


@pytest.mark.parametrize(("dim", "snr_db", "bits", "perception", "meta"), _TABLE)
def test_table_of_the_theory_contract(
    dim: int,
    snr_db: float,
    bits: float,
    perception: tuple[float, float],
    meta: tuple[float, float],
) -> None:
    inverse = partial(_cap_radius, dim=dim)
    density = _information_density_bits(dim, snr_db, 200_000, np.random.default_rng(3))
    # The table prints I to 3 decimals.
    value, error = sample_mean_and_error(density)
    assert_within_standard_errors((value, math.hypot(error, 5e-3)), bits)
    for outage, expected_r3, expected_r4 in zip((0.1, 0.01), perception, meta, strict=True):
        assert perception_bound(bits, outage, inverse) == pytest.approx(expected_r3, abs=6e-4)
        log2_beta, beta_error = meta_converse_log2_beta(density, outage)
        radius = inverse(log2_beta)
        radius_error = inverse(min(0.0, log2_beta + beta_error)) - radius
        # The contract's own value: 1e6 draws, printed to 3 decimals.
        assert_within_standard_errors((radius, math.hypot(1.1 * radius_error, 5e-4)), expected_r4)
        assert meta_converse_bound(density, outage, inverse) == radius


@given(
    dim=st.integers(1, 16),
    snr_db=st.floats(-5.0, 20.0),
    outage=outage_probabilities(0.01, 0.9),
    seed=seeds(),
)
def test_strength_order(dim: int, snr_db: float, outage: float, seed: int) -> None:
    """Data processing makes the order exact for the empirical law of the density too."""
    density = _information_density_bits(dim, snr_db, 4000, np.random.default_rng(seed))
    # The sample's own mean is its information up to E 2^-i = 1, which only holds in the limit.
    mi = float(density.mean())
    inverse = partial(_cap_radius, dim=dim)
    log2_beta, error = meta_converse_log2_beta(density, outage)
    r3 = perception_bound(max(mi, 0.0), outage, inverse)
    r4_high = inverse(min(0.0, log2_beta + 6.0 * error))
    r1 = inverse(finite_outage_log2_probability(max(mi, 0.0), outage))
    assert r1 <= r3 <= r4_high * (1.0 + 1e-9)
    # On the sphere every ball has the same mass, so the small-ball bound is the same number.
    assert small_ball_bound(max(mi, 0.0), outage, inverse) == r3


@given(dim=st.integers(2, 32), bits=st.floats(0.0, 80.0), outage=outage_probabilities(1e-6, 0.5))
def test_power_law_r1_is_below_exact_r3_from_dimension_two(
    dim: int, bits: float, outage: float
) -> None:
    """For d >= 2, q(r) <= r^d / C on the sphere, so the power law gives the smaller radius."""
    power_law = finite_outage_fano_bound(
        bits, outage, float(dim), sphere_coincidence_constant(dim)
    )
    assert power_law <= perception_bound(bits, outage, partial(_cap_radius, dim=dim)) * (1 + 1e-9)


def test_on_the_circle_the_power_law_overstates_r1() -> None:
    """q(r) >= r / pi there: R1 with the power law is asymptotic and can pass the exact R3."""
    bits, outage = 0.982, 0.1
    power_law = finite_outage_fano_bound(bits, outage, 1.0, math.pi)
    exact_r3 = perception_bound(bits, outage, partial(_cap_radius, dim=1))
    exact_r1 = _cap_radius(finite_outage_log2_probability(bits, outage), 1)
    assert exact_r1 < exact_r3 < power_law < 1.01 * exact_r3


def test_power_law_inverse_agrees_with_the_cap_at_small_radii() -> None:
    for dim in (1, 2, 5):
        constant = sphere_coincidence_constant(dim)
        assert power_law_radius(-30.0 * dim, float(dim), constant) == pytest.approx(
            _cap_radius(-30.0 * dim, dim), rel=1e-6
        )
