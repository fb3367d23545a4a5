"""Several numbers behind one option reach the parser as one option each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.cli.argument_lists import spread_numbers

NUMBERS = st.lists(
    st.one_of(st.integers(-99, 99), st.floats(-1e3, 1e3, allow_nan=False)), min_size=1, max_size=5
)


@given(values=NUMBERS, joined=st.sampled_from([" ", ",", ", "]), equals=st.booleans())
def test_all_spellings_agree(values, joined, equals):
    words = [str(value) for value in values]
    listed = words if joined == " " else [joined.join(words)]
    head = [f"--snr-db={listed[0]}", *listed[1:]] if equals else ["--snr-db", *listed]
    given_line = ["delta-star", *head, "points.npy", "--quiet"]
    expected = ["delta-star", *(f"--snr-db={word}" for word in words), "points.npy", "--quiet"]
    assert spread_numbers(given_line, {"--snr-db"}) == expected
    assert spread_numbers(expected, {"--snr-db"}) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (["--mi-bits", "4", "x.npy"], ["--mi-bits=4", "x.npy"]),
        (["--mi-bits", "4", "--outage", ".1", ".5"], ["--mi-bits=4", "--outage", ".1", ".5"]),
        (["--mi-bits", "four", "5"], ["--mi-bits=four", "--mi-bits=5"]),
        (["--mi-bits"], ["--mi-bits"]),
        (["--mi-bits", "1,,2,"], ["--mi-bits=1", "--mi-bits=2"]),
        (["--mi-bits", ""], ["--mi-bits="]),
        (["x", "--", "--mi-bits", "1", "2"], ["x", "--", "--mi-bits", "1", "2"]),
        (["--seed", "1", "2"], ["--seed", "1", "2"]),
    ],
)
def test_only_numbers_behind_repeatable_options_are_spread(line, expected):
    assert spread_numbers(line, {"--mi-bits"}) == expected
