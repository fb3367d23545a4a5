import functools
import importlib.util
import subprocess
import sys

import numpy as np
import pytest
import torch
from sklearn.base import clone

from jscgc_theory.errors import InputError, MissingExtraError
from jscgc_theory.mutual_information.critics import NWJ, SMILE, DonskerVaradhan, InfoNCE, estimator
from jscgc_theory.mutual_information.critics.fit_record import CrossFit, TrainingRecord
from jscgc_theory.mutual_information.critics.notices import (
    ceiling_evidence,
    product_evidence,
    training_notices,
)
from jscgc_theory.mutual_information.critics.score_bounds import (
    half_batch_contributions,
    info_nce_contributions,
    mean_bits,
)
from tests.theory.mutual_information.critics.gaussian_scores import (
    gaussian_pairs,
    information_bits,
    log_ratio,
)

BOUNDS = [InfoNCE, NWJ, DonskerVaradhan]
QUICK = {"max_steps": 50, "n_folds": 2, "hidden_sizes": (16,), "batch_size": 64}
CURVED = {"max_steps": 100, "learning_rate": 2e-2}


def pairs(correlations, n_pairs=400, seed=0):
    return gaussian_pairs(n_pairs, correlations, np.random.default_rng(seed))


def fitted(kind, x, y, **settings):
    return kind(**{**QUICK, **settings}).fit(x, y).estimate_


@functools.cache
def plain():
    return fitted(InfoNCE, *pairs([0.7]))


def codes(estimate):
    return [notice.code for notice in estimate.notices]


def curved_pairs(noise):
    x, other = pairs([0.0], n_pairs=600)
    return x, np.cos(3.0 * x) + noise * other


@pytest.mark.parametrize("kind", BOUNDS)
@pytest.mark.parametrize("correlations", [[0.0], [0.8, 0.8, 0.0]])
def test_a_bound_lies_below_the_truth_and_near_it(kind, correlations):
    found = fitted(kind, *pairs(correlations))
    truth = information_bits(correlations)
    assert found.value <= truth + 4.0 * found.standard_error
    # What 160 training pairs leave unlearnt of a Gaussian, besides the sampling error.
    assert found.value >= truth - 4.0 * found.standard_error - 0.1
    assert found.interval is None
    assert found.details["side"] == "lower_bound"
    assert codes(found) == []


@pytest.mark.parametrize("kind", [InfoNCE, DonskerVaradhan])
def test_what_a_gaussian_start_cannot_see_is_learnt(kind):
    found = fitted(kind, *curved_pairs(0.3), **CURVED)
    assert found.value > 10.0 * found.standard_error
    assert min(found.details["best_steps"]) > 0


def test_a_concatenated_critic_learns_too():
    found = fitted(InfoNCE, *curved_pairs(0.3), **CURVED, critic="concatenated")
    assert found.value > 10.0 * found.standard_error
    assert "concatenated" in found.method


def test_one_seed_gives_one_answer():
    x, y = pairs([0.7])
    assert fitted(InfoNCE, x, y) == plain()
    assert fitted(InfoNCE, x, y, seed=1).value != plain().value


def test_units_change_nothing():
    x, y = pairs([0.7])
    # Powers of two keep every bit of the coordinates.
    assert fitted(InfoNCE, 2.0**20 * x, 2.0**-20 * y) == plain()


def test_offsets_and_bijections_change_little():
    x, y = pairs([0.7])
    moved = fitted(InfoNCE, x**3 + 5.0, np.exp(y) - 1e3)
    assert abs(moved.value - plain().value) < plain().standard_error


def test_the_ceiling_is_said_where_it_holds_the_value_down():
    strong, weak = fitted(InfoNCE, *pairs([0.99999])), fitted(InfoNCE, *pairs([0.5]))
    assert "log_batch_ceiling" in codes(strong)
    assert strong.details["ceiling_bits"] == pytest.approx(np.log2(200))
    assert strong.value <= strong.details["ceiling_bits"] < information_bits([0.99999])
    assert f"{np.log2(200):.3g} bits" in strong.notices[0].message
    assert codes(weak) == []


@pytest.mark.parametrize("kind", [NWJ, DonskerVaradhan])
def test_a_collapsed_product_mean_is_said(kind):
    x, y = pairs([0.95] * 8)
    found = fitted(kind, x, y)
    assert "product_expectation_unreliable" in codes(found)
    assert found.details["effective_product_share"] < 0.1


def test_smile_claims_nothing():
    x, y = pairs([0.99])
    found, clipped = fitted(SMILE, x, y), fitted(SMILE, x, y, clip=0.5)
    assert found.interval is None
    assert codes(found) == ["not_a_bound"]
    assert found.details["side"] == "estimate"
    assert abs(found.value - information_bits([0.99])) < 4.0 * found.standard_error
    # Cutting e^T of the likely products to e^0.5 lowers their mean, so the value rises.
    assert clipped.value > found.value + found.standard_error
    assert (found.details["clip_nats"], clipped.details["clip_nats"]) == (5.0, 0.5)


def test_the_record_says_how_it_was_found():
    x, y = pairs([0.6], n_pairs=121)
    found = fitted(DonskerVaradhan, x, y, n_folds=3)
    details = found.details
    assert found.n_points_used == 121
    assert details["n_folds"] == len(details["steps"]) == len(details["starts"]) == 3
    assert (details["n_test"], details["n_validation"], details["n_train"]) == (40, 16, 64)
    assert all(
        best <= steps for best, steps in zip(details["best_steps"], details["steps"], strict=True)
    )


def test_every_pair_is_reported_once_by_a_critic_that_never_saw_it(monkeypatch):
    from jscgc_theory.mutual_information.critics import cross_fitting

    seen = []
    prepare = cross_fitting.prepare_folds

    def recording(train, validation, test, reading, device):
        seen.append([set(part.x[:, 0]) for part in (train, validation, test)])
        return prepare(train, validation, test, reading, device)

    monkeypatch.setattr(cross_fitting, "prepare_folds", recording)
    x, y = pairs([0.6], n_pairs=120)
    fitted(InfoNCE, x, y, n_folds=3)
    for train, validation, test in seen:
        assert not (train & validation)
        assert not (train & test)
        assert not (validation & test)
        assert train | validation | test == set(x[:, 0])
    assert set.union(*(test for _, _, test in seen)) == set(x[:, 0])
    assert sum(len(test) for _, _, test in seen) == 120


def test_a_critic_is_read_from_the_start_it_was_trained_from(monkeypatch):
    from jscgc_theory.mutual_information.critics import cross_fitting
    from jscgc_theory.mutual_information.critics.early_stopping import LimitedCritic

    def untrained(critic, fold, *_others):
        validation_nats = float(fold.start == "none")
        training = TrainingRecord(fold.start, validation_nats, "stopped_early", 0, 0, 0.0)
        return LimitedCritic.of(critic, fold.train), training

    monkeypatch.setattr(cross_fitting, "train", untrained)
    found = fitted(InfoNCE, *pairs([0.8]))
    assert found.details["starts"] == ["none", "none"]
    # Without a start, and untrained, every score is zero.
    assert found.value == 0.0


def test_ties_and_degenerate_columns_are_answered():
    rng = np.random.default_rng(0)
    x = rng.integers(0, 3, size=(300, 1)).astype(float)
    y = np.column_stack([x[:, 0] + rng.normal(size=300), np.full(300, 2.0)])
    y[:, 1] += rng.random(300) < 0.01
    found = fitted(InfoNCE, np.column_stack([x, 2 * x, rng.normal(size=300)]), y)
    assert np.isfinite(found.value)
    assert 0.0 < found.value < np.log2(3)


def test_divergence_is_said_and_the_best_critic_kept():
    x, y = pairs([0.7], n_pairs=300)
    found = fitted(NWJ, x, y, learning_rate=1e6)
    assert "training_diverged" in codes(found)
    assert found.value <= information_bits([0.7]) + 4 * found.standard_error


def test_training_cut_short_is_said():
    found = fitted(InfoNCE, *curved_pairs(0.3), learning_rate=1e-2)
    assert codes(found) == ["not_converged"]


def record(outcome="stopped_early", late_gain_nats=0.0):
    return TrainingRecord("none", 1.0, outcome, 50, 100, late_gain_nats)


def fit_of(diagnostics, *trainings):
    diagnostics = np.asarray(diagnostics, dtype=float)
    return CrossFit(np.zeros_like(diagnostics), diagnostics, trainings, 1, 1, 1, 1024)


def test_notices_follow_their_rules():
    gain = fit_of(np.zeros(4), record("out_of_steps", 0.2), record())
    assert [n.code for n in training_notices(gain, 1.0)] == ["not_converged"]
    assert training_notices(gain, 10.0) == ()
    assert training_notices(fit_of(np.zeros(4), record("stopped_early", 0.2)), 1.0) == ()
    assert [n.code for n in training_notices(fit_of(np.zeros(4), record("diverged")), 1.0)] == [
        "training_diverged"
    ]
    assert product_evidence(fit_of(np.ones(40)))[0] == ()
    assert product_evidence(fit_of([40.0] + 39 * [0.0]))[1] == {"effective_product_share": 1 / 40}
    assert len(product_evidence(fit_of([40.0] + 39 * [0.0]))[0]) == 1


@pytest.mark.parametrize("dim", [1, 4, 25])
@pytest.mark.parametrize("truth_bits", [1.0, 2.0, 4.0, 6.0, 8.0, 10.0])
def test_the_ceiling_notice_fires_where_five_percent_are_missing(dim, truth_bits):
    correlations = np.full(dim, np.sqrt(1.0 - 2.0 ** (-2.0 * truth_bits / dim)))
    x, y = gaussian_pairs(400, correlations, np.random.default_rng(1))
    scores = log_ratio(x, y, correlations)
    value, _ = mean_bits(info_nce_contributions(scores))
    missing = mean_bits(np.diagonal(scores))[0] - value
    tolerance = max(0.05, 0.05 * value)
    notices, details = ceiling_evidence(fit_of(half_batch_contributions(scores)), value)
    if missing > 1.2 * tolerance:
        assert [notice.code for notice in notices] == ["log_batch_ceiling"]
    if missing < 0.8 * tolerance:
        assert notices == ()
    assert details["ceiling_bits"] == 10.0


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"critic": "linear"}, "critic = 'linear' is unknown"),
        ({"hidden_sizes": (0,)}, "hidden size"),
        ({"batch_size": 1}, "batch_size"),
        ({"learning_rate": 0.0}, "learning_rate"),
        ({"max_steps": 0}, "max_steps"),
        ({"patience": 0}, "patience"),
        ({"n_folds": 1}, "n_folds"),
        ({"seed": -1}, "seed"),
        ({"device": "abacus"}, "device = 'abacus' cannot be used here"),
        ({"n_folds": 5}, "100 pairs are too few for 5 folds"),
    ],
)
def test_unusable_settings_are_refused(settings, problem):
    x, y = pairs([0.5], n_pairs=100)
    asked = InfoNCE(**QUICK).set_params(**settings)
    with pytest.raises(InputError, match=problem):
        asked.fit(x, y)


def test_an_unusable_clip_is_refused():
    with pytest.raises(InputError, match="clip"):
        fitted(SMILE, *pairs([0.5], n_pairs=100), clip=0.0)


def test_without_torch_the_extra_is_named(monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        estimator, "find_spec", lambda name: None if name == "torch" else find_spec(name)
    )
    with pytest.raises(MissingExtraError, match=r"a variational critic needs .*jscgc\[model\]"):
        fitted(InfoNCE, *pairs([0.5], n_pairs=100))


def test_importing_the_estimators_imports_no_torch():
    code = (
        "import sys, jscgc_theory.mutual_information.critics as c; c.InfoNCE().get_params(); "
        "print('torch' in sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "False"


@pytest.mark.parametrize("kind", [*BOUNDS, SMILE])
def test_settings_are_scikit_learns(kind):
    asked = kind(hidden_sizes=(3, 4), seed=9)
    assert clone(asked).get_params() == asked.get_params()
    assert clone(asked).set_params(n_folds=7).n_folds == 7


def test_progress_rises_to_one():
    told = []
    fitted(InfoNCE, *pairs([0.5], n_pairs=100), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 2


def test_an_interrupt_leaves_nothing_half():
    def interrupt(fraction):
        raise KeyboardInterrupt

    asked = InfoNCE(**QUICK, progress=interrupt)
    with pytest.raises(KeyboardInterrupt):
        asked.fit(*pairs([0.5], n_pairs=100))
    assert not hasattr(asked, "estimate_")
    assert torch.is_grad_enabled()
