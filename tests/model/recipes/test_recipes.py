"""Recipes: whole in JSON, changed by name, and each of them builds and learns."""

import json

import numpy as np
import pytest
import torch

from jscgc_model.recipes import (
    RECIPES,
    Recipe,
    build_source,
    build_system,
    make_recipe,
    train_recipe,
)
from jscgc_model.recipes.autoencoder_recipe import AUTOENCODER_RECIPES
from jscgc_model.recipes.run_folder import load_pipeline, load_recipe, load_run
from jscgc_model.training.training_log import read_log
from jscgc_theory.errors import InputError
from tests.model.data.image_sets import as_bytes, place_image, write_folder, write_parquet
from tests.model.metrics.small_networks import small_judge
from tests.model.training.small_runs import small_images, small_sphere


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_survives_json(name, tmp_path):
    recipe = make_recipe(name).changed(["training.snr_db=[1, 2.5]", "training.seed=7"])
    recipe.to_json(tmp_path / "recipe.json")
    assert Recipe.from_json(tmp_path / "recipe.json") == recipe != make_recipe(name)
    assert load_recipe(tmp_path) == recipe
    assert recipe.training.snr_db == (1.0, 2.5)


@pytest.fixture(scope="module")
def own_files(tmp_path_factory):
    """What recipes that need files of the user are told, by setting."""
    folder = tmp_path_factory.mktemp("files")
    images = [as_bytes(place_image(32, 32, n)) for n in range(4)]
    write_parquet(folder / "train.parquet", images)
    write_folder(folder, {f"train/{n}.png": image for n, image in enumerate(images)})
    small_judge().network.save_pretrained(folder / "judge")
    return {"source.path": folder, "architecture.perceptual.folder": folder / "judge"}


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_builds_and_makes_a_step(name, tmp_path, own_files):
    recipe = make_recipe(name)
    told = [f"{key}={path}" for key, path in own_files.items() if key in recipe.identity()]
    recipe = recipe.changed(["training.n_steps=1", "training.batch_size=4", *told])
    summary = train_recipe(recipe, tmp_path)
    assert summary.n_steps_done == len(read_log(tmp_path / "steps.jsonl")) == 1
    assert load_pipeline(tmp_path / "pipeline").sampler == recipe.sampler


@pytest.mark.parametrize(("family", "n_symbols"), [("tiny_images", 16), ("cifar_16", 32)])
def test_all_systems_of_a_family_have_one_budget_channel_and_source(family, n_symbols):
    recipes = [make() for name, make in RECIPES.items() if name.startswith(family)]
    assert len(recipes) >= 3
    for recipe in recipes:
        assert (recipe.source, recipe.channel) == (recipes[0].source, recipes[0].channel)
        assert recipe.training.snr_db == recipes[0].training.snr_db
        shape = build_source(recipe).sample_shape
        symbols = build_system(recipe).encoder(torch.zeros(1, *shape), torch.zeros(1))
        assert symbols.shape == (1, n_symbols)


def test_a_perceptual_loss_is_named_by_the_recipe_and_needs_no_network_once_trained(
    tmp_path, own_files
):
    files = [f"{key}={path}" for key, path in own_files.items()]
    changes = ["training.n_steps=1", "training.batch_size=2", *files]
    recipe = make_recipe("cifar_16_mamba_judge").changed(changes)
    absent = recipe.changed([f"architecture.perceptual.folder={tmp_path}/absent"])
    with pytest.raises(InputError, match="absent holds no judge; train one"):
        train_recipe(absent, tmp_path / "refused")
    train_recipe(recipe, tmp_path / "run")
    absent.to_json(tmp_path / "run" / "recipe.json")
    names = {name.split(".")[0] for name in load_run(tmp_path / "run").system.state_dict()}
    assert names == {"encoder", "decoder"}


@pytest.mark.parametrize("weight", ["0", "-1", "inf"])
def test_a_perceptual_weight_out_of_range_is_named(weight):
    with pytest.raises(InputError, match=r"architecture.*perceptual.*weight = "):
        make_recipe("cifar_16_mamba_judge").changed([f"architecture.perceptual.weight={weight}"])


def test_all_that_decides_a_run_is_in_its_identity():
    recipe = small_images()
    identity = recipe.identity()
    for change in ("source.pixels=12", "channel.fading=fast", "latent_scale=2", "training.seed=4"):
        name = change.partition("=")[0]
        other = recipe.changed([change]).identity()
        assert {key for key in identity if other[key] != identity[key]} == {name}
    assert recipe.changed(["training.save_every=9", "about=words"]).identity() == identity
    assert json.loads(json.dumps(identity)) == identity


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("training.n_step=3", r"'training.n_step=3' sets nothing; .* such as training\.n_steps,"),
        ("n_steps=3", r"sets nothing; give KEY=VALUE, with a key such as .*training\.n_steps"),
        ("training.n_steps", "sets nothing"),
        ("=3", "sets nothing"),
        ("training={}", "sets nothing"),
        ("training.seed.low=1", "sets nothing"),
        ("architecture.kind=vector", "sets nothing"),
        ("training.n_steps=0", "training: n_steps = 0 is too small; give at least 1"),
        ("training.n_steps=many", r"training\.n_steps = 'many': .* valid integer"),
        ("training.learning_rate=NaN", "training: learning_rate = nan is not finite"),
        ("training.optimiser=sgd", "training: optimiser = 'sgd' is unknown; choose adamw or"),
        ("channel.fading=slow", "channel: fading = 'slow' is unknown"),
        ("sampler.method=rk", "sampler: method = 'rk' is not a solver"),
        ("architecture.d_state=x", r"architecture\.d_state = 'x': .* valid integer"),
        ("latent_scale=0", "latent_scale = 0: .* greater than 0"),
        ("latent_shift=inf", "latent_shift = 'inf': .* finite"),
    ],
)
def test_a_wrong_change_is_named_with_its_remedy(change, message):
    with pytest.raises(InputError, match=message):
        small_images().changed([change])


def test_a_value_may_be_text_or_json():
    recipe = make_recipe("tiny_images").changed(
        ['source.factors=["x", "y"]', " training.optimiser = adamw ", 'channel.fading="block"']
    )
    assert recipe.source.factors == ("x", "y")
    assert (recipe.training.optimiser, recipe.channel.fading) == ("adamw", "block")


@pytest.mark.parametrize("name", ["cifar_16_judge", *AUTOENCODER_RECIPES])
def test_a_recipe_of_what_systems_need_is_told_apart(name):
    with pytest.raises(
        InputError, match=f"{name}' makes no system .* jscgc train --recipe {name}"
    ):
        make_recipe(name)
    with pytest.raises(InputError, match=f"choose from .*{name}"):
        make_recipe("cifar")


def test_an_unknown_recipe_is_named():
    with pytest.raises(InputError, match="'cifar' is unknown; choose from tiny_sphere, tiny_im"):
        make_recipe("cifar")


@pytest.mark.parametrize(
    ("recipe", "other", "kind"),
    [(small_sphere(), small_images(), "vector"), (small_images(), small_sphere(), "image")],
)
def test_architecture_and_source_must_fit(recipe, other, kind):
    mixed = recipe.model_copy(update={"architecture": other.architecture})
    with pytest.raises(InputError, match=f"cannot take samples of shape .*; give kind {kind}"):
        build_system(mixed)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("architecture.merge_sizes=[3]", r"patch_size = 4 is no multiple of the 3 cells"),
        ("architecture.patch_size=3", "8 x 8 cells does not divide"),
        ("architecture.adapter_layers=[9]", r"layers \[9\] have no layer"),
        ("architecture.d_state=-1", "d_state = -1"),
        ('source.factors=["q"]', r"factors = \['q'\]"),
    ],
)
def test_sizes_that_do_not_fit_are_named(change, message, tmp_path):
    with pytest.raises(InputError, match=message):
        train_recipe(small_images(change), tmp_path)


@pytest.mark.parametrize(
    ("stages", "symbols_per_token"),
    [
        (("[8, 16]", "[1, 1]", "[2]"), 2),
        (("[8, 16, 16]", "[1, 1, 1]", "[2, 2]"), 1),
    ],
)
def test_stages_that_merge_end_on_the_generators_grid(stages, symbols_per_token, tmp_path):
    names = ("encoder_dims", "encoder_depths", "merge_sizes")
    changes = [f"architecture.{name}={value}" for name, value in zip(names, stages, strict=True)]
    recipe = small_images(
        *changes, f"architecture.symbols_per_token={symbols_per_token}", "training.n_steps=1"
    )
    train_recipe(recipe, tmp_path)
    pipeline = load_run(tmp_path)
    samples = build_source(recipe).draw(2, np.random.default_rng(0))
    output = pipeline(samples, 0.0)
    n_tokens = (8 // 4) ** 2
    assert output.received.sent.shape == (2, n_tokens * symbols_per_token)


def test_a_mirrored_system_takes_merges_that_fit_alone():
    recipe = make_recipe("tiny_images_mamba")
    with pytest.raises(InputError, match="patch_size = 4 is no multiple of the 3 pixels that"):
        build_system(recipe.changed(["architecture.merge_sizes=[3]"]))


def test_the_seed_alone_decides_the_first_weights():
    first, again, other = (
        build_system(small_images(f"training.seed={seed}")).state_dict() for seed in (1, 1, 2)
    )
    assert all(first[name].equal(one) for name, one in again.items())
    for part in ("encoder", "adapter", "backbone"):
        names = [name for name in first if name.startswith(part)]
        assert any(not first[name].equal(other[name]) for name in names)


def test_a_folder_without_a_run_is_named(tmp_path):
    with pytest.raises(InputError, match=r"holds no recipe\.json; give the folder of a"):
        load_pipeline(tmp_path)
    small_sphere().to_json(tmp_path / "recipe.json")
    with pytest.raises(InputError, match="holds no checkpoint yet; train it first"):
        load_pipeline(tmp_path)
    (tmp_path / "recipe.json").write_text('{"name": 3')
    with pytest.raises(InputError, match=r"recipe\.json cannot be read .*; train anew"):
        load_pipeline(tmp_path)
