"""Binary entropy, divergence, and the least coincidence probability, judged by high precision."""

import math

import mpmath
import pytest
from hypothesis import given

from jscgc_theory.bounds import (
    binary_divergence_bits,
    binary_entropy_bits,
    log2_least_coincidence,
)
from jscgc_theory.errors import InputError
from tests.strategies import mi_bits, outage_probabilities


def _divergence(a: float, log2_q: float, *, outage: float) -> mpmath.mpf:
    """d2(a, q) in 2000 digits, a = 1 - outage."""
    with mpmath.workdps(2000):
        kept, q = 1 - mpmath.mpf(outage), mpmath.mpf(2) ** mpmath.mpf(log2_q)
        parts = kept * mpmath.log(kept / q, 2) + outage * mpmath.log(outage / (1 - q), 2)
        return +parts


@pytest.mark.parametrize(("p", "bits"), [(0.0, 0.0), (1.0, 0.0), (0.25, 2 - 0.75 * math.log2(3))])
def test_entropy_at_known_points(p: float, bits: float) -> None:
    assert binary_entropy_bits(p) == pytest.approx(bits, abs=1e-15)


def test_entropy_of_a_rare_event_keeps_its_digits() -> None:
    p = 1e-18
    assert binary_entropy_bits(p) == pytest.approx(p * (math.log2(1 / p) + 1 / math.log(2)))


@given(a=outage_probabilities(), b=outage_probabilities())
def test_divergence_is_a_divergence(a: float, b: float) -> None:
    assert binary_divergence_bits(a, b) >= 0.0
    assert binary_divergence_bits(a, a) == pytest.approx(0.0, abs=1e-15)
    # Pinsker's inequality, both arguments being laws of a coin.
    assert binary_divergence_bits(a, b) >= 2 / math.log(2) * (a - b) ** 2 - 1e-12


def test_divergence_is_infinite_where_the_second_law_excludes_an_outcome() -> None:
    assert binary_divergence_bits(0.5, 0.0) == math.inf
    assert binary_divergence_bits(0.5, 1.0) == math.inf
    assert binary_divergence_bits(0.0, 0.0) == 0.0


@given(bits=mi_bits(3000.0), outage=outage_probabilities())
def test_least_coincidence_spends_exactly_the_information(bits: float, outage: float) -> None:
    log2_q = log2_least_coincidence(bits, outage)
    assert log2_q <= math.log2(1.0 - outage) + 1e-12
    spent = float(_divergence(1.0 - outage, log2_q, outage=outage))
    # Near q = 1 - P_e the divergence is flat: an error of one part in 1e15 in q moves it by the
    # square root of the curvature, hence the absolute term.
    assert spent == pytest.approx(bits, rel=1e-12, abs=1e-12)


def test_least_coincidence_without_information_or_with_vanishing_outage() -> None:
    assert log2_least_coincidence(0.0, 0.25) == pytest.approx(math.log2(0.75), abs=1e-15)
    assert log2_least_coincidence(2000.0, 1e-300) == pytest.approx(-2000.0, rel=1e-12)
    assert log2_least_coincidence(1e-18, 0.5) == pytest.approx(-1.0, abs=1e-7)


@given(bits=mi_bits(), outage=outage_probabilities(1e-6, 0.9))
def test_more_information_or_more_outage_allows_less(bits: float, outage: float) -> None:
    assert log2_least_coincidence(bits + 1.0, outage) < log2_least_coincidence(bits, outage)
    assert log2_least_coincidence(bits, outage + 0.05) < log2_least_coincidence(bits, outage)


@pytest.mark.parametrize("bad", [-0.1, 1.1, math.nan])
def test_fractions_are_checked(bad: float) -> None:
    with pytest.raises(InputError, match="p = "):
        binary_entropy_bits(bad)
    with pytest.raises(InputError, match="b = "):
        binary_divergence_bits(0.5, bad)


def test_information_and_outage_are_checked() -> None:
    with pytest.raises(InputError, match="mi_bits = -1 is negative"):
        log2_least_coincidence(-1.0, 0.1)
    with pytest.raises(InputError, match="mi_bits = inf is not finite"):
        log2_least_coincidence(math.inf, 0.1)
    with pytest.raises(InputError, match="outage_probability = 1 is outside"):
        log2_least_coincidence(1.0, 1.0)
