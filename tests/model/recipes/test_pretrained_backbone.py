"""A run around published weights: they are read, never trained, never stored again."""

import pytest
import torch
from diffusers.models.transformers.transformer_z_image import ZImageTransformer2DModel

from jscgc_model.budget import training_budget
from jscgc_model.generator import ZImageSizes
from jscgc_model.generator.captions import store_caption_file
from jscgc_model.recipes import build_system, train_recipe
from jscgc_model.recipes.run_folder import load_pipeline, load_run
from jscgc_model.training.checkpoints import checkpoint_folders
from jscgc_model.training.training_log import read_log
from jscgc_theory.errors import InputError
from tests.model.training.small_runs import small_images

SIZES = ZImageSizes(dim=32, n_layers=2, n_refiner_layers=1)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    folder = tmp_path_factory.mktemp("z_image")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        ZImageTransformer2DModel(**SIZES.transformer_config()).save_pretrained(
            folder / "transformer"
        )
    store_caption_file(torch.ones(7, 8), folder / "caption.safetensors")
    return folder


def recipe_around(weights, *changes):
    return small_images(
        f'architecture.backbone_weights="{weights}"',
        f'architecture.caption_file="{weights / "caption.safetensors"}"',
        "architecture.backbone_refiner_layers=1",
        "architecture.caption_rows=32",
        "architecture.backbone_precision=bfloat16",
        "architecture.adapter_block=s3_dit",
        "training.train_backbone=false",
        "training.precision=bf16",
        "training.n_steps=3",
        *changes,
    )


@pytest.fixture(scope="module")
def run(weights, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    train_recipe(recipe_around(weights, "training.gradient_checkpointing=true"), folder)
    return folder


def stored_bytes(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def test_checkpoints_and_pipelines_leave_the_weights_where_they_are(weights, run):
    (checkpoint,) = checkpoint_folders(run / "checkpoints")
    system = load_run(run).system
    n_learning = sum(
        one.numel() for part in (system.encoder, system.adapter) for one in part.parameters()
    )
    # Weights, average and two moments in single precision, and names.
    assert stored_bytes(checkpoint) == pytest.approx(16 * n_learning, rel=0.1)
    assert stored_bytes(run / "pipeline" / "backbone") < 4000
    assert not any(one.requires_grad for one in system.backbone.parameters())


def test_what_was_trained_comes_back_around_the_same_weights(run):
    images = torch.rand(2, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    of_run, of_pipeline = load_run(run), load_pipeline(run / "pipeline")
    first, second = (one(images, 5.0).samples for one in (of_run, of_pipeline))
    assert torch.equal(first, second)
    assert of_pipeline.backbone.transformer.dtype == torch.bfloat16
    assert torch.equal(of_pipeline.backbone.caption.float(), torch.ones(7, 8))


def test_checkpointing_changes_no_loss(weights, run, tmp_path):
    train_recipe(recipe_around(weights), tmp_path)
    losses, expected = (
        [row["loss"] for row in read_log(one / "steps.jsonl")] for one in (tmp_path, run)
    )
    assert losses == expected


def test_a_dry_run_reads_no_weights(weights, tmp_path):
    absent = recipe_around(weights).changed([f'architecture.backbone_weights="{tmp_path}"'])
    counts = {one.component: one for one in training_budget(absent, n_gpus=1).parameters}
    backbone = build_system(recipe_around(weights)).backbone
    assert counts["backbone"].n_trainable == 0
    assert counts["backbone"].n_frozen == sum(one.numel() for one in backbone.parameters())
    assert counts["backbone"].frozen_bytes == 2 * counts["backbone"].n_frozen
    with pytest.raises(InputError, match="cannot be read as Z-Image"):
        build_system(absent)


def test_half_precision_is_not_trained(weights):
    with pytest.raises(InputError, match="steps would be rounded away"):
        build_system(recipe_around(weights, "training.train_backbone=true"))
