"""The loop: what learns, what is kept, what is refused."""

import json
import math

import numpy as np
import pytest
import torch

from jscgc_model.data import SpherePoints, numpy_stream
from jscgc_model.recipes import build_system, train_recipe
from jscgc_model.recipes.run_folder import load_run
from jscgc_model.training.checkpoints import checkpoint_folders, load_checkpoint
from jscgc_model.training.trainer import Trainer
from jscgc_model.training.training_log import read_log
from jscgc_theory.errors import InputError
from tests.model.training.small_runs import small_images, small_sphere

EIGHT = small_sphere("training.n_steps=8", "training.save_every=3")


def losses(folder):
    return [row["loss"] for row in read_log(folder / "steps.jsonl")]


def newest(folder):
    return load_checkpoint(checkpoint_folders(folder / "checkpoints")[-1])


def trainer(recipe, folder, *, spoil=None, **options):
    """Return a trainer of a recipe on a sphere; samples of one step can be spoilt."""
    settings, source = recipe.training, SpherePoints(2)

    def batches(step):
        samples = source.draw(settings.batch_size, numpy_stream(settings.seed, "data", step))
        return samples * math.nan if step == spoil else samples

    system = build_system(recipe)
    return Trainer(system, batches, settings, folder, identity=recipe.identity(), **options)


def test_a_run_tells_how_it_ended(tmp_path):
    fractions = []
    summary = train_recipe(EIGHT, tmp_path, progress=fractions.append)
    assert fractions == [step / 8 for step in range(1, 9)]
    assert (summary.n_steps_done, summary.was_interrupted) == (8, False)
    assert summary.last_loss == losses(tmp_path)[-1]
    assert summary.n_samples_per_second > 0.0
    names = [path.name for path in checkpoint_folders(tmp_path / "checkpoints")]
    assert names == ["step_00000006", "step_00000008"]
    again = train_recipe(EIGHT, tmp_path, resume=True)
    assert again.n_steps_done == 8
    assert math.isnan(again.last_loss)
    assert len(losses(tmp_path)) == 8


def test_learning_lowers_the_loss(tmp_path):
    train_recipe(small_sphere("training.n_steps=150", "training.batch_size=64"), tmp_path)
    curve = np.array(losses(tmp_path))
    error = np.hypot(*(curve[part].std() / 5.0 for part in (slice(25), slice(-25, None))))
    assert curve[:25].mean() - curve[-25:].mean() > 5.0 * error


def test_the_average_of_the_weights_generates(tmp_path):
    recipe = small_sphere("training.n_steps=3", "training.ema_decay=0.2")
    run = trainer(recipe, tmp_path)
    weights = []
    run.progress = lambda fraction: weights.append(
        {name: one.detach().clone() for name, one in run.system.named_parameters()}
    )
    recipe.to_json(tmp_path / "recipe.json")
    run.run()
    expected = {name: one.clone() for name, one in weights[0].items()}
    # The decay starts at 0 and grows as (1 + n)/(10 + n).
    for later, decay in zip(weights[1:], (2 / 11, 0.2), strict=True):
        for name, one in later.items():
            expected[name] = decay * expected[name] + (1.0 - decay) * one
    averaged = dict(load_run(tmp_path).system.named_parameters())
    assert averaged.keys() == expected.keys()
    for name, one in averaged.items():
        torch.testing.assert_close(one, expected[name], rtol=1e-5, atol=1e-7)
    moved = [not torch.equal(averaged[name], one) for name, one in weights[-1].items()]
    assert sum(moved) > len(moved) / 2


def test_a_frozen_generator_stays_and_is_not_saved(tmp_path):
    recipe = small_images("training.n_steps=3", "training.train_backbone=false")
    before = build_system(recipe)
    train_recipe(recipe, tmp_path)
    after = load_run(tmp_path).system
    for name, one in before.backbone.state_dict().items():
        assert after.backbone.state_dict()[name].equal(one)
    for part in ("encoder", "adapter"):
        pairs = zip(
            getattr(before, part).parameters(), getattr(after, part).parameters(), strict=True
        )
        moved = [not torch.equal(*pair) for pair in pairs]
        assert sum(moved) > len(moved) / 2
    stored = {name.split(".")[0] for name in newest(tmp_path).tensors["weights"]}
    assert stored == {"encoder", "adapter"}


@pytest.mark.parametrize(
    "change",
    [
        "training.precision=bf16",
        "training.loss_weight=likelihood",
        "training.time_law=logit_normal",
        "training.optimiser=muon",
    ],
)
@pytest.mark.parametrize("small", [small_sphere, small_images])
def test_every_option_trains(tmp_path, small, change):
    train_recipe(small("training.n_steps=2", change), tmp_path)
    plain = small("training.n_steps=1", "training.optimiser=adamw")
    train_recipe(plain, tmp_path / "plain")
    assert np.isfinite(losses(tmp_path)).all()
    if "optimiser" not in change:
        assert losses(tmp_path)[0] != losses(tmp_path / "plain")[0]


def test_a_loss_that_is_not_finite_stops_the_run(tmp_path):
    with pytest.raises(InputError, match=r"loss of step 5 is nan .* lower learning_rate"):
        trainer(EIGHT, tmp_path, spoil=5).run()
    assert newest(tmp_path).step == 3
    assert len(losses(tmp_path)) == 5
    assert all(one.isfinite().all() for one in newest(tmp_path).tensors["weights"].values())


def test_a_second_run_in_a_folder_must_say_that_it_resumes(tmp_path):
    train_recipe(EIGHT, tmp_path)
    with pytest.raises(InputError, match="holds a training run already; resume it"):
        train_recipe(EIGHT, tmp_path)
    with pytest.raises(InputError, match=r"other settings .training\.learning_rate, training\.se"):
        train_recipe(
            EIGHT.changed(["training.seed=3", "training.learning_rate=1"]), tmp_path, resume=True
        )
    train_recipe(EIGHT.changed(["training.save_every=1"]), tmp_path, resume=True)


def test_without_a_checkpoint_nothing_is_held_to_the_recipe_before(tmp_path):
    EIGHT.to_json(tmp_path / "recipe.json")
    train_recipe(EIGHT.changed(["training.n_steps=1"]), tmp_path)
    assert load_run(tmp_path).sampler == EIGHT.sampler
    assert newest(tmp_path).step == 1


def test_checkpoints_of_other_runs_are_refused(tmp_path):
    trainer(EIGHT, tmp_path).run()
    with pytest.raises(InputError, match=r"made with other settings .channel\.fading"):
        trainer(EIGHT.changed(["channel.fading=block"]), tmp_path).run(resume=True)
    manifest = checkpoint_folders(tmp_path / "checkpoints")[-1] / "checkpoint.json"
    values = json.loads(manifest.read_text())
    wider = EIGHT.changed(["architecture.adapter_dim=24"])
    values["details"]["identity"] = wider.identity()
    manifest.write_text(json.dumps(values))
    with pytest.raises(InputError, match=r"of shape .* in the weights of the checkpoint and of"):
        trainer(wider, tmp_path).run(resume=True)
    values["details"]["identity"] = EIGHT.identity()
    del values["sha256"]["optimiser_1.safetensors"]
    manifest.write_text(json.dumps(values))
    with pytest.raises(InputError, match="step 8 holds no optimiser_1"):
        trainer(EIGHT, tmp_path).run(resume=True)


def test_samples_that_depend_on_their_batch_are_not_shared(tmp_path, monkeypatch):
    monkeypatch.setattr("accelerate.Accelerator.num_processes", property(lambda self: 2))
    recipe = small_sphere("channel.power_constraint=per_batch")
    with pytest.raises(InputError, match="'per_batch' couples the samples of a batch, which 2"):
        trainer(recipe, tmp_path)
    assert not list(tmp_path.iterdir())
