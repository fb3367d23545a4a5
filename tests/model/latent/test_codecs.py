"""Codecs: the convention of scaling, shapes, round trips, digests, what is refused."""

import json

import pytest
import torch

from jscgc_model.latent import (
    AutoencoderCodec,
    LatentCodec,
    LatentScaling,
    PixelCodec,
    SmallAutoencoderSettings,
    build_autoencoder,
    load_autoencoder,
)
from jscgc_theory.errors import InputError
from tests.model.latent.latent_cases import SMALL, NumberedImages, small_autoencoder, small_codec

IMAGES = NumberedImages().take(range(3))


def test_scaling_is_what_the_pipelines_of_z_image_do():
    # encode: (z - shift) * scale; decode: x / scale + shift, with the numbers of FLUX's VAE.
    scaling = LatentScaling.from_config({"scaling_factor": 0.3611, "shift_factor": 0.1159})
    raw = torch.tensor([-1.0, 0.1159, 2.0], dtype=torch.float64)
    expected = torch.tensor([-1.1159 * 0.3611, 0.0, 1.8841 * 0.3611], dtype=torch.float64)
    torch.testing.assert_close(scaling.apply(raw), expected, rtol=1e-12, atol=1e-15)
    torch.testing.assert_close(scaling.undo(expected), raw, rtol=1e-12, atol=1e-12)


def test_an_autoencoder_without_a_shift_has_none():
    for config in ({"scaling_factor": 0.18215}, {"scaling_factor": 0.18215, "shift_factor": None}):
        assert LatentScaling.from_config(config) == LatentScaling(shift=0.0, scale=0.18215)


def test_latents_are_brought_to_unit_power():
    raw = torch.randn(4000, generator=torch.Generator().manual_seed(0)) * 3.0 + 2.0
    scaling = LatentScaling.to_unit_power(float(raw.mean()), float(raw.std()))
    latents = scaling.apply(raw)
    torch.testing.assert_close(latents.mean(), torch.tensor(0.0), rtol=0, atol=1e-6)
    torch.testing.assert_close(latents.std(), torch.tensor(1.0), rtol=1e-6, atol=0)


def test_a_latent_is_the_scaled_mean_of_the_posterior():
    autoencoder = small_autoencoder(shift=0.4, scale=2.5)
    with torch.no_grad():
        mean, _ = autoencoder.encoder(IMAGES * 2.0 - 1.0).chunk(2, dim=1)
        back = (autoencoder.decoder(mean) + 1.0) / 2.0
    codec = AutoencoderCodec(autoencoder)
    latents = codec.encode(IMAGES)
    torch.testing.assert_close(latents, (mean - 0.4) * 2.5)
    torch.testing.assert_close(codec.decode(latents), back, rtol=1e-5, atol=1e-6)
    assert tuple(latents.shape[1:]) == codec.latent_shape((3, 8, 8)) == (2, 4, 4)


def test_gradients_reach_the_latents_but_not_the_weights():
    codec = small_codec()
    latents = codec.encode(IMAGES).requires_grad_()
    codec.decode(latents).square().sum().backward()
    assert float(latents.grad.abs().sum()) > 0.0
    assert all(weight.grad is None for weight in codec.autoencoder.parameters())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_pixels_are_latents_too(dtype):
    codec = PixelCodec(0.25, 5.0)
    images = IMAGES.to(dtype)
    latents = codec.encode(images)
    assert latents.dtype == dtype
    torch.testing.assert_close(latents, (images - 0.25) * 5.0)
    torch.testing.assert_close(codec.decode(latents), images)
    assert codec.latent_shape((3, 8, 8)) == (3, 8, 8)


def test_what_is_saved_is_loaded(tmp_path):
    codec = small_codec(shift=-0.3, scale=0.7)
    codec.autoencoder.save_pretrained(tmp_path / "pipeline" / "vae")
    loaded = [
        load_autoencoder(str(tmp_path / "pipeline" / "vae")),
        load_autoencoder(str(tmp_path / "pipeline")),
        load_autoencoder(str(tmp_path / "pipeline"), subfolder="vae"),
    ]
    for one in loaded:
        assert one.digest() == codec.digest()
        assert one.scaling == LatentScaling(shift=-0.3, scale=0.7)
        torch.testing.assert_close(one.encode(IMAGES), codec.encode(IMAGES), rtol=0, atol=0)
    halved = load_autoencoder(str(tmp_path / "pipeline"), dtype=torch.bfloat16)
    assert halved.encode(IMAGES).dtype == torch.bfloat16
    assert halved.digest() != codec.digest()


def test_weights_and_scaling_make_the_digest():
    digests = [
        PixelCodec().digest(),
        PixelCodec(shift=0.5).digest(),
        PixelCodec(scale=2.0).digest(),
        small_codec().digest(),
        small_codec(seed=1).digest(),
        small_codec(shift=0.2).digest(),
        small_codec(scale=1.0).digest(),
    ]
    assert len(set(digests)) == len(digests)
    assert small_codec().digest() == small_codec().digest()
    changed = small_codec()
    with torch.no_grad():
        next(changed.autoencoder.parameters()).view(-1)[-1] += 1e-6
    assert changed.digest() != small_codec().digest()


def test_codecs_keep_the_protocol():
    assert isinstance(PixelCodec(), LatentCodec)
    assert isinstance(small_codec(), LatentCodec)


@pytest.mark.parametrize(
    ("shape", "problem"),
    [((1, 8, 8), "images have 1 channels.*takes 3"), ((3, 8, 7), "8 x 7.*multiples of 2")],
)
def test_images_that_do_not_fit_are_refused(shape, problem):
    with pytest.raises(InputError, match=problem):
        small_codec().encode(torch.zeros(1, *shape))


def test_scalings_that_cannot_be_used_are_refused():
    with pytest.raises(InputError, match="channel by channel"):
        LatentScaling.from_config({"scaling_factor": 1.0, "latents_mean": [0.0]})
    with pytest.raises(InputError, match="names no scaling_factor"):
        LatentScaling.from_config({"shift_factor": 1.0})
    with pytest.raises(InputError, match="latent scale"):
        PixelCodec(scale=0.0)
    with pytest.raises(InputError, match="latent shift"):
        PixelCodec(shift=float("nan"))
    with pytest.raises(InputError, match="standard deviation of the latents"):
        LatentScaling.to_unit_power(0.0, 0.0)


def test_folders_that_hold_no_autoencoder_are_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(InputError, match="cannot be read as an autoencoder"):
        load_autoencoder(str(tmp_path))
    folder = tmp_path / "vae"
    small_autoencoder().save_pretrained(folder)
    weights = folder / "diffusion_pytorch_model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="cannot be read as an autoencoder"):
        load_autoencoder(str(folder))
    weights.unlink()
    torch.save({}, folder / "diffusion_pytorch_model.bin")
    with pytest.raises(InputError, match="cannot be read as an autoencoder"):
        load_autoencoder(str(folder))


def test_the_seed_decides_the_weights():
    first, again, other = (build_autoencoder(SMALL, seed=seed) for seed in (3, 3, 4))
    name = "encoder.conv_in.weight"
    assert torch.equal(first.state_dict()[name], again.state_dict()[name])
    assert not torch.equal(first.state_dict()[name], other.state_dict()[name])
    assert json.dumps(first.config["block_out_channels"]) == "[4, 4]"


def test_sizes_out_of_range_are_refused():
    with pytest.raises(InputError, match="latent_channels"):
        SmallAutoencoderSettings(latent_channels=0)
    with pytest.raises(InputError, match=r"widths = \(\) names no stage"):
        SmallAutoencoderSettings(widths=())
    with pytest.raises(InputError, match="holds 12, no multiple of n_groups = 8"):
        SmallAutoencoderSettings(widths=(8, 12))
