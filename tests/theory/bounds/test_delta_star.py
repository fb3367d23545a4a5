"""Equations (18), (21), (22) and the inverse, over the whole range they are asked for."""

import math

import pytest
from hypothesis import given

from jscgc_theory.bounds import (
    delta_star_bound,
    log2_delta_star_bound,
    log2_most_cells,
    log2_power_law_radius,
    mi_bits_needed,
    most_cells,
    power_law_radius,
)
from jscgc_theory.errors import InputError
from tests.ground_truth import sphere_coincidence_constant
from tests.strategies import geometric_constants, intrinsic_dims, mi_bits


@pytest.mark.parametrize(
    ("dim", "bits", "published"),
    [(1, 0.982, 0.795), (2, 2.887, 0.520), (4, 7.966, 0.321), (8, 27.80, 0.106)],
)
def test_spheres_of_the_theory_contract(dim: int, bits: float, published: float) -> None:
    constant = sphere_coincidence_constant(dim)
    assert delta_star_bound(bits, float(dim), constant) == pytest.approx(published, abs=6e-4)


@given(bits=mi_bits(1000.0), dim=intrinsic_dims(), constant=geometric_constants())
def test_inverse_returns_the_information(bits: float, dim: float, constant: float) -> None:
    log2_radius = log2_delta_star_bound(bits, dim, math.log2(constant))
    assert math.log2(constant) - dim * log2_radius - 1.0 == pytest.approx(bits, abs=1e-9)
    radius = delta_star_bound(bits, dim, constant)
    if radius > 1e-300:
        assert mi_bits_needed(radius, dim, constant) == pytest.approx(bits, abs=1e-9, rel=1e-9)


@given(bits=mi_bits(), dim=intrinsic_dims(), constant=geometric_constants())
def test_falls_in_information_grows_in_constant(bits: float, dim: float, constant: float) -> None:
    here = log2_delta_star_bound(bits, dim, math.log2(constant))
    assert log2_delta_star_bound(bits + dim, dim, math.log2(constant)) == pytest.approx(here - 1.0)
    assert log2_delta_star_bound(bits, dim, math.log2(constant) + 1.0) > here


@given(dim=intrinsic_dims(20.0), constant=geometric_constants())
def test_scaling_the_data_scales_the_radius(dim: float, constant: float) -> None:
    scaled = delta_star_bound(5.0, dim, constant * 3.0**dim)
    assert scaled == pytest.approx(3.0 * delta_star_bound(5.0, dim, constant), rel=1e-12)


def test_nothing_overflows_at_thousands_of_bits_or_a_thousand_dimensions() -> None:
    assert log2_delta_star_bound(1999.0, 1.0, 0.0) == -2000.0
    assert delta_star_bound(2000.0, 1000.0, 1.0) == pytest.approx(2.0**-2.001)
    assert log2_delta_star_bound(2000.0, 1000.0, -5000.0) == pytest.approx(-7.001)
    assert delta_star_bound(0.0, 1.0, 1e300) == pytest.approx(5e299)
    assert delta_star_bound(2000.0, 1.0, 1e-300) == 0.0
    assert power_law_radius(0.0, 0.1, 1e300) == math.inf


def test_number_of_cells() -> None:
    assert most_cells(0.0) == 2.0
    assert most_cells(2000.0) == math.inf
    assert log2_most_cells(2000.0) == 2001.0


def test_a_radius_too_large_needs_no_information() -> None:
    assert mi_bits_needed(10.0, 2.0, 1.0) < 0.0


def test_guards() -> None:
    with pytest.raises(InputError, match="mi_bits = -1 is negative"):
        delta_star_bound(-1.0, 2.0, 1.0)
    with pytest.raises(InputError, match="mi_bits = -1 is negative"):
        log2_most_cells(-1.0)
    with pytest.raises(InputError, match="intrinsic_dim = 0 is not positive"):
        delta_star_bound(1.0, 0.0, 1.0)
    with pytest.raises(InputError, match="geometric_constant = 0 is not positive"):
        delta_star_bound(1.0, 2.0, 0.0)
    with pytest.raises(InputError, match="radius = 0 is not positive"):
        mi_bits_needed(0.0, 2.0, 1.0)
    with pytest.raises(InputError, match="log2_geometric_constant = nan is not finite"):
        log2_delta_star_bound(1.0, 2.0, math.nan)
    with pytest.raises(InputError, match="log2_probability = 1 is above 0"):
        log2_power_law_radius(1.0, 2.0, 0.0)
