"""An autoencoder by a recipe, its latents in a cache, and a system trained on them."""

import json

import numpy as np
import pytest
from PIL import Image

from jscgc_model.recipes.run_folder import load_run
from jscgc_model.training.training_log import read_log
from jscgc_theory.cli import main

SMALL = (
    "architecture.encoder_dims=[16]",
    "architecture.encoder_depths=[1]",
    "architecture.merge_sizes=[]",
    "architecture.backbone_dim=32",
    "architecture.backbone_heads=2",
    "architecture.backbone_layers=2",
    "architecture.adapter_dim=16",
    "architecture.adapter_heads=2",
    "architecture.adapter_layers=[0]",
    "architecture.adapter_refiner_blocks=1",
    "training.n_steps=2",
    "training.batch_size=4",
    "training.precision=no",
    "sampler.n_steps=2",
)


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    folder = tmp_path_factory.mktemp("images") / "train"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name in "abcde":
        pixels = rng.integers(0, 256, (40, 48, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return folder.parent


def run(command, images, folder, *changes, more=()):
    record = folder.parent / f"{folder.name}.json"
    wanted = (f"source.path={images}", "source.crop=32", "source.shorter_side=null", *changes)
    options = [word for change in wanted for word in ("--set", change)]
    assert main([*command, *options, "--out", str(folder), "--json", str(record), *more]) == 0
    return json.loads(record.read_text())["results"]


@pytest.fixture(scope="module")
def autoencoder(images, tmp_path_factory):
    folder = tmp_path_factory.mktemp("autoencoder") / "run"
    results = run(
        ["train", "--recipe", "natural_64_autoencoder"], images, folder,
        "architecture.widths=[8, 8, 8]", "architecture.n_groups=4", "training.n_steps=3",
        "architecture.blocks_per_stage=1", "batch_size=4",
    )  # fmt: skip
    assert results["latent_shape"] == [4, 8, 8]
    assert np.isfinite(results["psnr_db"])
    return results["folder"]


@pytest.fixture(scope="module")
def cache(images, autoencoder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache") / "latents"
    told = (f"codec.name={autoencoder}",)
    results = run(
        ["latents", "--recipe", "natural_64"], images, folder, *told, more=("--views", "2")
    )
    assert results["n_latents"] == 2 * 5
    assert results["latent_shape"] == [4, 8, 8]
    return folder


@pytest.mark.parametrize("is_cached", [False, True])
def test_a_system_is_trained_on_latents(images, autoencoder, cache, tmp_path, is_cached):
    told = [f"codec.name={autoencoder}", *([f"codec.cache={cache}"] if is_cached else [])]
    run(["train", "--recipe", "natural_64"], images, tmp_path / "run", *SMALL, *told)
    assert len(read_log(tmp_path / "run" / "steps.jsonl")) == 2
    # What is only read from a cache says nothing of images.
    assert (tmp_path / "run" / "reading.json").exists() != is_cached
    sent = ["transmit", str(images / "train"), "--resize", "32", "--snr-db", "5", "--steps", "2"]
    folder = tmp_path / "sent"
    assert main([*sent, "--checkpoint", str(tmp_path / "run"), "--out", str(folder)]) == 0
    drawn = [np.asarray(Image.open(file)) for file in folder.glob("*_draw0.png")]
    assert [one.shape for one in drawn] == 5 * [(32, 32, 3)]
    assert load_run(tmp_path / "run").sample_channels == 3


def test_pixels_have_no_cache(images, tmp_path, capsys):
    line = ["latents", "--recipe", "cifar_16", "--out", str(tmp_path / "latents")]
    assert main(line) == 2
    assert "works on pixels or draws its images" in capsys.readouterr().err


def test_an_autoencoder_is_trained_by_one_process(tmp_path, capsys):
    line = ["train", "--recipe", "natural_64_autoencoder", "--processes", "2"]
    assert main([*line, "--out", str(tmp_path / "run")]) == 2
    assert "an autoencoder is trained by one" in capsys.readouterr().err
