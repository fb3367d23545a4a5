"""The recipes by name."""

from collections.abc import Callable

from jscgc_model.recipes.autoencoder_recipe import AUTOENCODER_RECIPES
from jscgc_model.recipes.cifar_16 import cifar_16
from jscgc_model.recipes.cifar_16_baselines import (
    cifar_16_cjscc,
    cifar_16_mamba,
    cifar_16_mamba_judge,
)
from jscgc_model.recipes.cifar_16_diff import cifar_16_diff
from jscgc_model.recipes.gpu_recipes import GPU_RECIPES
from jscgc_model.recipes.judge_recipe import JUDGE_RECIPES
from jscgc_model.recipes.natural_32 import natural_32
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.recipes.tiny_images import tiny_images
from jscgc_model.recipes.tiny_images_baselines import tiny_images_cjscc, tiny_images_mamba
from jscgc_model.recipes.tiny_images_diff import tiny_images_diff
from jscgc_model.recipes.tiny_sphere import tiny_sphere
from jscgc_theory.errors import InputError

RECIPES: dict[str, Callable[[], Recipe]] = {
    "tiny_sphere": tiny_sphere,
    "tiny_images": tiny_images,
    "tiny_images_cjscc": tiny_images_cjscc,
    "tiny_images_mamba": tiny_images_mamba,
    "tiny_images_diff": tiny_images_diff,
    "cifar_16": cifar_16,
    "cifar_16_cjscc": cifar_16_cjscc,
    "cifar_16_mamba": cifar_16_mamba,
    "cifar_16_mamba_judge": cifar_16_mamba_judge,
    "cifar_16_diff": cifar_16_diff,
    "natural_32": natural_32,
}
"""Functions that return a recipe; of these a CPU makes a step in a second."""


def make_recipe(name: str) -> Recipe:
    """Return a recipe by its name.

    Args:
        name: One of ``RECIPES`` or ``GPU_RECIPES``.

    Returns:
        The recipe.

    Raises:
        InputError: If there is no such recipe.
    """
    known, other = RECIPES | GPU_RECIPES, [*JUDGE_RECIPES, *AUTOENCODER_RECIPES]
    if name in other:
        raise InputError(
            f"recipe = {name!r} makes no system but what systems need; "
            f"jscgc train --recipe {name} trains it, without --dry-run"
        )
    if name not in known:
        raise InputError(
            f"recipe = {name!r} is unknown; choose from {', '.join([*known, *other])}"
        )
    return known[name]()
