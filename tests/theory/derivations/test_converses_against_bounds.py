"""R1 to R5 as derived against the package's bounds and exact sources, at random numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import lambdify

from jscgc_theory import bounds
from jscgc_theory.derivations.binary_divergence import binary_divergence, binary_entropy
from jscgc_theory.derivations.finite_outage_fano import finite_outage_radius
from jscgc_theory.derivations.meta_converse import kept, symmetric_beta, uniform_example_beta
from jscgc_theory.derivations.outage import erased, erasure_mi_bits, erasure_outage
from jscgc_theory.derivations.posterior_sampling import (
    differential_entropy,
    mean_square_floor,
    mmse,
    plane_radius,
    posterior_variance,
    sampler_mean_square,
    sampler_radius,
)
from jscgc_theory.derivations.radius_bound import delta_star
from jscgc_theory.derivations.symbols import (
    geometric_constant,
    intrinsic_dim,
    mi_bits,
    n_cells,
    outage,
)
from jscgc_theory.sources import FiniteMessages, LinearGaussianChannel
from tests.strategies import joint_tables

probabilities = st.floats(0.01, 0.99)
bits = st.floats(0.01, 60.0)
LAW = (mi_bits, intrinsic_dim, geometric_constant)
h = lambdify(outage, binary_entropy(outage), "math")
d2 = lambdify((outage, n_cells), binary_divergence(outage, n_cells), "math")
beta_of_symmetric_channel = lambdify((n_cells, outage), symmetric_beta(), "math")
beta_of_uniform_ratio = lambdify(kept, uniform_example_beta(), "math")
erasure_values = lambdify((n_cells, erased), (erasure_mi_bits(), erasure_outage()), "math")
radius_in_the_plane = lambdify((outage, posterior_variance), plane_radius(outage), "math")
shannon_floor = lambdify(
    (mi_bits, intrinsic_dim, differential_entropy), mean_square_floor(), "math"
)
slopes_of_log_delta_star = lambdify(
    LAW, [delta_star().diff(symbol) / delta_star() for symbol in LAW], "math"
)
r1 = lambdify((outage, *LAW), finite_outage_radius(), "math")


@given(probabilities, probabilities)
def test_entropy_and_divergence_of_a_coin(a, b):
    assert h(a) == pytest.approx(bounds.binary_entropy_bits(a), rel=1e-12)
    assert d2(a, b) == pytest.approx(bounds.binary_divergence_bits(a, b), rel=1e-9, abs=1e-12)


@given(bits, probabilities, st.floats(0.5, 30.0), st.floats(0.01, 100.0))
def test_r1_is_the_bound_of_the_package(mi, p_e, dim, constant):
    expected = bounds.finite_outage_fano_bound(mi, p_e, dim, constant)
    assert r1(p_e, mi, dim, constant) == pytest.approx(expected, rel=1e-9)


@given(st.floats(0.01, 40.0), st.floats(0.01, 0.9))
def test_r2_and_r3_are_attained_where_the_package_inverts_them(mi, p_e):
    q = 2.0 ** bounds.log2_least_coincidence(mi, p_e)
    assert q <= 1.0 - p_e
    assert d2(1.0 - p_e, q) == pytest.approx(mi, rel=1e-6)


@given(st.integers(2, 40), probabilities)
def test_r4_on_the_symmetric_channel(count, p_e):
    error = p_e * (1.0 - 1.0 / count)
    channel = FiniteMessages.symmetric(count, error)
    beta = beta_of_symmetric_channel(count, error)
    assert 2.0 ** channel.log2_beta(error) == pytest.approx(beta, rel=1e-9)
    assert d2(1.0 - error, beta) == pytest.approx(channel.mutual_information_bits(), abs=1e-9)


@given(st.floats(0.01, 0.98))
def test_r4_of_a_uniform_likelihood_ratio(p_e):
    n_atoms = 4000
    ratios = 2.0 * (np.arange(n_atoms) + 0.5) / n_atoms
    weights = np.full(n_atoms, 1.0 / n_atoms)
    beta = 2.0 ** bounds.neyman_pearson_log2_beta(-np.log2(ratios), weights, p_e)
    # Midpoints of equal cells: the integral of u is exact but for part of one cell.
    assert beta == pytest.approx(beta_of_uniform_ratio(1.0 - p_e), abs=1.0 / n_atoms**2)
    assert d2(1.0 - p_e, beta) <= (1.0 - math.log(2.0)) / math.log(2.0)


@given(joint_tables(), probabilities, st.floats(-3.0, 3.0))
def test_every_threshold_bounds_the_best_test_and_the_best_attains_it(table, p_e, log2_s):
    """The dual form a s - E[(s - 2^-i)^+], proved in proof_of_neyman_pearson."""
    mass = table / table.sum()
    product = np.outer(mass.sum(axis=1), mass.sum(axis=0))
    ratio, weight = (product / mass).ravel(), mass.ravel()
    beta = 2.0 ** bounds.neyman_pearson_log2_beta(-np.log2(ratio), weight, p_e)

    def dual(s):
        return (1.0 - p_e) * s - float(weight @ np.maximum(s - ratio, 0.0))

    assert dual(2.0**log2_s) <= beta + 1e-12
    assert max(dual(s) for s in ratio) == pytest.approx(beta, rel=1e-9)


@given(st.integers(3, 60), probabilities)
def test_the_erasure_counterexample_on_its_table(count, lost):
    table = np.hstack([np.eye(count) * (1.0 - lost), np.full((count, 1), lost)]) / count
    channel = FiniteMessages(table)
    mi, p_e = erasure_values(count, lost)
    assert channel.mutual_information_bits() == pytest.approx(mi, rel=1e-9)
    assert channel.posterior_sampling_error() == pytest.approx(p_e, rel=1e-9)
    assert bounds.fano_outage_floor(mi, math.log2(count)) <= p_e


@pytest.mark.parametrize(("p_e", "snr_db"), [(0.03, -7.3), (0.21, 3.1), (0.44, 16.4)])
def test_r5_on_a_gaussian_plane(p_e, snr_db):
    channel = LinearGaussianChannel.isotropic(dim=2, snr_db=snr_db)
    best = channel.radius_best(p_e)
    assert best == pytest.approx(radius_in_the_plane(p_e, channel.mmse() / 2.0), rel=1e-6)
    assert channel.radius_posterior(2.0 * p_e) <= bounds.sampler_radius_ceiling(best)
    assert channel.radius_posterior(p_e) == pytest.approx(math.sqrt(2.0) * best)


def test_r5_is_stated_as_the_package_has_it():
    assert sampler_mean_square().rhs == 2 * mmse
    assert bounds.posterior_sampling_mean_square(0.7) == 1.4
    assert sampler_radius().lhs.args == (2 * outage,)
    assert bounds.sampler_outage(0.1) == 0.2


@given(st.floats(0.0, 40.0), st.floats(0.5, 30.0), st.floats(-20.0, 20.0))
def test_shannons_lower_bound(mi, dim, entropy):
    expected = bounds.mean_square_floor(mi, dim, entropy)
    assert shannon_floor(mi, dim, entropy) == pytest.approx(expected, rel=1e-9)


@given(bits, st.floats(0.5, 30.0), st.floats(0.01, 100.0))
def test_sensitivities_are_derivatives_of_theorem_1(mi, dim, constant):
    expected = bounds.delta_star_sensitivities(mi, dim, constant)
    slopes = slopes_of_log_delta_star(mi, dim, constant)
    assert slopes[0] == pytest.approx(expected.mi_bits, rel=1e-9)
    assert slopes[1] == pytest.approx(expected.intrinsic_dim, rel=1e-9, abs=1e-12)
    assert slopes[2] == pytest.approx(expected.geometric_constant, rel=1e-9)
