"""The bound of a trained denoiser: above the truth however little it has learned, and refusals."""

import numpy as np
import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.channel_aware.trained_denoiser import TrainedDenoiser
from jscgc_theory.mutual_information.fields import TrainingSettings
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.sources.information_pairs import ManifoldChannelPair

SHORT = TrainingSettings(n_steps=200, batch_size=128, width=32, depth=1)


def circle(bits, n=1500):
    pair = ManifoldChannelPair.sphere(1, bits)
    return pair, pair.sample(n, np.random.default_rng(2))


def test_a_short_training_still_bounds_from_above():
    pair, (x, y) = circle(4.0)
    channel = KnownChannel(pair.noise_variance)
    found = TrainedDenoiser(channel=channel, settings=SHORT, rng=0).fit(x, y).estimate_
    assert found.details["side"] == "upper_bound"
    assert found.value > 4.0 - 4.0 * found.standard_error
    # The linear denoiser is where training starts from; 200 steps see the circle already.
    gaussian = np.log2(1.0 + 1.0 / pair.noise_variance)
    assert found.value < gaussian


def test_fading_is_refused():
    pair, (x, y) = circle(1.0, n=50)
    channel = KnownChannel(pair.noise_variance, np.ones((50, 1), dtype=complex))
    with pytest.raises(InputError, match="a denoiser is trained for one noise level"):
        TrainedDenoiser(channel=channel, settings=SHORT).fit(x, y)
