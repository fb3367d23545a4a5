"""What a step draws: its laws, its independence of processes, and unbiased weights."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate, special, stats

from jscgc_model.channel import Channel, ChannelSettings
from jscgc_model.training.draws import draw_transmission, loss_weights, times_at
from jscgc_model.training.settings import TrainingSettings
from tests.statistics import (
    assert_follows_law,
    assert_within_standard_errors,
    sample_mean_and_error,
)

FADING = Channel(ChannelSettings(fading="fast"))


def drawn(step=0, **settings):
    chosen = TrainingSettings(**{"batch_size": 512, **settings})
    return draw_transmission(chosen, FADING, (3,), 2, step)


def test_seed_and_step_alone_decide():
    first, again = drawn(step=3, seed=1), drawn(step=3, seed=1)
    for other in (drawn(step=4, seed=1), drawn(step=3, seed=2)):
        assert not other.noise.equal(first.noise)
    for name in ("time", "noise", "snr_db", "keeps_condition"):
        assert getattr(first, name).equal(getattr(again, name))
    assert first.channel.noise.equal(again.channel.noise)
    assert first.channel.gains.true.equal(again.channel.gains.true)


def test_the_shares_of_processes_make_the_whole():
    whole = drawn()
    parts = [whole.take(slice(start, start + 128)) for start in range(0, 512, 128)]
    for name in ("time", "noise", "snr_db", "keeps_condition"):
        assert torch.cat([getattr(one, name) for one in parts]).equal(getattr(whole, name))
    assert torch.cat([one.channel.noise for one in parts]).equal(whole.channel.noise)
    gains = torch.cat([one.channel.gains.true for one in parts])
    assert gains.equal(whole.channel.gains.true)


def test_times_are_stratified_and_uniform():
    settings = TrainingSettings(batch_size=512)
    strata = (drawn().time - settings.least_time) / (1 - 2 * settings.least_time) * 512
    assert sorted(strata.floor().int().tolist()) == list(range(512))
    # Within its stratum each is uniform, and its place in the batch says nothing of it.
    assert_follows_law((strata % 1.0).numpy(), stats.uniform.cdf)
    assert_follows_law(strata[:128].numpy() / 512, stats.uniform.cdf)


def test_snrs_and_conditions_follow_the_settings():
    draw = drawn(batch_size=4096, snr_db=(-2.0, 6.0), condition_dropout=0.3)
    assert_follows_law(draw.snr_db.numpy(), stats.uniform(-2.0, 8.0).cdf)
    assert set(draw.keeps_condition.unique().tolist()) == {0.0, 1.0}
    assert_within_standard_errors(sample_mean_and_error(draw.keeps_condition), 0.7)
    assert_follows_law(draw.noise.flatten()[:4000].numpy(), stats.norm.cdf)
    assert drawn(snr_db=(4.0, 4.0)).snr_db.unique().tolist() == [4.0]
    assert drawn(condition_dropout=0.0).keeps_condition.min() == 1.0


@pytest.mark.parametrize("place", [0.0, 1.0])
@pytest.mark.parametrize(
    "law", [{}, {"time_law": "logit_normal"}, {"loss_weight": "likelihood"}], ids=str
)
def test_times_keep_off_the_ends(law, place):
    settings = TrainingSettings(**law)
    (time,) = times_at(torch.tensor([place]), settings).tolist()
    end = settings.least_time if place == 0.0 else 1.0 - settings.least_time
    assert math.isclose(time, end, rel_tol=1e-4)


def loss_at(time):
    return 1.0 + np.sin(5.0 * time) + time**2


def logit_normal_density(time):
    return stats.norm.pdf(special.logit(time)) / (time * (1.0 - time))


LAWS = [
    ({}, lambda time: 1.0 / 0.98),
    ({"time_law": "logit_normal"}, logit_normal_density),
    ({"loss_weight": "likelihood"}, lambda time: (1.0 - time) / time),
]


@pytest.mark.parametrize(("law", "weight"), LAWS, ids=["uniform", "logit_normal", "likelihood"])
def test_the_mean_of_weighted_losses_is_the_integral_it_stands_for(law, weight):
    settings = TrainingSettings(batch_size=256, least_time=0.01, **law)
    means = []
    for step in range(200):
        time = draw_transmission(settings, FADING, (1,), 1, step).time
        losses = torch.from_numpy(loss_at(time.double().numpy()))
        means.append(float((losses * loss_weights(time, settings)).mean()))
    integral, _ = integrate.quad(lambda s: weight(s) * loss_at(s), 0.01, 0.99)
    if "time_law" in law:
        # What lies beyond the ends is drawn at the ends.
        outside = stats.norm.cdf(special.logit(0.01))
        integral += outside * (loss_at(0.01) + loss_at(0.99))
    assert_within_standard_errors(sample_mean_and_error(means), integral)
