"""The whole encoder: symbols from every cell, for every size, saved and loaded."""

import pytest
import torch

from jscgc_model.encoder.mamba_encoder import MambaEncoder
from jscgc_theory.errors import InputError
from tests.model.encoder.scan_cases import normal_numbers

TINY = {
    "in_channels": 2,
    "patch_size": 2,
    "dims": (16, 32),
    "depths": (1, 1),
    "merge_sizes": (2,),
    "d_state": 4,
    "symbols_per_token": 3,
}


def build(**changes):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return MambaEncoder(**{**TINY, **changes})


@pytest.fixture(scope="module", params=["ssd", "s6"])
def encoder(request):
    return build(scan=request.param)


def latents(batch, height, width, channels=2):
    return normal_numbers(1)(batch, channels, height, width).float()


@pytest.mark.parametrize(("height", "width"), [(4, 4), (8, 12), (20, 4), (36, 28)])
def test_any_size_that_divides_gives_its_symbols(encoder, height, width):
    symbols = encoder(latents(2, height, width), torch.tensor([0.0, 5.0]))
    assert symbols.dtype == torch.complex64
    assert symbols.shape == (2, height // 4 * (width // 4) * 3)
    assert encoder.n_symbols(height, width) == symbols.shape[1]


def test_samples_do_not_meet(encoder):
    x, snr_db = latents(3, 8, 8), torch.tensor([-5.0, 0.0, 10.0])
    whole = encoder(x, snr_db)
    for k in range(3):
        alone = encoder(x[k : k + 1], snr_db[k : k + 1])
        torch.testing.assert_close(alone[0], whole[k], rtol=1e-4, atol=1e-5)


def test_every_symbol_depends_on_every_cell(encoder):
    x = latents(1, 8, 12).requires_grad_()
    symbols = torch.view_as_real(encoder(x, torch.tensor([3.0])))[0]
    for index in (0, 7, 17):
        (seen,) = torch.autograd.grad(symbols[index].sum(), x, retain_graph=True)
        assert (seen.abs() > 0).all()


def test_every_parameter_is_trained(encoder):
    x = latents(2, 8, 8)
    encoder.zero_grad()
    encoder(x, torch.tensor([3.0, -3.0])).abs().square().sum().backward()
    silent = [name for name, p in encoder.named_parameters() if not p.grad.abs().max() > 0]
    assert silent == []


# One token a side of the grid and more: the sequences are 1, 2, 4, 16 and 257 tokens long.
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 2), (2, 2), (4, 4), (1, 257)])
@pytest.mark.parametrize("scan", ["ssd", "s6"])
def test_the_channel_state_moves_every_symbol_unless_it_is_off(scan, rows, columns):
    one_stage = {"dims": (16,), "depths": (1,), "merge_sizes": (), "patch_size": 1}
    x = latents(2, rows, columns)
    low, high = torch.full((2,), -5.0), torch.full((2,), 10.0)
    adaptive = build(scan=scan, **one_stage)
    moved = adaptive(x, high) - adaptive(x, low)
    assert (moved.abs() > 1e-4).all()
    deaf = build(scan=scan, csi_rest=False, **one_stage)
    assert torch.equal(deaf(x, high), deaf(x, low))


def test_csi_rest_has_no_parameters(encoder):
    deaf = build(scan=encoder.config.scan, csi_rest=False)
    adaptive_shapes, deaf_shapes = (
        {name: value.shape for name, value in model.state_dict().items()}
        for model in (encoder, deaf)
    )
    assert adaptive_shapes == deaf_shapes


def test_saving_and_loading_changes_no_bit(encoder, tmp_path):
    encoder.save_pretrained(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".safetensors"}
    with torch.random.fork_rng():
        loaded = MambaEncoder.from_pretrained(tmp_path, local_files_only=True)
    x, snr_db = latents(2, 8, 8), torch.tensor([1.0, 7.0])
    assert torch.equal(loaded(x, snr_db), encoder(x, snr_db))


@pytest.mark.parametrize("scan", ["ssd", "s6"])
def test_double_and_half_precision(scan):
    x, snr_db = latents(2, 8, 8), torch.tensor([1.0, 7.0])
    single = build(scan=scan)(x, snr_db)
    double = build(scan=scan).double()(x.double(), snr_db.double())
    assert double.dtype == torch.complex128
    torch.testing.assert_close(single, double.to(torch.complex64), rtol=1e-4, atol=1e-5)
    with torch.autocast("cpu", torch.bfloat16):
        half = build(scan=scan)(x, snr_db)
    assert half.dtype == torch.complex64
    # bfloat16 keeps 8 bits.
    assert (half - single).abs().max() < 0.03 * single.abs().max()


def test_the_paper_sends_two_symbols_for_each_token_of_the_generator():
    paper = build_on_meta()
    assert paper.settings.stride * 8 == 16
    assert paper.n_symbols(32, 32) * 384 == 3 * 256 * 256
    assert paper.n_symbols(64, 96) == 3072


def test_on_pixels_the_size_is_that_of_the_published_encoder():
    """5.85 M parameters; one skip weight a column here serves both scans."""
    published = build_on_meta(in_channels=3, merge_sizes=(2, 2, 2), scan="s6")
    assert published.settings.stride == 16
    assert round(sum(p.numel() for p in published.parameters()) / 1e6, 1) == 5.8


def build_on_meta(**settings):
    with torch.device("meta"):
        return MambaEncoder(**settings)


@pytest.mark.parametrize(("height", "width"), [(6, 8), (8, 9), (0, 8)])
def test_a_grid_that_does_not_divide_is_refused(encoder, height, width):
    message = f"{height} x {width} cells does not divide into tokens of 4 x 4"
    with pytest.raises(InputError, match=message):
        encoder(latents(1, height, width), torch.zeros(1))
    with pytest.raises(InputError, match=message):
        encoder.n_symbols(height, width)


def test_foreign_channels_are_refused(encoder):
    with pytest.raises(InputError, match="input has 3 channels, the encoder was built for 2"):
        encoder(latents(1, 8, 8, channels=3), torch.zeros(1))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"depths": (1,)}, "2 dims, 1 depths and 1 merge_sizes do not fit"),
        ({"merge_sizes": (2, 2)}, "2 dims, 2 depths and 2 merge_sizes do not fit"),
        ({"dims": (), "depths": (), "merge_sizes": ()}, "0 dims, 0 depths"),
        ({"dims": (16, 24)}, "dim = 24 does not split into heads of 32"),
        ({"scan": "mamba3"}, "scan = 'mamba3' is unknown"),
        ({"d_state": 0}, "d_state = 0 is too small"),
        ({"merge_sizes": (0,)}, "an entry of merge_sizes = 0 is too small"),
    ],
)
def test_settings_that_make_no_encoder_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        build(**changes)


def test_s6_takes_any_width():
    symbols = build(scan="s6", dims=(20, 24))(latents(1, 8, 8), torch.zeros(1))
    assert symbols.shape == (1, 12)
