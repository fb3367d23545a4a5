"""Sharded weights and recomputed activations: the losses of a run that keeps everything."""

from functools import partial

import pytest
import torch
from safetensors.torch import load_file

from jscgc_model.recipes import build_system, train_recipe
from jscgc_model.training.activation_recomputation import (
    checkpoint_gradients,
    checkpointed_blocks,
)
from jscgc_model.training.checkpoints import checkpoint_folders
from jscgc_model.training.draws import draw_transmission
from jscgc_model.training.processes import run_together
from jscgc_model.training.settings import TrainingSettings
from jscgc_theory.errors import InputError
from tests.model.training.child_processes import go_on_together, train_share
from tests.model.training.small_runs import small_images
from tests.model.training.test_processes import assert_same_losses

SLOWLY = ("training.learning_rate=1e-4", "architecture.adapter_block=s3_dit")
FROZEN = ("training.train_backbone=false", "training.gradient_checkpointing=true")


def gradients(is_checkpointed, *changes):
    recipe = small_images(*SLOWLY, *changes)
    system = build_system(recipe)
    system.train_backbone(recipe.training.train_backbone)
    checkpoint_gradients(system, is_checkpointed)
    shape = (1, 8, 8)
    draw = draw_transmission(recipe.training, system.channel, shape, 4, step=0)
    x = torch.randn(8, *shape, generator=torch.Generator().manual_seed(0))
    system(x, draw).mean().backward()
    return {
        name: one.grad for name, one in system.named_parameters() if one.requires_grad
    }, checkpointed_blocks(system)


@pytest.mark.parametrize("train_backbone", ["true", "false"])
def test_computing_activations_again_changes_no_bit_of_a_gradient(train_backbone):
    change = f"training.train_backbone={train_backbone}"
    kept, blocks = gradients(False, change)
    again, _ = gradients(True, change)
    assert blocks == {"ZImageTransformerBlock", "S3DiTBlock", "LocalBlock"}
    assert kept.keys() == again.keys()
    for name, one in kept.items():
        assert torch.equal(one, again[name]), name


def trained_in_shards(folder, recipe):
    sharded = recipe.changed(["training.sharding=fsdp2"])
    return run_together(partial(train_share, sharded.to_json(), str(folder)), 2, lambda _: None)


def test_shards_make_the_losses_and_checkpoints_of_one_process(tmp_path):
    recipe = small_images(*SLOWLY, *FROZEN, "training.n_steps=6", "training.save_every=6")
    trained_in_shards(tmp_path / "shards", recipe)
    train_recipe(recipe, tmp_path / "one")
    assert_same_losses(tmp_path / "shards", tmp_path / "one", 6)
    found, expected = (
        checkpoint_folders(tmp_path / name / "checkpoints")[-1] for name in ("shards", "one")
    )
    for group in ("weights", "average", "optimiser_0"):
        ours, theirs = (load_file(one / f"{group}.safetensors") for one in (found, expected))
        assert ours.keys() == theirs.keys()
        assert not any("backbone" in name for name in ours)
        for name, one in theirs.items():
            torch.testing.assert_close(ours[name], one, rtol=1e-3, atol=1e-6)


@pytest.mark.slow
def test_what_one_process_began_goes_on_in_shards(tmp_path):
    first, longer = (
        small_images(*SLOWLY, "training.n_steps=8", f"training.save_every={count}")
        for count in (4, 8)
    )
    train_recipe(longer, tmp_path / "one")
    train_recipe(first, tmp_path / "both")
    newest = checkpoint_folders(tmp_path / "both" / "checkpoints")[-1]
    for file in newest.iterdir():
        file.unlink()
    newest.rmdir()
    sharded = longer.changed(["training.sharding=fsdp2"])
    work = partial(go_on_together, sharded.to_json(), str(tmp_path / "both"))
    assert run_together(work, 2, lambda _: None).n_steps_done == 8
    assert_same_losses(tmp_path / "both", tmp_path / "one", 8)


def test_shards_need_processes(tmp_path):
    with pytest.raises(InputError, match="sharding = 'fsdp2' shares weights between processes"):
        train_recipe(small_images("training.sharding=fsdp2"), tmp_path)


def test_muon_is_refused_in_shards():
    with pytest.raises(InputError, match="'muon' needs whole matrices"):
        TrainingSettings(optimiser="muon", sharding="fsdp2")
