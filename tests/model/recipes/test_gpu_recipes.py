"""Recipes for GPUs: the sizes they promise, and a small step of each."""

import pytest
import torch

from jscgc_model.budget.training_budget import count_parameters
from jscgc_model.channel import ratio_of_symbols
from jscgc_model.recipes import RECIPES, build_source, build_system, make_recipe, system_shape
from jscgc_model.recipes.gpu_recipes import GPU_RECIPES
from jscgc_model.recipes.recipe import Recipe


def counted(recipe):
    read = recipe.model_copy(update={"architecture": recipe.architecture.without_files()})
    with torch.device("meta"):
        system = build_system(read)
    system.train_backbone(recipe.training.train_backbone)
    counts = {one.component: one for one in count_parameters(system)}
    return system, {name: one.n_trainable + one.n_frozen for name, one in counts.items()}


@pytest.mark.parametrize("name", GPU_RECIPES)
def test_a_recipe_survives_json_and_builds(name):
    recipe = make_recipe(name)
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert name == recipe.name not in RECIPES
    _, counts = counted(recipe)
    assert all(counts.values())


@pytest.mark.parametrize(
    ("name", "millions"),
    [("cifar_32", (10, 30)), ("natural_64", (50, 300)), ("natural_256", (50, 300))],
)
def test_the_generator_has_its_size(name, millions):
    _, counts = counted(make_recipe(name))
    assert millions[0] <= counts["backbone"] / 1e6 <= millions[1]


def test_the_paper_is_z_image_at_its_ratio():
    recipe = make_recipe("paper")
    system, counts = counted(recipe)
    assert counts["backbone"] == 6_154_908_736
    assert counts["adapter"] == pytest.approx(1.55e9, rel=0.02)
    learning = {
        name.partition(".")[0] for name, one in system.named_parameters() if one.requires_grad
    }
    assert learning == {"encoder", "adapter"}
    assert system.backbone.transformer.dtype == torch.bfloat16
    n_symbols = system.encoder.n_symbols(*system_shape(recipe)[1:])
    _, height, width = build_source(recipe).sample_shape
    assert str(ratio_of_symbols(n_symbols, height=height, width=width)) == "1/384"
    assert recipe.sampler.n_velocity_calls == 9


def test_systems_on_cifar_share_budget_and_images():
    recipes = [make_recipe(name) for name in GPU_RECIPES if name.startswith("cifar_32")]
    assert len(recipes) == 4
    for recipe in recipes:
        assert recipe.source == recipes[0].source
        assert recipe.channel == recipes[0].channel
        assert recipe.training.snr_db == recipes[0].training.snr_db
        assert recipe.training.batch_size == recipes[0].training.batch_size
