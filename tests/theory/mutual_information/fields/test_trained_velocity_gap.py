import math

import numpy as np
import pytest

from jscgc_theory.mutual_information.fields import TrainedVelocityGap, TrainingSettings
from jscgc_theory.sources import SphereChannel
from tests.statistics import assert_coverage

QUICK = TrainingSettings(n_steps=150, batch_size=128, width=16, depth=1)


def gaussian_pairs(n_pairs, correlation, rng):
    x = rng.standard_normal((n_pairs, 1))
    noise = rng.standard_normal((n_pairs, 1))
    return x, correlation * x + math.sqrt(1.0 - correlation**2) * noise


def codes(estimate):
    return {notice.code for notice in estimate.notices}


@pytest.mark.parametrize("correlation", [0.0, 0.75])
def test_gaussian_pairs(correlation):
    rng = np.random.default_rng(1)
    x, y = gaussian_pairs(3000, correlation, rng)
    estimate = TrainedVelocityGap(settings=QUICK, rng=rng).fit(x, y).estimate_
    exact = -0.5 * math.log2(1.0 - correlation**2)
    assert estimate.covers(exact)
    assert estimate.half_width < 0.2
    assert codes(estimate) == set()
    assert estimate.details["side"] == "estimate"


def test_the_answer_stands_on_both_forms_and_on_the_change_by_training():
    rng = np.random.default_rng(2)
    x, y = gaussian_pairs(600, 0.9, rng)
    estimate = TrainedVelocityGap(settings=QUICK, generated="x", rng=rng).fit(x, y).estimate_
    details = estimate.details
    forms = details["squared_form_bits"] - details["loss_gap_bits"]
    assert details["disagreement_bits"] == pytest.approx(forms)
    reach = max(abs(details["disagreement_bits"]), abs(details["change_by_training_bits"]))
    assert estimate.half_width >= reach
    assert estimate.n_points_used == 150


def test_a_field_that_is_still_learning_says_so():
    # A wave has no linear part: the Gaussian start knows little of its bits.
    rng = np.random.default_rng(3)
    x = rng.standard_normal((1000, 1))
    y = np.cos(2.0 * x) + 0.1 * rng.standard_normal((1000, 1))
    few = TrainingSettings(n_steps=200, batch_size=128, width=32, depth=2)
    estimate = TrainedVelocityGap(settings=few, rng=rng).fit(x, y).estimate_
    assert "field_not_trained" in codes(estimate)


def test_a_field_that_stays_at_its_gaussian_start_is_found_out():
    rng = np.random.default_rng(3)
    x = rng.standard_normal((1000, 1))
    y = np.cos(2.0 * x) + 0.1 * rng.standard_normal((1000, 1))
    few = TrainingSettings(n_steps=10, batch_size=64, width=8, depth=1)
    estimate = TrainedVelocityGap(settings=few, rng=rng).fit(x, y).estimate_
    assert estimate.value < 0.1
    (notice,) = [one for one in estimate.notices if one.code == "field_not_trained"]
    assert "nearest neighbours find" in notice.message


def test_a_field_that_learned_single_pairs_says_so():
    rng = np.random.default_rng(6)
    x, y = rng.standard_normal((2, 120, 10))
    longer = TrainingSettings(n_steps=200, batch_size=64, width=32, depth=1)
    estimate = TrainedVelocityGap(settings=longer, rng=rng).fit(x, y).estimate_
    assert "field_overfitted" in codes(estimate)
    assert estimate.details["seen_loss_gap_bits"] > 1.0


def test_equal_seeds_give_equal_answers():
    x, y = gaussian_pairs(400, 0.5, np.random.default_rng(4))
    short = TrainingSettings(n_steps=20, batch_size=64, width=8, depth=1)
    first, second = (TrainedVelocityGap(settings=short, rng=9).fit(x, y) for _ in range(2))
    assert first.estimate_ == second.estimate_


def test_progress_covers_both_trainings():
    x, y = gaussian_pairs(200, 0.5, np.random.default_rng(5))
    told = []
    short = TrainingSettings(n_steps=10, batch_size=16, width=8, depth=1)
    TrainedVelocityGap(settings=short, rng=0, progress=told.append).fit(x, y)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)
    assert len(told) == 20


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_intervals_cover_the_information_of_a_sphere_channel():
    channel, hits = SphereChannel(2, 5.0), 0
    settings = TrainingSettings(n_steps=400, batch_size=256, width=32, depth=2)
    for seed in range(30):
        rng = np.random.default_rng([seed, 11])
        pairs = channel.sample(8000, rng)
        estimator = TrainedVelocityGap(settings=settings, generated="x", rng=rng).fit(*pairs)
        hits += estimator.estimate_.covers(channel.mutual_information_bits())
    assert_coverage(hits, 30, high=1.0)
