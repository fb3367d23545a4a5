"""The recipes that want a GPU, by name."""

from collections.abc import Callable

from jscgc_model.recipes.cifar_32 import cifar_32
from jscgc_model.recipes.cifar_32_baselines import (
    cifar_32_cjscc,
    cifar_32_diff,
    cifar_32_mamba,
)
from jscgc_model.recipes.natural import natural_64, natural_256
from jscgc_model.recipes.paper import paper
from jscgc_model.recipes.recipe import Recipe

GPU_RECIPES: dict[str, Callable[[], Recipe]] = {
    "cifar_32": cifar_32,
    "cifar_32_cjscc": cifar_32_cjscc,
    "cifar_32_mamba": cifar_32_mamba,
    "cifar_32_diff": cifar_32_diff,
    "natural_64": natural_64,
    "natural_256": natural_256,
    "paper": paper,
}
"""Functions that return a recipe."""
