"""What a network is told: of order one at any SNR and gain, and enough."""

import math

import pytest
import torch

from jscgc_model.channel import Channel, ChannelSettings
from jscgc_model.channel.draw import ChannelDraw
from jscgc_model.channel.fading import FadingGains
from tests.model.channel.transmissions import (
    EVERY_CHANNEL,
    draw_symbols,
    drawn_for,
    levels,
    torch_generator,
    transmitted,
)

EQUALISERS = ("none", "zero_forcing", "mmse")
SNRS_DB = (-10.0, -5.0, 0.0, 10.0, 30.0)


@pytest.mark.parametrize("settings", EVERY_CHANNEL)
@pytest.mark.parametrize("snr_db", SNRS_DB)
def test_features_are_of_order_one(settings, snr_db):
    features = transmitted(
        settings, snr_db, batch=200, n_symbols=50, dtype=torch.complex64
    ).features()
    assert features.shape == (200, 50, settings.n_features)
    assert features.dtype == torch.float32
    assert features.abs().max() < 6.0
    spread = features[..., :2].square().mean().sqrt().item()
    assert 0.15 < spread < 0.75


@pytest.mark.parametrize("equaliser", EQUALISERS)
@pytest.mark.parametrize("size", [0.0, 1e-30, 1e-12, 1e-3, 30.0])
@pytest.mark.parametrize("snr_db", [-100.0, -10.0, 30.0, 100.0])
def test_features_and_their_gradient_are_finite_at_any_gain(equaliser, size, snr_db):
    channel = Channel(ChannelSettings(fading="fast", equaliser=equaliser))
    gains = torch.full((2, 3), size, dtype=torch.complex64) * 1j
    noise = channel.draw(2, 3, torch_generator()).noise
    symbols = draw_symbols(2, 3, dtype=torch.complex64).requires_grad_()
    received = channel.transmit(
        symbols, levels(snr_db, 2), ChannelDraw(noise, FadingGains(gains, gains))
    )
    features = received.features()
    features.square().sum().backward()
    assert features.isfinite().all()
    if snr_db >= -10.0:
        assert features.abs().max() <= max(6.0, size)
    assert torch.view_as_real(symbols.grad).isfinite().all()


def test_features_of_a_plain_channel_are_the_output_at_unit_power():
    received = transmitted(ChannelSettings(), -10.0)
    features = received.features()
    expected = received.raw / math.sqrt(1.0 + 10.0)
    torch.testing.assert_close(torch.complex(features[..., 0], features[..., 1]), expected)
    torch.testing.assert_close(features[..., 2], torch.full((8, 32), 0.5, dtype=torch.float64))


def test_features_of_zero_forcing_are_its_symbols_at_unit_power_given_the_gain():
    settings = ChannelSettings(fading="fast", equaliser="zero_forcing", csi_error_variance=0.2)
    received = transmitted(settings, 5.0)
    features = received.features()
    noise_to_signal = (10.0**-0.5 + 0.2) / received.gains.abs().square()
    expected = received.equalised / (1.0 + noise_to_signal).sqrt()
    torch.testing.assert_close(torch.complex(features[..., 0], features[..., 1]), expected)
    torch.testing.assert_close(features[..., 2], torch.log10(noise_to_signal) / 2.0)


def test_features_of_mmse_are_its_symbols():
    received = transmitted(ChannelSettings(fading="block", equaliser="mmse"), 5.0)
    features = received.features()
    torch.testing.assert_close(
        torch.complex(features[..., 0], features[..., 1]), received.equalised
    )


@pytest.mark.parametrize("equaliser", EQUALISERS)
def test_the_output_can_be_told_from_the_features(equaliser):
    """Nothing is lost: up to the phase of the gain the raw output is a function of them."""
    settings = ChannelSettings(fading="fast", equaliser=equaliser)
    received = transmitted(settings, 0.0)
    features = received.features()
    gain_power = 10.0 ** (-2.0 * features[..., -1])  # N0 = 1
    torch.testing.assert_close(gain_power, received.gains.abs().square())
    scale = {
        "none": (gain_power + 1.0).sqrt(),
        "zero_forcing": (gain_power + 1.0).sqrt(),
        "mmse": (gain_power + 1.0) / gain_power.sqrt(),
    }[equaliser]
    size = torch.hypot(features[..., 0], features[..., 1]) * scale
    torch.testing.assert_close(size, received.raw.abs())


def test_outputs_that_are_not_equalised_are_scaled_down_but_not_up():
    received = transmitted(ChannelSettings(fading="fast"), 10.0)
    power = received.gains.abs().square() + 0.1
    assert power.min() < 1.0 < power.max()
    features = received.features()
    torch.testing.assert_close(
        torch.complex(features[..., 0], features[..., 1]),
        torch.where(power < 1.0, received.raw, received.raw / power.sqrt()),
    )


def test_gains_left_in_the_symbols_are_features():
    received = transmitted(ChannelSettings(fading="block", csi_error_variance=0.3), 5.0)
    features = received.features()
    torch.testing.assert_close(
        torch.complex(features[..., 2], features[..., 3]), received.gains.resolve_conj()
    )


@pytest.mark.parametrize("settings", EVERY_CHANNEL)
def test_features_do_not_depend_on_the_scale_of_the_encoder(settings):
    symbols = draw_symbols(4, 16)
    channel, draw = Channel(settings), drawn_for(settings, symbols)
    features = channel.transmit(symbols, levels(3.0, 4), draw).features()
    torch.testing.assert_close(
        channel.transmit(1e4 * symbols, levels(3.0, 4), draw).features(), features
    )
