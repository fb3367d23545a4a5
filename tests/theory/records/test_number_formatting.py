"""Rounded numbers stay within what their interval supports."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jscgc_theory.records.formatting import format_estimate, format_number

ordinary = st.floats(min_value=1e-12, max_value=1e12).flatmap(
    lambda size: st.sampled_from([size, -size])
)


@given(value=ordinary, half=st.floats(min_value=1e-9, max_value=1e9))
def test_rounding_moves_a_number_by_less_than_a_tenth_of_half_the_interval(value, half):
    """Or by half of the eighth digit, where the interval is narrower."""
    low, high = value - half, value + half
    width = 0.5 * (high - low)
    assume(width > 0.0)
    text = format_estimate(value, (low, high))
    shown = [float(part.strip("[],")) for part in text.split()]
    for number, exact in zip(shown, (value, low, high), strict=True):
        assert abs(number - exact) <= 0.051 * width + 0.51e-7 * abs(exact)


@given(value=ordinary)
def test_four_digits_are_kept(value):
    assert float(format_number(value)) == pytest.approx(value, rel=6e-4)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (math.nan, "n/a"),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
        (0.0, "0"),
        (10000.0, "10000"),
        (1.23456e-9, "1.235e-9"),
        (1e300, "1e300"),
        (0.1, "0.1"),
    ],
)
def test_special_numbers(value, text):
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("value", "interval", "text"),
    [
        (12.4, (11.9, 12.9), "12.40 [11.90, 12.90]"),
        (12.4, None, "12.4"),
        (0.05, (0.0, 12.0), "0.050 [0, 12.0]"),
        (2.0, (2.0, 2.0), "2 [2, 2]"),
        (math.nan, (1.0, 2.0), "n/a [1, 2]"),
        (3.0, (1.0, math.inf), "3 [1, ∞]"),
        (31000.0, (18600.0, 43400.0), "31000 [18600, 43400]"),
        (1.3e110, (3e98, 5.360775303439e121), "1.3e110 [3.0e98, 5.4e121]"),
        (1.3e-5, (7e-6, 0.00475), "1.3e-5 [7.0e-6, 0.0047]"),
        (1 / 3, (1 / 3, 1 / 3 + 1e-15), "0.33333333 [0.33333333, 0.33333333]"),
    ],
)
def test_estimates(value, interval, text):
    assert format_estimate(value, interval) == text
