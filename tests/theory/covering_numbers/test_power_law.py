"""The power law with joint errors against linear algebra and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.bounds import delta_star_bound
from jscgc_theory.covering_numbers import PowerLaw
from tests.strategies import geometric_constants, intrinsic_dims, mi_bits


def law(d=3.0, log_constant=1.5, variances=(0.01, 0.04), covariance=0.012):
    return PowerLaw(d, log_constant, *variances, covariance, 100)


@given(bits=mi_bits(200.0), d=intrinsic_dims(), constant=geometric_constants())
def test_radius_is_delta_star(bits, d, constant):
    radius = law(d, math.log(constant)).radius(-(bits + 1.0), "")
    assert radius.value == pytest.approx(delta_star_bound(bits, d, constant), rel=1e-9)


@given(bits=st.floats(0.0, 100.0), d=intrinsic_dims(), constant=geometric_constants())
def test_probability_inverts_radius(bits, d, constant):
    found = law(d, math.log(constant))
    assert found.log2_probability(found.radius(-bits, "").value) == pytest.approx(-bits, abs=1e-6)


def test_errors_are_those_of_simulated_constants():
    """Draw (d, ln C) from their joint law; at small errors the radius' spread is what is said."""
    plain = law(variances=(1e-4, 4e-4), covariance=1.2e-4)
    draws = np.random.default_rng(0).multivariate_normal(
        [plain.intrinsic_dim, plain.log_constant], [[1e-4, 1.2e-4], [1.2e-4, 4e-4]], size=40_000
    )
    for bits in (0.0, 5.0, 40.0):
        logs = (draws[:, 1] - bits * math.log(2.0)) / draws[:, 0]
        radius = plain.radius(-bits, "")
        assert radius.standard_error / radius.value == pytest.approx(logs.std(), rel=0.03)
        low, high = np.quantile(np.exp(logs), [0.025, 0.975])
        assert radius.interval == pytest.approx((low, high), rel=2e-3)
        log2_p = (draws[:, 0] * math.log(radius.value) - draws[:, 1]) / math.log(2.0)
        assert plain.log2_probability_error(radius.value) == pytest.approx(log2_p.std(), rel=0.03)
    assert plain.correlation == pytest.approx(np.corrcoef(draws.T)[0, 1], abs=0.02)


def test_extra_variance_leaves_the_probability_at_its_scale():
    plain, scale = law(), 0.2
    wider = plain.with_extra_variance(0.5, math.log(scale))
    assert wider.log2_probability_error(scale) == pytest.approx(
        plain.log2_probability_error(scale)
    )
    assert wider.log2_probability_error(1e-3) > plain.log2_probability_error(1e-3)
    assert wider.variance_dim == plain.variance_dim + 0.5


def test_constant():
    found = law().constant("read", reading="volume")
    assert found.value == pytest.approx(math.exp(1.5))
    assert found.interval == pytest.approx(
        (math.exp(1.5 - 0.392), math.exp(1.5 + 0.392)), rel=1e-4
    )
    assert found.details["reading"] == "volume"
    assert found.details["log2_value"] == pytest.approx(1.5 / math.log(2.0))
    assert found.details["log2_interval"] == pytest.approx(np.log2(found.interval))


@pytest.mark.parametrize(("log_constant", "value"), [(3000.0, math.inf), (-3000.0, 0.0)])
def test_constants_beyond_floating_point(log_constant, value):
    found = law(400.0, log_constant)
    assert found.finite_constant is None
    constant = found.constant("")
    assert constant.value == value
    assert constant.details["log2_value"] == pytest.approx(log_constant / math.log(2.0))
    low, high = constant.details["log2_interval"]
    assert low < constant.details["log2_value"] < high
    assert 0.0 < found.radius(-1000.0, "").value < math.inf


def test_no_error_means_no_correlation():
    assert law(variances=(0.0, 0.0), covariance=0.0).correlation == 0.0
