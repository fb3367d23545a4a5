"""Equalisers against closed forms and against every other weight."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from jscgc_model.channel import ChannelSettings
from jscgc_model.channel.equaliser import equalise
from tests.model.channel.transmissions import transmitted
from tests.statistics import assert_within_standard_errors, sample_mean_and_error

FADED = {"fading": "fast", "csi_error_variance": 0.1}


def received_through(equaliser, snr_db=5.0, **more):
    settings = ChannelSettings(equaliser=equaliser, **{**FADED, **more})
    return transmitted(settings, snr_db, batch=20, n_symbols=500)


def test_zero_forcing_divides_by_the_gain():
    received = received_through("zero_forcing")
    torch.testing.assert_close(received.equalised, received.raw / received.gains)


def test_without_noise_zero_forcing_returns_what_was_sent():
    received = received_through("zero_forcing", snr_db=100.0, csi_error_variance=0.0)
    worst = (received.equalised - received.sent).abs() * received.gains.abs()
    assert worst.max() < 1e-4


def test_mmse_is_the_closed_form():
    received = received_through("mmse")
    gains, power = received.gains, 10.0**-0.5 + 0.1
    expected = gains.conj() * received.raw / (gains.abs().square() + power)
    torch.testing.assert_close(received.equalised, expected)


def test_without_equaliser_or_fading_the_output_is_left_as_it_is():
    plain = transmitted(ChannelSettings(), 5.0)
    assert torch.equal(plain.equalised, plain.raw)
    assert plain.gains is None
    faded = received_through("none")
    assert torch.equal(faded.equalised, faded.raw)


@given(
    seed=st.integers(0, 2**31),
    snr_db=st.floats(-10.0, 25.0),
    error_variance=st.floats(0.0, 0.5),
    away=st.complex_numbers(min_magnitude=0.05, max_magnitude=2.0),
)
def test_no_other_weight_has_less_error_than_mmse(seed, snr_db, error_variance, away):
    """For one gain the mean error over noise and symbols is exact: ``|1-w h|^2 + |w|^2 W``."""
    rng = np.random.default_rng(seed)
    gain = complex(*rng.normal(size=2))
    disturbance = 10.0 ** (-snr_db / 10.0) + error_variance
    one = torch.ones(1, 1, dtype=torch.complex128)
    weight = complex(
        equalise(one, gain * one, torch.tensor([[disturbance]], dtype=torch.float64), "mmse")
    )

    def error(w):
        return abs(1.0 - w * gain) ** 2 + abs(w) ** 2 * disturbance

    assert error(weight) < error(weight + away)
    assert error(weight) == pytest.approx(disturbance / (abs(gain) ** 2 + disturbance))


@pytest.mark.parametrize("fading", ["fast", "block"])
def test_the_error_of_mmse_is_what_its_weights_promise(fading):
    settings = ChannelSettings(fading=fading, csi_error_variance=0.2, equaliser="mmse")
    received = transmitted(settings, 3.0, batch=2000, n_symbols=8)
    disturbance = 10.0**-0.3 + 0.2
    promised = disturbance / (received.gains.abs().square() + disturbance)
    excess = (received.equalised - received.sent).abs().square() - promised
    # Symbols of a sample share a gain: samples are the independent draws.
    assert_within_standard_errors(sample_mean_and_error(excess.mean(dim=1)), 0.0)


@given(seed=st.integers(0, 2**31), phase=st.floats(-3.1, 3.1))
def test_equalisers_do_not_see_the_phase_of_the_gain(seed, phase):
    generator = torch.Generator().manual_seed(seed)
    raw, gains = torch.randn(2, 3, 5, dtype=torch.complex128, generator=generator)
    turn = np.exp(1j * phase)
    disturbance = torch.full((3, 1), 0.3, dtype=torch.float64)
    for equaliser in ("zero_forcing", "mmse"):
        torch.testing.assert_close(
            equalise(raw * turn, gains * turn, disturbance, equaliser),
            equalise(raw, gains, disturbance, equaliser),
        )


@pytest.mark.parametrize("equaliser", ["zero_forcing", "mmse"])
def test_a_gain_of_zero_gives_nothing_and_a_finite_gradient(equaliser):
    raw = torch.ones(1, 2, dtype=torch.complex64, requires_grad=True)
    gains = torch.tensor([[0.0, 1.0]], dtype=torch.complex64)
    found = equalise(raw, gains, torch.tensor([[0.5]]), equaliser)
    found.real.sum().backward()
    assert found[0, 0] == 0.0
    assert raw.grad[0, 0] == 0.0
    assert raw.grad[0, 1].real > 0.0
