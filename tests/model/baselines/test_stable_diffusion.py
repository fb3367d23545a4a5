"""DiffJSCC on a Stable Diffusion: what is loaded is what diffusers' own pipeline runs."""

import json

import pytest
import torch

from jscgc_model.baselines.diff_jscc import (
    ConditionControlNet,
    UNetBackbone,
    UNetSizes,
    load_stable_diffusion,
)
from jscgc_model.baselines.diff_jscc.ddim import ddim_sample
from jscgc_model.baselines.diff_jscc.noise_schedule import SCHEDULES
from jscgc_model.data import numpy_stream
from jscgc_model.recipes import build_pipeline, build_source, build_system
from jscgc_model.recipes.run_folder import load_pipeline
from jscgc_model.training.draws import draw_transmission
from jscgc_theory.errors import InputError
from tests.model.baselines.small_diff import jittered, small_diff, stable_diffusion


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stable_diffusion")
    return folder, stable_diffusion(folder)


@pytest.fixture
def recipe(stored):
    return small_diff(
        f"architecture.stable_diffusion={stored[0]}", "source.pixels=16", "source.channels=3"
    )


def normal(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def test_it_draws_what_the_pipeline_of_diffusers_draws(stored):
    folder, theirs = stored
    loaded = load_stable_diffusion(str(folder))
    theirs.set_progress_bar_config(disable=True)
    noise = normal(2, 4, 8, 8)
    expected = theirs(
        ["", ""], latents=noise, guidance_scale=1.0, num_inference_steps=10, output_type="latent"
    ).images
    with torch.no_grad():
        found = ddim_sample(loaded.backbone, noise, loaded.backbone.schedule, 10)
    assert loaded.backbone.prompt.shape == (6, 12)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4 * float(expected.std()))


def test_stage_two_works_on_latents_of_the_image_of_stage_one(stored, recipe):
    system = jittered(build_system(recipe)).eval()
    told = []
    system.controlnet.register_forward_pre_hook(lambda module, given: told.append(given[3]))
    x = build_source(recipe).draw(2, numpy_stream(0, "test"))
    draw = draw_transmission(
        recipe.changed(["training.batch_size=2"]).training, system.channel, (3, 16, 16), 16, 0
    )
    with torch.no_grad():
        losses = system(x, draw)
        first = system.reconstruct(system.transmit(x, draw.snr_db, draw.channel).features(), x)
        expected = system.vae.encode(2.0 * first - 1.0).latent_dist.mode()
    torch.testing.assert_close(told[0], expected * system.vae.config.scaling_factor)
    assert bool(losses.isfinite().all())


def test_unet_and_autoencoder_are_frozen_and_saved_with_the_rest(stored, recipe, tmp_path):
    system = build_system(recipe)
    system.train_backbone(False)
    x = build_source(recipe).draw(8, numpy_stream(0, "test"))
    draw = draw_transmission(recipe.training, system.channel, (3, 16, 16), 16, 0)
    system(x, draw).mean().backward()
    learning = {
        name for name, part in system.named_children() for one in part.parameters()
        if one.requires_grad
    }  # fmt: skip
    assert learning == {"encoder", "decoder", "controlnet"}
    assert all(one.grad is None for one in system.vae.parameters())
    pipeline = build_pipeline(recipe, system.eval())
    pipeline.save_pretrained(tmp_path)
    outputs = [
        one(x[:2], 5.0, num_inference_steps=2).samples
        for one in (pipeline, load_pipeline(tmp_path))
    ]
    assert outputs[0].shape == (2, 1, 3, 16, 16)
    torch.testing.assert_close(outputs[1], outputs[0], rtol=1e-4, atol=1e-4)


def test_a_unet_can_learn_on_the_latents_of_an_autoencoder(stored):
    choice = {"name": str(stored[0] / "vae"), "latent_channels": 4, "stride": 2}
    recipe = small_diff(
        f"architecture.autoencoder={json.dumps(choice)}", "source.pixels=16", "source.channels=3"
    )
    system = build_system(recipe)
    x = build_source(recipe).draw(8, numpy_stream(0, "test"))
    draw = draw_transmission(recipe.training, system.channel, (3, 16, 16), 16, 0)
    losses = system(x, draw)
    losses.mean().backward()
    assert system.backbone.unet.config.in_channels == 4 * 2**2
    assert all(one.grad is not None for one in system.backbone.parameters())
    assert all(one.grad is None for one in system.vae.parameters())
    pipeline = build_pipeline(recipe, system.eval())
    assert pipeline(x[:2], 5.0, num_inference_steps=2).samples.shape == (2, 1, 3, 16, 16)


def test_sizes_and_schedule_can_be_those_of_stable_diffusion_2_1():
    sizes = UNetSizes(
        channels=4,
        dims=(320, 640, 1280, 1280),
        attends=(True, True, True, False),
        n_blocks=2,
        head_dim=64,
        prompt_dim=1024,
        n_groups=32,
    )
    with torch.device("meta"):
        backbone = UNetBackbone(sizes.unet_config(), SCHEDULES["stable_diffusion"])
        controlnet = ConditionControlNet.from_backbone(backbone)
    # The first is the number of weights in the published file.
    counts = [sum(one.numel() for one in part.parameters()) for part in (backbone, controlnet)]
    assert counts == [865_910_724, 365_285_984]
    assert backbone.schedule.signal_power.device.type == "cpu"


def test_a_dry_run_has_no_sizes_of_files(recipe):
    with pytest.raises(InputError, match="stand in their files alone"):
        recipe.architecture.without_files()
    assert small_diff().architecture.without_files() == small_diff().architecture


def test_a_cache_of_latents_is_refused(stored):
    choice = {"name": str(stored[0] / "vae"), "cache": "latents"}
    with pytest.raises(InputError, match=r"autoencoder\.cache = 'latents' cannot serve"):
        build_system(small_diff(f"architecture.autoencoder={json.dumps(choice)}"))


def test_a_folder_of_something_else_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"cannot be read as Stable Diffusion \(.*give a folder"):
        load_stable_diffusion(str(tmp_path))
