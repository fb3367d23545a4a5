"""Derivatives against finite differences, propagation against simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.bounds import (
    delta_star_bound,
    delta_star_sensitivities,
    log2_delta_star_bound,
    log_radius_standard_error,
    power_law_sensitivities,
)
from jscgc_theory.errors import InputError


def _log_radius(bits: float, dim: float, log_constant: float) -> float:
    return log2_delta_star_bound(bits, dim, log_constant / math.log(2)) * math.log(2)


@given(bits=st.floats(1.0, 2000.0), dim=st.floats(1.0, 100.0), log_c=st.floats(-10.0, 10.0))
def test_derivatives_are_difference_quotients(bits: float, dim: float, log_c: float) -> None:
    step = 1e-4
    by = delta_star_sensitivities(bits, dim, math.exp(log_c))

    def slope(*move: float) -> float:
        up = _log_radius(bits + move[0], dim + move[1], log_c + move[2])
        down = _log_radius(bits - move[0], dim - move[1], log_c - move[2])
        return (up - down) / (2 * step)

    assert by.mi_bits == pytest.approx(slope(step, 0.0, 0.0), rel=1e-5)
    assert by.intrinsic_dim == pytest.approx(slope(0.0, step, 0.0), rel=1e-5, abs=1e-6)
    assert by.log_geometric_constant == pytest.approx(slope(0.0, 0.0, step), rel=1e-5)
    assert by.geometric_constant == pytest.approx(by.log_geometric_constant / math.exp(log_c))


def test_error_budget_of_the_theory_contract() -> None:
    """C wrong by 10x at d = 30 moves delta* by 8 %."""
    by = delta_star_sensitivities(1053.0, 30.0, 1.0)
    assert math.exp(by.log_geometric_constant * math.log(10.0)) == pytest.approx(1.08, abs=0.001)
    assert delta_star_bound(100.0, 30.0, 10.0) / delta_star_bound(
        100.0, 30.0, 1.0
    ) == pytest.approx(1.08, abs=0.001)


def test_propagation_matches_simulation() -> None:
    covariance = np.array([[0.01, 0.009], [0.009, 0.02]])
    rng = np.random.default_rng(5)
    draws = rng.multivariate_normal([4.0, math.log(3.0)], covariance, size=100_000)
    bits = 10.0 + 0.2 * rng.standard_normal(draws.shape[0])
    simulated = np.std((draws[:, 1] - (bits + 1) * math.log(2)) / draws[:, 0])
    stated = log_radius_standard_error(
        delta_star_sensitivities(10.0, 4.0, 3.0), covariance, mi_bits_standard_error=0.2
    )
    assert stated == pytest.approx(simulated, rel=0.02)


def test_correlated_errors_cancel_at_the_scale_of_the_fit() -> None:
    """If q is known exactly at r = 1, errors of d leave the radius there untouched."""
    at_one = power_law_sensitivities(0.0, 4.0, 1.0)
    assert log_radius_standard_error(at_one, [[0.25, 0.0], [0.0, 0.0]]) == 0.0
    # q exact at r = e: ln C = d there, so d and ln C move together.
    at_e = power_law_sensitivities(0.0, 4.0, math.exp(4.0))
    assert log_radius_standard_error(at_e, [[0.25, 0.25], [0.25, 0.25]]) == pytest.approx(0.0)
    assert log_radius_standard_error(at_e, [[0.25, 0.0], [0.0, 0.25]]) > 0.1


def test_guards() -> None:
    by = delta_star_sensitivities(1.0, 2.0, 1.0)
    with pytest.raises(InputError, match="give the finite 2 x 2 covariance"):
        log_radius_standard_error(by, [[1.0]])
    with pytest.raises(InputError, match="give the finite 2 x 2 covariance"):
        log_radius_standard_error(by, [[math.nan, 0.0], [0.0, 1.0]])
    with pytest.raises(InputError, match="not symmetric with eigenvalues of at least 0"):
        log_radius_standard_error(by, [[1.0, 2.0], [2.0, 1.0]])
    with pytest.raises(InputError, match="not symmetric"):
        log_radius_standard_error(by, [[1.0, 0.5], [0.0, 1.0]])
    with pytest.raises(InputError, match="mi_bits_standard_error = -1 is negative"):
        log_radius_standard_error(by, np.eye(2), -1.0)
    with pytest.raises(InputError, match="mi_bits = -1 is negative"):
        delta_star_sensitivities(-1.0, 2.0, 1.0)
    with pytest.raises(InputError, match="geometric_constant = 0 is not positive"):
        power_law_sensitivities(-1.0, 2.0, 0.0)
