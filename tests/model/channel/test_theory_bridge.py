"""The theory's estimators of information take transmissions as they are."""

import numpy as np
import pytest
import torch

from jscgc_model.channel import Channel, ChannelSettings, capacity_bits, known_channel
from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.channel_aware import KnownChannelMI
from jscgc_theory.mutual_information.channel_aware.coherent_pairs import coherent_pairs
from jscgc_theory.mutual_information.paired_sample import PairedSample
from tests.model.channel.transmissions import draw_symbols, drawn_for, levels, transmitted
from tests.statistics import assert_within_standard_errors

N_PAIRS = 4000


def pairs_of(settings, snr_db, n_symbols=3):
    received = transmitted(settings, snr_db, batch=N_PAIRS, n_symbols=n_symbols)
    return received, PairedSample.from_arrays(received.sent.numpy(), received.raw.numpy())


@pytest.mark.parametrize("fading", ["none", "fast", "block"])
def test_the_estimators_find_the_noise_that_they_are_told_of(fading):
    """Their own check of the layout: outputs less gains times inputs are the stated noise."""
    received, sample = pairs_of(ChannelSettings(fading=fading), 3.0)
    pairs = coherent_pairs(sample, known_channel(received))
    assert pairs.notices == ()
    assert pairs.noise_variance == pytest.approx(0.5 * 10.0**-0.3)


@pytest.mark.parametrize("fading", ["none", "fast", "block"])
def test_gaussian_symbols_carry_the_capacity(fading):
    """Power one over many symbols is power one of each, and Gaussian symbols carry the most."""
    settings = ChannelSettings(fading=fading, power_constraint="per_batch")
    received, sample = pairs_of(settings, 5.0)
    estimate = KnownChannelMI(channel=known_channel(received), rng=0).estimate(sample)
    truth = capacity_bits(settings, snr_db=5.0, n_symbols=3)
    assert_within_standard_errors(estimate, truth)


def test_gains_are_those_of_each_symbol():
    received = transmitted(ChannelSettings(fading="block", equaliser="mmse"), 3.0)
    channel = known_channel(received)
    assert channel.gains.shape == (8, 32)
    np.testing.assert_array_equal(channel.gains, received.gains.numpy())


def test_unequal_snrs_are_refused():
    settings, symbols = ChannelSettings(), draw_symbols(2, 3)
    snr_db = torch.tensor([0.0, 5.0], dtype=torch.float64)
    received = Channel(settings).transmit(symbols, snr_db, drawn_for(settings, symbols))
    with pytest.raises(InputError, match="snr_db runs from 0 to 5; estimate at one SNR"):
        known_channel(received)


def test_uncertain_gains_are_refused():
    settings, symbols = ChannelSettings(fading="fast", csi_error_variance=0.1), draw_symbols(2, 3)
    received = Channel(settings).transmit(symbols, levels(0.0, 2), drawn_for(settings, symbols))
    with pytest.raises(InputError, match=r"csi_error_variance = 0\.1 leaves the gains unknown"):
        known_channel(received)
