"""Equations (15) and (18) to (22) against the bounds and exact manifolds, at random numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import lambdify, sympify

from jscgc_theory import bounds
from jscgc_theory.derivations import equations
from jscgc_theory.derivations.fano import fano_right_side, relaxed_floor
from jscgc_theory.derivations.radius_bound import mi_bits_needed, vanishing_outage_radius
from jscgc_theory.derivations.symbols import (
    geometric_constant,
    intrinsic_dim,
    log2,
    mi_bits,
    n_cells,
    outage,
    radius,
)

LAW = (mi_bits, intrinsic_dim, geometric_constant)
bits = st.floats(0.0, 60.0)
dims = st.floats(0.5, 40.0)
constants = st.floats(1e-3, 1e3)


@given(bits, dims, constants)
def test_theorem_1_is_the_bound_of_the_package(mi, dim, constant):
    bound = bounds.delta_star_bound(mi, dim, constant)
    for number in (18, 22):
        right_side = lambdify(LAW, equations()[number]().rhs, "math")
        assert right_side(mi, dim, constant) == pytest.approx(bound, rel=1e-12)


@given(bits)
def test_equation_21_is_the_most_cells_of_the_package(mi):
    right_side = lambdify(mi_bits, equations()[21]().rhs, "math")
    assert right_side(mi) == pytest.approx(bounds.most_cells(mi), rel=1e-12)


@given(st.floats(1e-6, 10.0), dims, constants)
def test_the_inverse_is_that_of_the_package(distance, dim, constant):
    needed = lambdify((radius, intrinsic_dim, geometric_constant), mi_bits_needed(), "math")
    expected = bounds.mi_bits_needed(distance, dim, constant)
    assert needed(distance, dim, constant) == pytest.approx(expected, rel=1e-12, abs=1e-9)


@given(bits, dims, constants)
def test_vanishing_outage_is_the_limit_of_the_package(mi, dim, constant):
    limit = lambdify(LAW, vanishing_outage_radius(), "math")(mi, dim, constant)
    assert bounds.finite_outage_fano_bound(mi, 1e-14, dim, constant) == pytest.approx(limit)


@given(st.floats(1.5, 1e6), st.floats(0.0, 0.99))
def test_fano_is_an_equality_at_the_floor_of_the_package(count, share):
    mi = share * math.log2(count)
    floor = bounds.fano_outage_floor(mi, math.log2(count))
    left = math.log2(count) - mi
    right = lambdify((outage, n_cells), fano_right_side(), "math")(floor, count)
    assert right == pytest.approx(left, rel=1e-9)


@given(st.floats(2.0, 1e6), bits, st.floats(0.0, 1.0))
def test_relaxed_fano_is_that_of_the_package(count, mi, share):
    uniform = lambdify((n_cells, mi_bits), equations()[20]().rhs, "math")(count, mi)
    expected = bounds.relaxed_outage_floor(mi, math.log2(count))
    assert max(0.0, uniform) == pytest.approx(expected, abs=1e-12)
    entropy = share * math.log2(count)
    general = lambdify((n_cells, mi_bits), relaxed_floor(sympify(entropy)), "math")(count, mi)
    expected = bounds.relaxed_outage_floor(mi, math.log2(count), source_entropy_bits=entropy)
    assert max(0.0, general) == pytest.approx(expected, abs=1e-12)


def test_equation_19_is_written_with_the_entropy():
    statement = equations()[19]()
    assert statement.rhs == fano_right_side()
    assert str(statement.lhs) == "H(X) - I"
    assert equations()[15]().lhs.doit() == intrinsic_dim
    assert log2(n_cells).subs(n_cells, 8).simplify() == 3
