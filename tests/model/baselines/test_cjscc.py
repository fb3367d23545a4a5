"""CJSCC's networks: their grids, what the SNR does, what they refuse."""

import pytest
import torch

from jscgc_model.baselines.cjscc import CJSCCDecoder, CJSCCEncoder
from jscgc_model.baselines.cjscc.layers import SnrModulation
from jscgc_theory.errors import InputError
from tests.model.baselines.reconstruction_cases import built, seeded

SMALL = {"base_width": 4, "largest_width": 12, "n_blocks": 1}


@pytest.mark.parametrize("patch_size", [1, 2, 8])
def test_symbols_and_images_are_on_one_grid(patch_size):
    sizes = {**SMALL, "patch_size": patch_size, "symbols_per_token": 3}
    encoder, decoder = built(CJSCCEncoder, 2, **sizes), built(CJSCCDecoder, 2, 5, **sizes)
    images = torch.rand(2, 2, 2 * patch_size, 3 * patch_size, generator=seeded())
    symbols = encoder(images, torch.zeros(2))
    assert symbols.shape == (2, 2 * 3 * 3)
    assert decoder(torch.zeros(2, 18, 5), *images.shape[2:]).shape == images.shape


def test_widths_double_up_to_the_largest():
    with torch.device("meta"):
        assert CJSCCEncoder().settings.widths == (64, 128, 256, 384, 384)
        assert CJSCCEncoder(patch_size=4, base_width=24).settings.widths == (24, 48, 96)


@torch.no_grad()
def test_the_symbols_of_a_cell_lie_beside_each_other():
    """A map is laid out as (row, column, symbol, real and imaginary part)."""
    encoder = built(CJSCCEncoder, 1, patch_size=2, symbols_per_token=2, **SMALL)
    maps = []
    encoder.head.register_forward_hook(lambda module, arguments, found: maps.append(found))
    symbols = encoder(torch.rand(1, 1, 4, 6, generator=seeded()), torch.zeros(1))
    for row, column, place in [(0, 0, 1), (1, 2, 0), (0, 1, 1)]:
        expected = maps[0][0, 2 * place : 2 * place + 2, row, column]
        found = symbols[0, (row * 3 + column) * 2 + place]
        torch.testing.assert_close(torch.view_as_real(found), expected)


@torch.no_grad()
def test_the_modulation_scales_and_shifts_each_channel():
    modulation, maps = built(SnrModulation, 6), torch.randn(2, 6, 3, 4, generator=seeded())
    zero = torch.zeros(2)
    found = modulation(maps, torch.tensor([5.0, -5.0]))
    shift = modulation(0.0 * maps, zero)
    assert (shift - shift[:, :, :1, :1]).abs().max() == 0.0
    for sample in range(2):
        for channel in range(6):
            line = torch.stack([maps[sample, channel].flatten(), torch.ones(12)], dim=1)
            fit = torch.linalg.lstsq(line, found[sample, channel].flatten()[:, None]).solution
            assert 0.0 < float(fit[0]) < 1.0
            torch.testing.assert_close(
                (line @ fit).flatten(), found[sample, channel].flatten(), rtol=1e-4, atol=1e-5
            )


@torch.no_grad()
def test_the_snr_reaches_symbols_and_reconstructions():
    encoder = built(CJSCCEncoder, 1, patch_size=2, **SMALL)
    images = torch.rand(1, 1, 4, 4, generator=seeded()).expand(2, 1, 4, 4)
    symbols = encoder(images, torch.tensor([-5.0, 10.0]))
    assert float((symbols[0] - symbols[1]).abs().max()) > 1e-4
    decoder = built(CJSCCDecoder, 1, 3, patch_size=2, **SMALL)
    decoder.entry.weight.data[:, 2::3] = 0.0
    features = torch.ones(2, 8, 3)
    features[:, :, 2] = torch.tensor([[0.25], [-0.5]])
    found = decoder(features, 4, 4)
    assert float((found[0] - found[1]).abs().max()) > 1e-5


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"patch_size": 6}, "patch_size = 6 is no power of 2"),
        ({"base_width": 1}, "base_width = 1 is too small; give at least 2"),
        ({"base_width": 32, "largest_width": 16}, "largest_width = 16 is too small"),
        ({"n_blocks": 0}, "n_blocks = 0"),
        ({"symbols_per_token": 0}, "symbols_per_token = 0"),
    ],
)
def test_sizes_out_of_range_are_named(sizes, message):
    for network in (CJSCCEncoder, CJSCCDecoder):
        with pytest.raises(InputError, match=message):
            network(**sizes)


def test_inputs_that_do_not_fit_are_named():
    encoder = built(CJSCCEncoder, 3, patch_size=2, **SMALL)
    with pytest.raises(InputError, match="images have 1 channels, the encoder was built for 3"):
        encoder(torch.zeros(1, 1, 4, 4), torch.zeros(1))
    with pytest.raises(InputError, match="5 x 4 pixels does not divide into tokens of 2 x 2"):
        encoder(torch.zeros(1, 3, 5, 4), torch.zeros(1))
    decoder = built(CJSCCDecoder, 3, 3, patch_size=2, **SMALL)
    with pytest.raises(InputError, match="7 symbols were received, 2 x 2 tokens of 2 are 8"):
        decoder(torch.zeros(1, 7, 3), 4, 4)
