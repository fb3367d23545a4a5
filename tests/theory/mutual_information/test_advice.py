"""Which estimator applies, before any number is computed."""

import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.advice import advise


def applying(*size, **known):
    return [row.estimator for row in advise(*size, **known) if row.applies]


def test_a_velocity_field_comes_first():
    assert applying(1000, 64, 64, field_is_known=True, channel_is_known=True)[0] == "velocity_gap"


def test_without_the_channel_nothing_that_needs_it_applies():
    assert not {"known_channel", "codebook"} & set(applying(1000, 2, 2))


def test_neighbours_only_in_few_columns():
    assert "ksg" in applying(1000, 2, 2)
    assert "ksg" not in applying(1000, 25, 25)


def test_a_covariance_needs_more_pairs_than_columns():
    assert "gaussian" in applying(1000, 25, 25)
    assert "gaussian" not in applying(60, 25, 25)


def test_networks_need_pairs_to_train():
    assert "donsker_varadhan" not in applying(100, 2, 2)


def test_the_codebook_says_where_it_ends():
    (row,) = (r for r in advise(1024, 2, 2, channel_is_known=True) if r.estimator == "codebook")
    assert "10.0 bits" in row.why


def test_every_estimator_is_spoken_of_whatever_applies():
    assert {row.estimator for row in advise(10, 1, 1)} == {
        row.estimator for row in advise(10_000, 5, 5, channel_is_known=True, field_is_known=True)
    }


@pytest.mark.parametrize("size", [(0, 1, 1), (10, 0, 1), (10, 1, -2)])
def test_sizes_are_positive_whole_numbers(size):
    with pytest.raises(InputError):
        advise(*size)
