"""The whole channel: gradients, slices, precision, refusals."""

import pytest
import torch

from jscgc_model.channel import Channel, ChannelSettings, constrain_power
from jscgc_model.channel.settings import POWER_CONSTRAINT_NAMES
from jscgc_theory.errors import InputError
from tests.model.channel.transmissions import (
    EVERY_CHANNEL,
    draw_symbols,
    drawn_for,
    levels,
    torch_generator,
)

FADED = ChannelSettings(fading="block", equaliser="mmse")


@pytest.mark.parametrize("settings", EVERY_CHANNEL)
def test_the_gradient_is_that_of_finite_differences(settings):
    channel = Channel(settings)
    symbols = draw_symbols(2, 3).requires_grad_()
    draw = drawn_for(settings, symbols)

    def seen(sent):
        received = channel.transmit(sent, torch.tensor([-5.0, 10.0]).double(), draw)
        return received.features(), received.equalised, received.raw

    assert torch.autograd.gradcheck(seen, symbols)


@pytest.mark.parametrize("settings", [s for s in EVERY_CHANNEL if s != EVERY_CHANNEL[1]])
def test_slices_of_a_draw_give_the_same_transmission_as_the_whole(settings):
    channel, symbols = Channel(settings), draw_symbols(6, 8)
    snr_db = torch.linspace(-5.0, 20.0, 6, dtype=torch.float64)
    draw = drawn_for(settings, symbols)
    whole = channel.transmit(symbols, snr_db, draw)
    for rows in (slice(0, 2), slice(2, 6)):
        part = channel.transmit(symbols[rows], snr_db[rows], draw.take(rows))
        assert torch.equal(part.raw, whole.raw[rows])
        assert torch.equal(part.features(), whole.features()[rows])


@pytest.mark.parametrize("settings", EVERY_CHANNEL)
def test_single_precision_agrees_with_double(settings):
    channel, symbols = Channel(settings), draw_symbols(4, 16)
    draw = drawn_for(settings, symbols)
    double = channel.transmit(symbols, levels(10.0, 4), draw).features()
    single_draw = type(draw)(draw.noise.to(torch.complex64), single(draw.gains))
    found = channel.transmit(symbols.to(torch.complex64), levels(10.0, 4), single_draw)
    assert found.raw.dtype == torch.complex64
    torch.testing.assert_close(found.features().double(), double, rtol=1e-4, atol=1e-4)


def single(gains):
    if gains is None:
        return None
    return type(gains)(gains.true.to(torch.complex64), gains.estimated.to(torch.complex64))


@pytest.mark.parametrize("constraint", POWER_CONSTRAINT_NAMES)
def test_what_is_sent_obeys_the_constraint(constraint):
    settings, symbols = ChannelSettings(power_constraint=constraint), draw_symbols(4, 16)
    sent = Channel(settings).transmit(symbols, levels(0.0, 4), drawn_for(settings, symbols)).sent
    assert torch.equal(sent, constrain_power(symbols, constraint))


def test_the_generator_alone_decides_the_draw():
    first, second = (Channel(FADED).draw(3, 5, torch_generator(7)) for _ in range(2))
    assert torch.equal(first.noise, second.noise)
    assert torch.equal(first.gains.true, second.gains.true)
    other = Channel(FADED).draw(3, 5, torch_generator(8))
    assert not torch.equal(first.noise, other.noise)


def test_the_same_seed_has_the_same_noise_with_and_without_fading():
    plain = Channel(ChannelSettings()).draw(3, 5, torch_generator(7))
    assert torch.equal(plain.noise, Channel(FADED).draw(3, 5, torch_generator(7)).noise)


def test_nothing_is_written_in_place():
    symbols = draw_symbols(2, 4)
    draw = drawn_for(FADED, symbols)
    before = [t.clone() for t in (symbols, draw.noise, draw.gains.true)]
    Channel(FADED).transmit(symbols, levels(0.0, 2), draw).features()
    after = (symbols, draw.noise, draw.gains.true)
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_nan_symbols_arrive_as_nan_in_their_own_sample_only():
    symbols = draw_symbols(3, 4)
    symbols[0, 1] = float("nan")
    features = Channel(FADED).transmit(symbols, levels(0.0, 3), drawn_for(FADED, symbols))
    found = features.features()[..., :2]
    assert found[0].isnan().all()
    assert found[1:].isfinite().all()


@pytest.mark.parametrize("settings", [ChannelSettings(), FADED])
def test_a_draw_moves_to_another_device_whole(settings):
    draw = drawn_for(settings, draw_symbols(2, 4))
    moved = draw.to(torch.device("meta"))
    assert moved.noise.device.type == "meta"
    assert (moved.gains is None) == (draw.gains is None)
    if moved.gains is not None:
        assert moved.gains.true.device.type == moved.gains.estimated.device.type == "meta"
    stayed = draw.to(torch.device("cpu"))
    assert torch.equal(stayed.noise, draw.noise)


@pytest.mark.gpu
@pytest.mark.parametrize("settings", EVERY_CHANNEL)
def test_a_gpu_gives_the_transmission_of_the_cpu(settings):
    channel, symbols = Channel(settings), draw_symbols(4, 16)
    draws = [
        channel.draw(4, 16, torch_generator(3), dtype=symbols.dtype, device=device)
        for device in ("cpu", "cuda")
    ]
    here = channel.transmit(symbols, levels(5.0, 4), draws[0])
    there = channel.transmit(symbols.cuda(), levels(5.0, 4).cuda(), draws[1])
    torch.testing.assert_close(there.features().cpu(), here.features())


class TestRefusals:
    @pytest.mark.parametrize(
        ("batch", "n_symbols", "message"),
        [(0, 4, "batch = 0 is too small"), (2, 0, "n_symbols = 0 is too small")],
    )
    def test_sizes(self, batch, n_symbols, message):
        with pytest.raises(InputError, match=message):
            Channel(FADED).draw(batch, n_symbols, torch_generator())

    def test_real_types(self):
        with pytest.raises(InputError, match=r"dtype = torch\.float32 is no type of symbols"):
            Channel(FADED).draw(2, 4, torch_generator(), dtype=torch.float32)

    @pytest.mark.parametrize("drawn", [draw_symbols(2, 5), draw_symbols(3, 4)])
    def test_a_draw_of_another_size(self, drawn):
        with pytest.raises(InputError, match=r"but the symbols are \(2, 4\) of complex128"):
            Channel(FADED).transmit(draw_symbols(2, 4), levels(0.0, 2), drawn_for(FADED, drawn))

    def test_a_draw_of_another_precision(self):
        symbols = draw_symbols(2, 4)
        draw = drawn_for(FADED, symbols.to(torch.complex64))
        with pytest.raises(InputError, match=r"\(2, 4\) of complex64 but"):
            Channel(FADED).transmit(symbols, levels(0.0, 2), draw)

    def test_a_draw_of_another_channel(self):
        symbols = draw_symbols(2, 4)
        with pytest.raises(InputError, match="the draw has no gains but fading is 'block'"):
            Channel(FADED).transmit(symbols, levels(0.0, 2), drawn_for(ChannelSettings(), symbols))
        with pytest.raises(InputError, match="the draw has gains but fading is 'none'"):
            Channel(ChannelSettings()).transmit(symbols, levels(0.0, 2), drawn_for(FADED, symbols))

    @pytest.mark.parametrize("n_snrs", [1, 3])
    def test_other_than_one_snr_a_sample(self, n_snrs):
        symbols = draw_symbols(2, 4)
        with pytest.raises(InputError, match=f"{n_snrs} SNRs do not fit 2 samples"):
            Channel(FADED).transmit(symbols, levels(0.0, n_snrs), drawn_for(FADED, symbols))

    @pytest.mark.parametrize("bad", [float("nan"), float("inf"), 101.0, -101.0])
    def test_snrs_out_of_range(self, bad):
        symbols = draw_symbols(2, 4)
        snr_db = torch.tensor([0.0, bad], dtype=torch.float64)
        with pytest.raises(InputError, match=r"snr_db runs from .* give ratios in decibels"):
            Channel(FADED).transmit(symbols, snr_db, drawn_for(FADED, symbols))
