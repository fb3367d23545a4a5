"""Fano's inequality: equality where it is attained, validity under MAP, inverses."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from jscgc_theory.bounds import (
    binary_entropy_bits,
    delta_star_bound,
    fano_outage_floor,
    finite_outage_fano_bound,
    finite_outage_log2_probability,
    log2_least_coincidence,
    outage_floor,
    relaxed_outage_floor,
)
from jscgc_theory.errors import InputError
from tests.ground_truth import mutual_information_bits_of_table
from tests.strategies import (
    geometric_constants,
    intrinsic_dims,
    joint_tables,
    mi_bits,
    outage_probabilities,
)


@given(n_cells=st.integers(2, 40), error=st.floats(1e-9, 1.0))
def test_equality_on_the_symmetric_channel(n_cells: int, error: float) -> None:
    """Uniform input, every wrong cell equally likely: Fano is an equality up to 1 - 1/K."""
    error *= 1.0 - 1.0 / n_cells
    table = np.full((n_cells, n_cells), error / (n_cells - 1) / n_cells)
    np.fill_diagonal(table, (1.0 - error) / n_cells)
    mi = max(0.0, mutual_information_bits_of_table(table))
    floor = fano_outage_floor(mi, math.log2(n_cells))
    # At the top the entropy is flat: an error of 1e-15 in I is one of 1e-7 in P_e.
    slope = abs(math.log2((n_cells - 1) * (1.0 - error) / error)) + 1e-8
    assert floor == pytest.approx(error, rel=1e-9, abs=1e-12 / slope)


@given(table=joint_tables())
def test_map_error_is_above_every_floor(table: NDArray[np.float64]) -> None:
    rows = table.sum(axis=1)
    entropy = float(-(rows * np.log2(rows)).sum())
    map_error = 1.0 - float(table.max(axis=0).sum())
    mi = max(0.0, mutual_information_bits_of_table(table))
    log2_count = math.log2(table.shape[0])
    exact = fano_outage_floor(mi, log2_count, source_entropy_bits=min(entropy, log2_count))
    relaxed = relaxed_outage_floor(mi, log2_count, source_entropy_bits=min(entropy, log2_count))
    assert relaxed <= exact <= map_error + 1e-9


@given(log2_count=st.floats(0.01, 3000.0), share=st.floats(0.0, 1.2))
def test_relaxed_floor_is_below_the_exact_one(log2_count: float, share: float) -> None:
    mi = share * log2_count
    exact = fano_outage_floor(mi, log2_count)
    assert 0.0 <= relaxed_outage_floor(mi, log2_count) <= exact <= 1.0
    if mi >= log2_count:
        assert exact == 0.0


@given(bits=st.floats(1e-3, 3000.0), outage=outage_probabilities(1e-9, 0.999))
def test_fano_on_equal_cells_is_binary_data_processing(bits: float, outage: float) -> None:
    """(19) with H = log2 K says d2(1 - P_e, 1/K) <= I: the two solvers invert each other."""
    log2_count = -log2_least_coincidence(bits, outage)
    assert fano_outage_floor(bits, log2_count) == pytest.approx(outage, rel=1e-6)


def test_floors_at_known_points() -> None:
    assert relaxed_outage_floor(3.0, 8.0) == 0.5
    assert fano_outage_floor(0.0, 2000.0) == 1.0
    assert fano_outage_floor(5.0, 5.0) == 0.0
    assert fano_outage_floor(0.0, 0.0) == 0.0
    assert relaxed_outage_floor(0.0, 0.0) == 0.0
    # Thousands of bits: (20) is nearly exact, h(1/2) being its 1 bit.
    assert fano_outage_floor(999.0, 2000.0) == pytest.approx(0.5, abs=1e-9)


def test_lower_source_entropy_lowers_the_floor() -> None:
    uniform = fano_outage_floor(1.0, 4.0)
    assert fano_outage_floor(1.0, 4.0, source_entropy_bits=4.0) == uniform
    assert 0.0 < fano_outage_floor(1.0, 4.0, source_entropy_bits=3.0) < uniform
    assert fano_outage_floor(1.0, 4.0, source_entropy_bits=1.0) == 0.0


@given(
    bits=mi_bits(500.0),
    outage=outage_probabilities(1e-4, 0.99),
    dim=intrinsic_dims(100.0),
    constant=geometric_constants(),
)
def test_outage_floor_inverts_the_radius_bound(
    bits: float, outage: float, dim: float, constant: float
) -> None:
    radius = finite_outage_fano_bound(bits, outage, dim, constant)
    if 1e-300 < radius < 1e300:
        recovered = outage_floor(bits, radius, dim, constant)
        # (I + h)/(1 - P_e) has slope above (I - log2 P_e), so rounding of log2 K stays small.
        assert recovered == pytest.approx(outage, rel=1e-6)


@given(bits=mi_bits(), dim=intrinsic_dims(), constant=geometric_constants())
def test_vanishing_outage_is_a_factor_above_delta_star(
    bits: float, dim: float, constant: float
) -> None:
    """P_e -> 0 gives (C 2^-I)^(1/d), a factor 2^(1/d) above (18)."""
    expected = 2.0 ** (1.0 / dim) * delta_star_bound(bits, dim, constant)
    limit = finite_outage_fano_bound(bits, 1e-14, dim, constant)
    assert limit == pytest.approx(expected, rel=1e-6, abs=1e-300)


def test_with_one_bit_of_entropy_r1_is_equation_20_inverted() -> None:
    """At P_e = 1/2, h = 1: (20) reads log2 K <= 2 (I + 1)."""
    assert finite_outage_log2_probability(3.0, 0.5) == -8.0
    assert relaxed_outage_floor(3.0, 8.0) == 0.5


@given(bits=mi_bits(), outage=outage_probabilities())
def test_r1_never_beats_binary_data_processing(bits: float, outage: float) -> None:
    weaker = finite_outage_log2_probability(bits, outage)
    assert weaker <= log2_least_coincidence(bits, outage) + 1e-12


def test_finite_outage_allows_radii_below_delta_star() -> None:
    """The caveat of theory.md section 2: on the circle at P_e = 1/2, R1 lies below (18)."""
    circle = (0.5, 1.0, math.pi)
    assert finite_outage_fano_bound(0.4, *circle) < delta_star_bound(0.4, *circle[1:])


def test_outage_floor_at_large_and_small_radii() -> None:
    assert outage_floor(1.0, 100.0, 2.0, 4.0) == 0.0
    assert outage_floor(1.0, 1e-200, 20.0, 4.0) == pytest.approx(1.0, abs=1e-3)
    assert 0.0 < outage_floor(0.0, 1.0, 2.0, 4.0) < 1.0
    # With no information, (1 - P_e) log2 K = h(P_e).
    floor = outage_floor(0.0, 1.0, 2.0, 4.0)
    assert (1.0 - floor) * 2.0 == pytest.approx(binary_entropy_bits(floor))


def test_guards() -> None:
    with pytest.raises(InputError, match="log2_count = -1 is negative"):
        fano_outage_floor(1.0, -1.0)
    with pytest.raises(InputError, match="source_entropy_bits = 5 exceeds log2_count = 4"):
        fano_outage_floor(1.0, 4.0, source_entropy_bits=5.0)
    with pytest.raises(InputError, match="source_entropy_bits = -1 is negative"):
        relaxed_outage_floor(1.0, 4.0, source_entropy_bits=-1.0)
    with pytest.raises(InputError, match="mi_bits = -1 is negative"):
        relaxed_outage_floor(-1.0, 4.0)
    with pytest.raises(InputError, match="outage_probability = 0 is outside"):
        finite_outage_fano_bound(1.0, 0.0, 2.0, 4.0)
    with pytest.raises(InputError, match="radius = -1 is not positive"):
        outage_floor(1.0, -1.0, 2.0, 4.0)
    with pytest.raises(InputError, match="intrinsic_dim = 0 is not positive"):
        outage_floor(1.0, 1.0, 0.0, 4.0)
