"""Ceilings of each channel against closed forms, simulation and each other."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jscgc_model.channel import ChannelSettings, capacity_bits, symbols_at_ratio
from jscgc_theory.errors import InputError
from tests.model.channel.transmissions import drawn_gains
from tests.statistics import assert_within_standard_errors, sample_mean_and_error

AWGN = ChannelSettings()


def faded(rician_k, fading="fast", **more):
    return ChannelSettings(fading=fading, rician_k=rician_k, **more)


@pytest.mark.parametrize(("snr_db", "bits"), [(-5.0, 203), (0.0, 512), (5.0, 1053), (10.0, 1771)])
def test_the_paper_sends_so_many_bits_at_most(snr_db, bits):
    n_symbols = symbols_at_ratio("1/384", height=256, width=256)
    assert round(capacity_bits(AWGN, snr_db=snr_db, n_symbols=n_symbols)) == bits


@pytest.mark.parametrize("rician_k", [0.0, 0.3, 2.0, 20.0])
@pytest.mark.parametrize("snr_db", [-10.0, 5.0, 30.0])
def test_fading_is_the_mean_over_its_gains(rician_k, snr_db):
    power = drawn_gains(fading="fast", rician_k=rician_k).true.abs().square().flatten().numpy()
    bits = np.log2(1.0 + power * 10.0 ** (snr_db / 10.0))
    found = capacity_bits(faded(rician_k), snr_db=snr_db, n_symbols=1)
    assert_within_standard_errors(sample_mean_and_error(bits), found)


@given(snr_db=st.floats(-30.0, 60.0), rician_k=st.floats(0.0, 1e3), step=st.floats(0.1, 10.0))
def test_a_stronger_direct_path_carries_more_and_never_more_than_no_fading(snr_db, rician_k, step):
    weak, strong = (
        capacity_bits(faded(k), snr_db=snr_db, n_symbols=3) for k in (rician_k, rician_k + step)
    )
    assert weak < strong * (1.0 + 1e-7)
    assert strong < capacity_bits(AWGN, snr_db=snr_db, n_symbols=3) * (1.0 + 1e-7)


@pytest.mark.parametrize("snr_db", [-20.0, 0.0, 40.0])
def test_the_ends_of_rician_fading_are_rayleigh_and_none(snr_db):
    rayleigh = capacity_bits(faded(0.0), snr_db=snr_db, n_symbols=4)
    assert capacity_bits(faded(1e-9), snr_db=snr_db, n_symbols=4) == pytest.approx(rayleigh)
    plain = capacity_bits(AWGN, snr_db=snr_db, n_symbols=4)
    assert capacity_bits(faded(1e8), snr_db=snr_db, n_symbols=4) == pytest.approx(plain)


def test_block_fading_and_uncertain_gains_have_the_same_ceiling():
    fast = capacity_bits(faded(1.0), snr_db=5.0, n_symbols=8)
    assert capacity_bits(faded(1.0, "block"), snr_db=5.0, n_symbols=8) == fast
    uncertain = faded(1.0, csi_error_variance=0.2)
    assert capacity_bits(uncertain, snr_db=5.0, n_symbols=8) == fast


@pytest.mark.parametrize("rician_k", [0.0, 2.0])
def test_refusals(rician_k):
    with pytest.raises(InputError, match="snr_db = nan is not finite"):
        capacity_bits(faded(rician_k), snr_db=float("nan"), n_symbols=4)
    with pytest.raises(InputError, match="channel_uses = 0 is too small"):
        capacity_bits(faded(rician_k), snr_db=0.0, n_symbols=0)


@pytest.mark.parametrize(
    ("settings", "row"),
    [
        (AWGN, "| no fading | 203 | 512 | 1053 | 1771 |"),
        (faded(4.0), "| Rician, K = 4 | 196 | 481 | 977 | 1652 |"),
        (faded(0.0), "| Rayleigh | 185 | 440 | 879 | 1488 |"),
    ],
)
def test_the_table_of_the_page_is_true(settings, row):
    page = Path(__file__).parents[3] / "docs" / "channel.md"
    bits = [capacity_bits(settings, snr_db=snr, n_symbols=512) for snr in (-5.0, 0.0, 5.0, 10.0)]
    assert [round(b) for b in bits] == [int(cell) for cell in row.split("|")[2:-1]]
    assert row in page.read_text(encoding="utf-8")
