import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory import units

information_values = st.floats(-1e9, 1e9)
decibels = st.floats(-300.0, 300.0)


@given(bits=information_values)
def test_bits_to_nats_and_back(bits):
    assert units.nats_to_bits(units.bits_to_nats(bits)) == pytest.approx(bits, rel=1e-15)


@given(db=decibels)
def test_decibels_to_a_ratio_and_back(db):
    ratio = units.db_to_power_ratio(db)
    assert units.power_ratio_to_db(ratio) == pytest.approx(db, rel=1e-13, abs=1e-13)


@given(first=decibels, second=decibels)
def test_decibels_add_where_ratios_multiply(first, second):
    product = units.db_to_power_ratio(first) * units.db_to_power_ratio(second)
    assert units.power_ratio_to_db(product) == pytest.approx(first + second, abs=1e-10)


def test_known_values():
    assert units.nats_to_bits(math.log(2.0)) == 1.0
    assert units.bits_to_nats(1.0) == math.log(2.0)
    assert units.db_to_power_ratio(0.0) == 1.0
    assert units.db_to_power_ratio(-10.0) == pytest.approx(0.1, rel=1e-15)
    assert units.db_to_power_ratio(3.0) == pytest.approx(1.9952623149688795, rel=1e-15)
