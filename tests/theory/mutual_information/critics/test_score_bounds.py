import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.critics import dv_lower_bound_bits
from jscgc_theory.mutual_information.critics import score_bounds as bounds
from jscgc_theory.mutual_information.critics.held_out import blocks_of, read_blocks, score_limits
from tests.statistics import assert_within_standard_errors, sample_mean_and_error
from tests.theory.mutual_information.critics.gaussian_scores import (
    gaussian_pairs,
    information_bits,
    log_ratio,
)


def random_scores(m, seed=0):
    return np.random.default_rng(seed).normal(size=(m, m))


def product_mean(scores, function):
    m = len(scores)
    values = [function(scores[i][j]) for i in range(m) for j in range(m) if i != j]
    return sum(values) / len(values)


def plain_info_nce(scores):
    m = len(scores)
    log_means = [math.log(sum(math.exp(t) for t in row) / m) for row in scores]
    return sum(scores[i][i] - log_means[i] for i in range(m)) / m


def plain_dv(scores, clip=math.inf):
    own = sum(scores[i][i] for i in range(len(scores))) / len(scores)
    return own - math.log(product_mean(scores, lambda t: math.exp(max(-clip, min(clip, t)))))


def plain_nwj(scores):
    own = sum(scores[i][i] for i in range(len(scores))) / len(scores)
    return own + 1.0 - product_mean(scores, math.exp)


def plain_jensen_shannon(scores):
    m = len(scores)
    own = sum(math.log1p(math.exp(-scores[i][i])) for i in range(m)) / m
    return -own - product_mean(scores, lambda t: math.log1p(math.exp(t)))


TWINS = [
    (bounds.info_nce_contributions, plain_info_nce),
    (bounds.dv_contributions, plain_dv),
    (bounds.nwj_contributions, plain_nwj),
    (bounds.jensen_shannon_contributions, plain_jensen_shannon),
    (lambda s: bounds.smile_contributions(s, 0.5), lambda s: plain_dv(s, 0.5)),
]


@pytest.mark.parametrize(("fast", "plain"), TWINS)
@pytest.mark.parametrize("m", [2, 3, 9])
def test_each_value_equals_its_plain_twin(fast, plain, m):
    scores = random_scores(m)
    assert fast(scores).mean() == pytest.approx(plain(scores.tolist()), rel=1e-12)


@pytest.mark.parametrize(("fast", "plain"), TWINS)
def test_contributions_are_the_influence_of_each_pair(fast, plain):
    # Leaving pair k out moves the value by (value - contribution_k) / (m - 1) to first order.
    m = 60
    x, y = gaussian_pairs(m, [0.6], np.random.default_rng(2))
    scores = log_ratio(x, y, [0.6])
    found = fast(scores)
    left_out = []
    for k in range(m):
        kept = np.delete(np.arange(m), k)
        left_out.append(plain(scores[np.ix_(kept, kept)].tolist()))
    jackknife = plain(scores.tolist()) - (m - 1) * (np.array(left_out) - np.mean(left_out))
    assert np.corrcoef(jackknife, found)[0, 1] > 0.99
    assert found.std() == pytest.approx(jackknife.std(), rel=0.1)


@pytest.mark.parametrize("correlations", [[0.5], [0.9], [0.8, 0.8, 0.3]])
def test_the_optimal_critic_reaches_the_truth(correlations):
    x, y = gaussian_pairs(1500, correlations, np.random.default_rng(5))
    scores = log_ratio(x, y, correlations)
    truth = information_bits(correlations)
    assert_within_standard_errors(dv_lower_bound_bits(scores), truth)
    assert_within_standard_errors(bounds.mean_bits(bounds.nwj_contributions(scores)), truth)
    value, error = bounds.mean_bits(bounds.info_nce_contributions(scores))
    assert_within_standard_errors((value, error), truth)


@pytest.mark.parametrize(
    "read",
    [bounds.info_nce_contributions, bounds.dv_contributions, bounds.nwj_contributions],
)
def test_the_standard_error_is_the_spread_over_samples(read):
    rng = np.random.default_rng(11)
    found = []
    for _ in range(200):
        x, y = gaussian_pairs(100, [0.95], rng)
        found.append(bounds.mean_bits(read(log_ratio(x, y, [0.95]))))
    values, errors = np.array(found).T
    # A standard deviation of 200 draws is known to 1 / sqrt(400).
    assert np.sqrt(np.mean(errors**2)) / values.std(ddof=1) == pytest.approx(1.0, abs=4 / 20)


def test_nwj_is_unbiased_for_any_critic():
    # E_joint[T] - E_product[e^T] + 1 of T = a x y is known: a rho - 1 / sqrt(1 - a^2) + 1.
    rng, rho, a = np.random.default_rng(3), 0.7, 0.4
    values = []
    for _ in range(300):
        x, y = gaussian_pairs(30, [rho], rng)
        values.append(bounds.nwj_contributions(a * x @ y.T).mean())
    truth = a * rho - 1.0 / math.sqrt(1.0 - a * a) + 1.0
    assert_within_standard_errors(sample_mean_and_error(values), truth)


@given(m=st.integers(2, 12), seed=st.integers(0, 10**6), scale=st.floats(0.0, 300.0))
def test_info_nce_never_exceeds_the_logarithm_of_its_batch(m, seed, scale):
    scores = scale * random_scores(m, seed) + scale * np.eye(m)
    assert bounds.info_nce_contributions(scores).mean() <= math.log(m) + 1e-9


@given(seed=st.integers(0, 10**6), shift=st.floats(-50.0, 50.0))
def test_what_a_constant_added_to_the_critic_changes(seed, shift):
    scores = random_scores(8, seed)
    for read in (bounds.info_nce_contributions, bounds.dv_contributions):
        np.testing.assert_allclose(read(scores + shift), read(scores), atol=1e-9)
    best = bounds.nwj_contributions(scores - bounds.product_shares(scores)[0]).mean()
    assert best == pytest.approx(bounds.dv_contributions(scores).mean(), abs=1e-9)
    assert bounds.nwj_contributions(scores + shift).mean() <= best + 1e-9


def test_shares_say_who_carries_the_product_mean():
    even = bounds.product_shares(np.zeros((5, 5)))
    assert even[0] == pytest.approx(0.0)
    np.testing.assert_allclose(even[1], 1.0)
    scores = np.zeros((5, 5))
    scores[1, 3] = 50.0
    np.testing.assert_allclose(bounds.product_shares(scores)[1], [0, 2.5, 0, 2.5, 0], atol=1e-12)


def test_nwj_of_an_absurd_critic_is_finite_and_refuted():
    found = bounds.nwj_contributions(np.full((4, 4), 1e4))
    assert np.isfinite(bounds.mean_bits(found)).all()
    assert found.mean() < -1e100


def test_half_batches_are_the_two_halves():
    scores = random_scores(9)
    expected = [
        *bounds.info_nce_contributions(scores[:4, :4]),
        *bounds.info_nce_contributions(scores[4:, 4:]),
    ]
    np.testing.assert_array_equal(bounds.half_batch_contributions(scores), expected)


@pytest.mark.parametrize("n_pairs", [1, 2048, 2049, 10_000])
def test_blocks_cut_the_pairs_into_nearly_equal_parts(n_pairs):
    blocks = blocks_of(n_pairs)
    sizes = [block.stop - block.start for block in blocks]
    assert np.concatenate([np.arange(n_pairs)[block] for block in blocks]).tolist() == list(
        range(n_pairs)
    )
    assert max(sizes) <= 2048
    assert max(sizes) - min(sizes) <= 1


def test_blocks_are_read_in_order():
    read = read_blocks(
        lambda block: np.diag(np.arange(block.start, block.stop, dtype=float)),
        3000,
        np.diagonal,
        lambda scores: -np.diagonal(scores),
    )
    np.testing.assert_array_equal(read[0], np.arange(3000.0))
    np.testing.assert_array_equal(read[1], -np.arange(3000.0))


def test_limits_leave_one_training_pair_in_a_thousand_above():
    assert score_limits(np.arange(1001.0)) == (-10.0, pytest.approx(999.0))
    assert score_limits(np.full(3, -50.0)) == (-10.0, -10.0)


@pytest.mark.parametrize(
    ("scores", "problem"),
    [
        (np.zeros((3, 2)), "a square matrix"),
        (np.zeros((1, 1)), "at least 2"),
        (np.array([[0.0, np.nan], [0.0, 0.0]]), "nan|finite"),
        ([1.0, 2.0], "expected"),
    ],
)
def test_unusable_scores_are_refused(scores, problem):
    with pytest.raises(InputError, match=f"(?i){problem}"):
        dv_lower_bound_bits(scores)
