"""Symbols and bandwidth ratios are two names of one number."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_model.channel import ratio_of_symbols, symbols_at_ratio
from jscgc_theory.errors import InputError

sides = st.integers(1, 2048)


@pytest.mark.parametrize(
    ("height", "width", "n_symbols"),
    [(256, 256, 512), (512, 768, 3072), (768, 512, 3072), (16, 16, 2)],
)
@pytest.mark.parametrize("ratio", [Fraction(1, 384), 1 / 384, "1/384", "2/768"])
def test_the_ratio_of_the_paper(height, width, n_symbols, ratio):
    assert symbols_at_ratio(ratio, height=height, width=width) == n_symbols
    assert ratio_of_symbols(n_symbols, height=height, width=width) == Fraction(1, 384)


@given(n_symbols=st.integers(1, 10**7), height=sides, width=sides)
def test_round_trip(n_symbols, height, width):
    ratio = ratio_of_symbols(n_symbols, height=height, width=width)
    for form in (ratio, float(ratio), str(ratio)):
        assert symbols_at_ratio(form, height=height, width=width) == n_symbols


@pytest.mark.parametrize(
    ("ratio", "message"),
    [
        ("1/384", "gives 1.5 symbols for 12 x 16 pixels, no whole number; .*: 1/576, 1/288"),
        (1e-6, "gives 0.000576 symbols for 12 x 16 pixels, no whole number; .*: 1/576"),
        (0.0, "bandwidth ratio 0.0 is not positive"),
        (Fraction(-1, 384), "bandwidth ratio -1/384 is not positive"),
        ("a third", "bandwidth ratio 'a third' is no number"),
        ("1/0", "bandwidth ratio '1/0' is no number"),
        (float("nan"), "bandwidth ratio nan is no number"),
        (float("inf"), "bandwidth ratio inf is no number"),
    ],
)
def test_ratios_that_do_not_fit_are_refused(ratio, message):
    with pytest.raises(InputError, match=message):
        symbols_at_ratio(ratio, height=12, width=16)


@pytest.mark.parametrize("stated", [{"height": 0}, {"width": -3}, {"n_symbols": 0}])
def test_sizes_that_are_none_are_refused(stated):
    sizes = {"n_symbols": 2, "height": 16, "width": 16, **stated}
    (name,) = stated
    with pytest.raises(InputError, match=f"{name} = .* is too small"):
        ratio_of_symbols(**sizes)
