"""Runs on latents: the codec is read, promised sizes are held, pipelines carry it."""

from json import dumps

import pytest
import torch

from jscgc_model.budget import training_budget
from jscgc_model.data import numpy_stream
from jscgc_model.latent import (
    LatentScaling,
    SmallAutoencoderSettings,
    build_autoencoder,
    load_autoencoder,
)
from jscgc_model.pipelines import ReconstructionPipeline
from jscgc_model.recipes import build_source, build_system, system_shape, train_recipe
from jscgc_model.recipes.batches import training_batches
from jscgc_model.recipes.run_folder import load_pipeline, load_run
from jscgc_theory.errors import InputError
from tests.model.training.small_runs import small_images

SIZES = SmallAutoencoderSettings(image_channels=1, latent_channels=2, widths=(8, 8))
CODEC = {"name": "nowhere", "latent_channels": 2, "stride": 2}
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def autoencoder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("autoencoder")
    network = build_autoencoder(SIZES, seed=1)
    scaling = LatentScaling(shift=0.3, scale=1.7)
    network.register_to_config(shift_factor=scaling.shift, scaling_factor=scaling.scale)
    network.save_pretrained(folder)
    return folder


def recipe_on_latents(folder, **codec):
    chosen = {**CODEC, "name": str(folder), **codec}
    return small_images(
        f"codec={dumps(chosen)}",
        "latent_shift=0",
        "latent_scale=1",
        "architecture.patch_size=2",
        "training.n_steps=3",
    )


@pytest.fixture(scope="module")
def run(autoencoder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    train_recipe(recipe_on_latents(autoencoder), folder)
    return folder


def test_batches_are_the_latents_of_the_images_of_their_step(autoencoder):
    recipe = recipe_on_latents(autoencoder)
    source = build_source(recipe)
    found = training_batches(recipe, source, CPU)(2)
    images = source.draw(
        recipe.training.batch_size, numpy_stream(recipe.training.seed, "training data", 2)
    )
    with torch.no_grad():
        assert torch.equal(found, load_autoencoder(str(autoencoder)).encode(images))
    assert found.shape[1:] == system_shape(recipe) == (2, 4, 4)


def test_a_pipeline_carries_its_autoencoder(run):
    images = torch.rand(3, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    of_run, of_pipeline = load_run(run), load_pipeline(run / "pipeline")
    first, second = (one(images, 5.0, num_draws=2).samples for one in (of_run, of_pipeline))
    assert torch.equal(first, second)
    assert first.shape == (3, 2, 1, 8, 8)
    assert of_pipeline.sample_channels == 1
    with torch.no_grad():
        latents = of_pipeline.to_latents(images)
        expected = of_pipeline.vae.decode(latents / 1.7 + 0.3).sample / 2 + 0.5
        torch.testing.assert_close(of_pipeline.to_samples(latents), expected)


def test_the_budget_reads_no_autoencoder_and_counts_symbols_over_pixels():
    budget = training_budget(recipe_on_latents("nowhere"), n_gpus=1)
    assert budget.n_symbols == 4
    assert budget.bandwidth_ratio == 4 / 64


@pytest.mark.parametrize("codec", [{"latent_channels": 4}, {"stride": 4}])
def test_other_latents_than_promised_are_refused(autoencoder, codec):
    recipe = recipe_on_latents(autoencoder, **codec)
    with pytest.raises(InputError, match=r"makes latents of shape \(2, 4, 4\), not"):
        training_batches(recipe, build_source(recipe), CPU)


def test_sides_that_are_no_multiple_are_refused():
    with pytest.raises(InputError, match="have no whole latent at stride = 3"):
        build_system(recipe_on_latents("nowhere", stride=3))


def test_latents_are_scaled_once(autoencoder):
    with pytest.raises(InputError, match="a codec scales its own latents"):
        recipe_on_latents(autoencoder).changed(["latent_scale=2"])


def test_pipelines_on_pixels_take_no_autoencoder(run):
    pipeline = load_run(run)
    with pytest.raises(InputError, match="works on pixels; leave the codec out"):
        ReconstructionPipeline.from_system(pipeline.system, pipeline.sampler, vae=pipeline.vae)
