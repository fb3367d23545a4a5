"""Finite messages: Fano with equality, brute-force tests, theorems on random tables."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.bounds import (
    binary_divergence_bits,
    binary_entropy_bits,
    fano_outage_floor,
)
from jscgc_theory.errors import InputError
from jscgc_theory.sources import FiniteMessages
from tests.ground_truth import mutual_information_bits_of_table
from tests.statistics import assert_within_standard_errors
from tests.strategies import joint_tables, outage_probabilities


@given(n_messages=st.integers(2, 50), share=st.floats(1e-6, 1.0 - 1e-6))
def test_fano_is_an_equality_for_the_symmetric_channel(n_messages, share):
    error = share * (1.0 - 1.0 / n_messages)
    channel = FiniteMessages.symmetric(n_messages, error)
    spent = binary_entropy_bits(error) + error * math.log2(max(n_messages - 1, 1))
    assert channel.conditional_entropy_bits() == pytest.approx(spent, abs=1e-9)
    assert channel.map_error() == pytest.approx(error, abs=1e-9)
    floor = fano_outage_floor(channel.mutual_information_bits(), math.log2(n_messages))
    assert floor == pytest.approx(error, abs=1e-5)


@given(joint_tables())
def test_information_has_all_its_forms(table):
    channel = FiniteMessages(table)
    value = channel.mutual_information_bits()
    assert value == pytest.approx(mutual_information_bits_of_table(channel.joint), abs=1e-12)
    difference = channel.source_entropy_bits() - channel.conditional_entropy_bits()
    assert value == pytest.approx(difference, abs=1e-12)


@given(joint_tables())
def test_errors_obey_fano_and_cover_hart(table):
    channel = FiniteMessages(table)
    error, sampled = channel.map_error(), channel.posterior_sampling_error()
    limit = binary_entropy_bits(error) + error * math.log2(max(channel.n_messages - 1, 1))
    assert channel.conditional_entropy_bits() <= limit + 1e-9
    assert error - 1e-12 <= sampled <= 2.0 * error + 1e-12


@given(joint_tables(max_rows=3, max_columns=3), outage_probabilities(0.01, 0.99))
def test_beta_against_every_deterministic_test(table, outage):
    # The optimal test randomises on one cell: beta(a) is the lower hull of the 2^n tests.
    channel = FiniteMessages(table)
    joint = channel.joint.ravel()
    product = np.outer(channel.joint.sum(axis=1), channel.joint.sum(axis=0)).ravel()
    tests = np.array(list(itertools.product([0.0, 1.0], repeat=joint.size)))
    kept, false = tests @ joint, tests @ product
    a = 1.0 - outage
    above, below = kept >= a, kept < a
    rise = (false[above][:, None] - false[below]) / (kept[above][:, None] - kept[below])
    hull = false[below] + rise * (a - kept[below])
    beta = min(float(hull.min()), float(false[above].min()))
    assert 2.0 ** channel.log2_beta(outage) == pytest.approx(beta, rel=1e-6, abs=1e-12)


@given(joint_tables())
def test_meta_converse_and_perception_bind_every_decoder(table):
    channel = FiniteMessages(table)
    error = channel.map_error()
    if 1e-9 < error < 1.0 - 1e-9:
        ball = channel.small_ball_probability()
        assert math.log2(ball) >= channel.log2_beta(error) - 1e-9
        assert binary_divergence_bits(1.0 - error, min(ball, 1.0 - error)) <= (
            channel.mutual_information_bits() + 1e-9
        )
    sampled = channel.posterior_sampling_error()
    if 1e-9 < sampled < 1.0 - 1e-9:
        coincidence = channel.coincidence_probability()
        assert math.log2(coincidence) >= channel.log2_beta(sampled) - 1e-9


def test_draws_follow_the_table():
    rng = np.random.default_rng(0)
    channel = FiniteMessages([[0.4, 0.1, 0.0], [0.05, 0.05, 0.4]])
    x, y = channel.sample(20_000, rng)
    for cell in np.ndindex(2, 3):
        truth = float(channel.joint[cell])
        share = float(np.mean((x == cell[0]) & (y == cell[1])))
        if truth == 0.0:
            assert share == 0.0
        else:
            assert_within_standard_errors((share, math.sqrt(truth * (1 - truth) / 2e4)), truth)
    for decoded, truth in (
        (channel.decode(y), channel.map_error()),
        (channel.sample_posterior(y, rng), channel.posterior_sampling_error()),
    ):
        share = float(np.mean(decoded != x))
        assert_within_standard_errors((share, math.sqrt(truth * (1.0 - truth) / 2e4)), truth)


def test_a_pair_that_never_occurs_has_density_minus_infinity():
    channel = FiniteMessages([[0.5, 0.0], [0.0, 0.5]])
    assert channel.information_density_bits([0], [1])[0] == -math.inf
    assert channel.log2_beta(0.5) == pytest.approx(-2.0)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([[0.5, -0.1], [0.3, 0.3]], "holds -0.1"),
        ([[0.5, 0.1], [0.3, 0.3]], "adds to 1.2"),
        ([[0.5, math.nan]], "holds nan"),
        ([0.5, 0.5], "expected"),
    ],
)
def test_a_table_that_is_no_law_is_refused(table, message):
    with pytest.raises(InputError, match=message):
        FiniteMessages(table)


def test_impossible_arguments_are_refused():
    with pytest.raises(InputError, match="n_messages = 1"):
        FiniteMessages.symmetric(1, 0.1)
    with pytest.raises(InputError, match="error_probability = 1"):
        FiniteMessages.symmetric(2, 1.0)
    channel = FiniteMessages.symmetric(3, 0.1)
    with pytest.raises(InputError, match=r"outside 0\.\.2"):
        channel.decode([3])
    with pytest.raises(InputError, match="whole numbers"):
        channel.decode([0.5])
    with pytest.raises(InputError, match="outage_probability = 0"):
        channel.log2_beta(0.0)
    with pytest.raises(InputError, match="n_draws = 0"):
        channel.sample(0, np.random.default_rng(0))
