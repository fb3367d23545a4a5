"""What the receiver is told is counted."""

from fractions import Fraction

import pytest

from jscgc_model.channel import (
    ChannelSettings,
    SideInformation,
    side_symbols,
    told_to_receiver,
)
from jscgc_theory.errors import InputError
from tests.model.channel.transmissions import EVERY_CHANNEL, transmitted


@pytest.mark.parametrize(
    ("stated", "names", "symbols"),
    [
        ({}, ["SNR"], Fraction(1, 2)),
        ({"fading": "block"}, ["SNR", "gains"], Fraction(3, 2)),
        ({"fading": "fast"}, ["SNR", "gains"], 512 + Fraction(1, 2)),
        (
            {"fading": "fast", "csi_error_variance": 0.1},
            ["SNR", "estimates of the gains"],
            512 + Fraction(1, 2),
        ),
    ],
)
def test_the_ledger_of_each_channel(stated, names, symbols):
    rows = told_to_receiver(ChannelSettings(**stated), 512)
    assert [row.name for row in rows] == names
    assert side_symbols(rows) == symbols


@pytest.mark.parametrize("settings", EVERY_CHANNEL)
def test_the_ledger_counts_every_number_that_features_hold_beside_the_symbols(settings):
    received = transmitted(settings, 5.0, batch=1, n_symbols=32)
    told = {complex(snr) for snr in received.snr_db}
    if received.gains is not None:
        told |= set(received.gains.flatten().tolist())
    counted = sum(row.real_values for row in told_to_receiver(settings, 32))
    # One SNR is one real number, each distinct gain two.
    assert counted == 1 + 2 * (len(told) - 1)


def test_rows_can_be_added():
    rows = (*told_to_receiver(ChannelSettings(), 8), SideInformation("caption", 7))
    assert side_symbols(rows) == 4
    assert side_symbols([]) == 0


def test_refusals():
    with pytest.raises(InputError, match="real_values = 0 is too small"):
        SideInformation("nothing", 0)
    with pytest.raises(InputError, match="n_symbols = 0 is too small"):
        told_to_receiver(ChannelSettings(), 0)
