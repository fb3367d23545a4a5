"""Noise and gains follow their laws."""

import math

import numpy as np
import pytest
import torch
from scipy import stats

from jscgc_model.channel import Channel, ChannelSettings
from tests.model.channel.transmissions import (
    EVERY_CHANNEL,
    drawn_gains,
    torch_generator,
    transmitted,
)
from tests.statistics import (
    assert_follows_law,
    assert_within_standard_errors,
    sample_mean_and_error,
)


@pytest.mark.parametrize("snr_db", [-10.0, 0.0, 30.0])
def test_noise_is_gaussian_with_half_of_its_power_in_each_real_dimension(snr_db):
    received = transmitted(ChannelSettings(), snr_db, batch=40, n_symbols=250)
    noise = (received.raw - received.sent).flatten().numpy()
    deviation = math.sqrt(0.5 * 10.0 ** (-snr_db / 10.0))
    for part in (noise.real, noise.imag):
        assert_follows_law(part, stats.norm(scale=deviation).cdf)
    assert_within_standard_errors(sample_mean_and_error(noise.real * noise.imag), 0.0)


def test_every_sample_has_noise_of_its_own_power():
    channel = Channel(ChannelSettings())
    snr_db = torch.tensor([-10.0, 0.0, 20.0], dtype=torch.float64)
    draw = channel.draw(3, 5000, torch_generator(), dtype=torch.complex128)
    received = channel.transmit(torch.ones(3, 5000, dtype=torch.complex128), snr_db, draw)
    np.testing.assert_allclose(received.noise_power, [10.0, 1.0, 0.01], rtol=1e-12)
    for sample, power in enumerate([10.0, 1.0, 0.01]):
        found = (received.raw - received.sent)[sample].abs().square()
        assert_within_standard_errors(sample_mean_and_error(found), power)


@pytest.mark.parametrize("rician_k", [0.0, 1.0, 10.0])
@pytest.mark.parametrize("fading", ["fast", "block"])
def test_gains_have_unit_power_and_the_rician_law(fading, rician_k):
    gains = drawn_gains(fading=fading, rician_k=rician_k).true[:, 0].numpy()
    assert_within_standard_errors(sample_mean_and_error(np.abs(gains) ** 2), 1.0)
    direct = math.sqrt(rician_k / (rician_k + 1.0))
    deviation = math.sqrt(0.5 / (rician_k + 1.0))
    assert_follows_law(np.abs(gains), stats.rice(direct / deviation, scale=deviation).cdf)
    assert_follows_law(gains.real, stats.norm(direct, deviation).cdf)
    assert_follows_law(gains.imag, stats.norm(0.0, deviation).cdf)


def test_block_fading_has_one_gain_a_sample_and_fast_fading_one_a_symbol():
    block = drawn_gains(fading="block").true
    assert torch.equal(block, block[:, :1].expand(block.shape))
    fast = drawn_gains(fading="fast").true
    neighbours = (fast[:, 0] * fast[:, 1].conj()).real
    assert_within_standard_errors(sample_mean_and_error(neighbours), 0.0)


@pytest.mark.parametrize("fading", ["fast", "block"])
def test_known_gains_are_known_exactly(fading):
    gains = drawn_gains(fading=fading)
    assert torch.equal(gains.true, gains.estimated)


@pytest.mark.parametrize(("rician_k", "error_variance"), [(0.0, 0.3), (0.0, 0.9), (4.0, 0.15)])
def test_the_error_of_an_estimate_is_orthogonal_to_it(rician_k, error_variance):
    gains = drawn_gains(fading="fast", rician_k=rician_k, csi_error_variance=error_variance)
    estimated = gains.estimated[:, 0].numpy()
    error = gains.true[:, 0].numpy() - estimated
    assert_follows_law(error.real, stats.norm(scale=math.sqrt(error_variance / 2.0)).cdf)
    assert_follows_law(error.imag, stats.norm(scale=math.sqrt(error_variance / 2.0)).cdf)
    for part in (estimated * error.conj()).real, (estimated * error.conj()).imag:
        assert_within_standard_errors(sample_mean_and_error(part), 0.0)
    assert_within_standard_errors(
        sample_mean_and_error(np.abs(estimated) ** 2), 1.0 - error_variance
    )


def test_noise_is_independent_of_the_gains():
    channel = Channel(ChannelSettings(fading="fast"))
    draw = channel.draw(1, 5000, torch_generator(), dtype=torch.complex128)
    product = (draw.noise * draw.gains.true.conj())[0].numpy()
    assert_within_standard_errors(sample_mean_and_error(product.real), 0.0)
    assert_within_standard_errors(sample_mean_and_error(product.imag), 0.0)


@pytest.mark.parametrize("settings", EVERY_CHANNEL)
def test_what_is_received_is_the_channel_equation(settings):
    channel = Channel(settings)
    draw = channel.draw(2, 3, torch_generator(), dtype=torch.complex128)
    symbols = torch.tensor([[1.0, 1.0j, -1.0], [1.0j, 1.0, 1.0]], dtype=torch.complex128)
    received = channel.transmit(symbols, torch.tensor([0.0, 10.0]), draw)
    for sample, deviation in enumerate([1.0, math.sqrt(0.1)]):
        for k in range(3):
            gain = 1.0 if draw.gains is None else complex(draw.gains.true[sample, k])
            expected = gain * complex(symbols[sample, k])
            expected += deviation * complex(draw.noise[sample, k])
            assert complex(received.raw[sample, k]) == pytest.approx(expected, rel=1e-6)
