"""The same information from arrays as from a callable field, and their refusals."""

import math

import numpy as np
import pytest
from scipy.special import expit

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.velocity import velocity_gap_from_arrays
from jscgc_theory.mutual_information.velocity.clustered_mean import clustered_means, source_codes
from jscgc_theory.mutual_information.velocity.field import SourcePairs
from jscgc_theory.mutual_information.velocity.integrand_sample import sample_integrands
from jscgc_theory.mutual_information.velocity.summary import summarise
from jscgc_theory.sources import SphereChannel
from jscgc_theory.sources.exact_velocity import ExactVelocity
from tests.statistics import assert_within_standard_errors

CHANNEL = SphereChannel(2, 5.0)
T_RANGE = (0.003, 0.95)


def drawn_sample(n_pairs=500, n_draws=16):
    rng = np.random.default_rng(0)
    x, y_hat = CHANNEL.sample(n_pairs, rng)
    pairs = SourcePairs.from_arrays(x, y_hat)
    low, high = (math.log(t / (1.0 - t)) for t in T_RANGE)
    sample = sample_integrands(ExactVelocity(CHANNEL), pairs, (low, high), n_draws, rng)
    return pairs, sample


def losses_of(sample):
    weight = expit(-sample.log_odds) ** 2
    return [a / weight for a in (sample.unconditional, sample.conditional, sample.squared)]


def test_drawn_times_give_what_the_field_gives():
    pairs, sample = drawn_sample()
    by_field = summarise(sample, source_codes(pairs.x), pairs.total_variance)
    by_arrays = velocity_gap_from_arrays(
        *losses_of(sample),
        log_odds=sample.log_odds,
        t_range=T_RANGE,
        total_variance=pairs.total_variance,
    )
    for name in ("mi_bits", "squared_form_bits", "loss_gap_bits", "disagreement_bits"):
        ours, theirs = getattr(by_field, name), getattr(by_arrays, name)
        assert theirs.value == pytest.approx(ours.value, rel=1e-9)
        assert theirs.standard_error == pytest.approx(ours.standard_error, rel=1e-9)
    assert by_arrays.lower_tail_bits == pytest.approx(by_field.lower_tail_bits, rel=1e-9)
    assert by_arrays.curve.squared_form_bits == pytest.approx(by_field.curve.squared_form_bits)
    assert by_arrays.misfit_bits is None


def test_t_and_log_odds_say_the_same():
    _, sample = drawn_sample(n_pairs=50)
    first, second = (
        velocity_gap_from_arrays(*losses_of(sample), t_range=T_RANGE, **times)
        for times in ({"log_odds": sample.log_odds}, {"t": expit(sample.log_odds)})
    )
    assert second.mi_bits.value == pytest.approx(first.mi_bits.value, rel=1e-9)


def test_a_grid_of_times_gives_the_truth():
    rng, field = np.random.default_rng(0), ExactVelocity(CHANNEL)
    x, y_hat = CHANNEL.sample(3000, rng)
    grid = np.linspace(-6.0, 3.1, 60)
    columns = []
    for t in expit(grid):
        noise = rng.standard_normal(x.shape)
        x_t = (1.0 - t) * x + t * noise
        v_u, v_c = field(x_t, t), field(x_t, t, y_hat)
        differences = (noise - x - v_u, noise - x - v_c, v_c - v_u)
        columns.append([np.sum(difference**2, axis=1) for difference in differences])
    arrays = np.array(columns).transpose(1, 2, 0)
    found = velocity_gap_from_arrays(*arrays, t=expit(grid), total_variance=1.0)
    truth = CHANNEL.mutual_information_bits()
    for estimate in (found.mi_bits, found.squared_form_bits, found.loss_gap_bits):
        assert_within_standard_errors(estimate, truth)
    assert found.notices == ()


def test_repetition_adds_no_knowledge():
    values = np.random.default_rng(0).standard_normal((40, 2))
    single = clustered_means(values, np.arange(40))
    repeated = clustered_means(np.repeat(values, 3, axis=0), np.repeat(np.arange(40), 3))
    assert repeated.mean == pytest.approx(single.mean)
    assert repeated.covariance == pytest.approx(single.covariance)
    assert np.isinf(clustered_means(values, np.zeros(40, dtype=np.int64)).standard_error).all()


def test_rows_that_differ_only_in_the_sign_of_zero_are_one_source_point():
    x = np.array([[0.0, 1.0], [-0.0, 1.0], [1.0, 0.0]])
    codes = source_codes(x)
    assert codes[0] == codes[1] != codes[2]


def test_groups_widen_the_interval():
    _, sample = drawn_sample(n_pairs=50)
    arrays = [np.repeat(array, 4, axis=0) for array in losses_of(sample)]
    times = {"log_odds": np.repeat(sample.log_odds, 4, axis=0), "t_range": T_RANGE}
    grouped = velocity_gap_from_arrays(*arrays, groups=np.repeat(np.arange(50), 4), **times)
    independent = velocity_gap_from_arrays(*arrays, **times)
    ratio = grouped.loss_gap_bits.standard_error / independent.loss_gap_bits.standard_error
    assert ratio == pytest.approx(2.0, rel=0.02)


def refused(match, arrays=None, **kwargs):
    _, sample = drawn_sample(n_pairs=30)
    given = losses_of(sample) if arrays is None else arrays
    with pytest.raises(InputError, match=match):
        velocity_gap_from_arrays(*given, **kwargs)


def test_bad_input_is_refused():
    grid = np.linspace(0.1, 0.9, 16)
    refused("exactly one of them")
    refused("exactly one of them", t=grid, log_odds=grid)
    refused("outside \\(0, 1\\)", t=np.linspace(0.0, 0.9, 16))
    refused("outside \\(0, 1\\)", t=np.full(16, np.nan))
    refused("log_odds holds NaN", log_odds=np.full(16, np.inf))
    refused("ascending times", t=grid[::-1])
    refused("ascending times", arrays=[np.ones((30, 4))] * 3, t=grid[:4])
    refused("one time per column", t=grid[:9])
    refused("t_range is missing", t=np.full((30, 16), 0.5))
    refused("outside t_range", t=np.full((30, 16), 0.5), t_range=(0.6, 0.7))
    refused("one label per pair", t=grid, groups=[1, 2])
    refused("not positive", t=grid, total_variance=0.0)
    refused("the arrays have shapes", arrays=[np.ones((30, 16))] * 2 + [np.ones((29, 16))], t=grid)
    refused("losses_conditional holds nan", arrays=[np.ones((30, 16)), np.full((30, 16), np.nan),
                                                    np.ones((30, 16))], t=grid)  # fmt: skip
