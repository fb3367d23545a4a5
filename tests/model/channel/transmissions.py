"""Transmissions that the tests of the channel share."""

import torch

from jscgc_model.channel import Channel, ChannelSettings

EVERY_CHANNEL = [
    ChannelSettings(),
    ChannelSettings(power_constraint="per_batch"),
    ChannelSettings(power_constraint="per_symbol"),
    *(
        ChannelSettings(
            fading=fading, equaliser=equaliser, rician_k=rician_k, csi_error_variance=error
        )
        for fading in ("fast", "block")
        for equaliser in ("none", "zero_forcing", "mmse")
        for rician_k, error in ((0.0, 0.0), (3.0, 0.1))
    ),
]


def torch_generator(seed=0):
    return torch.Generator().manual_seed(seed)


def draw_symbols(batch, n_symbols, seed=1, dtype=torch.complex128):
    return torch.randn(batch, n_symbols, dtype=dtype, generator=torch_generator(seed))


def levels(snr_db, batch, dtype=torch.float64):
    return torch.full((batch,), float(snr_db), dtype=dtype)


def drawn_for(settings, symbols, seed=2):
    return Channel(settings).draw(*symbols.shape, torch_generator(seed), dtype=symbols.dtype)


def transmitted(settings, snr_db, batch=8, n_symbols=32, dtype=torch.complex128, seed=1):
    symbols = draw_symbols(batch, n_symbols, seed, dtype)
    draw = drawn_for(settings, symbols, seed + 1)
    return Channel(settings).transmit(symbols, levels(snr_db, batch), draw)


def drawn_gains(seed=0, batch=4000, n_symbols=4, **stated):
    channel = Channel(ChannelSettings(**stated))
    return channel.draw(batch, n_symbols, torch_generator(seed), dtype=torch.complex128).gains
