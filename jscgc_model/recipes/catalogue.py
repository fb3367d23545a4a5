"""The recipes by name."""

from collections.abc import Callable

from jscgc_model.recipes.recipe import Recipe
from jscgc_model.recipes.tiny_images import tiny_images
from jscgc_model.recipes.tiny_sphere import tiny_sphere
from jscgc_theory.errors import InputError

RECIPES: dict[str, Callable[[], Recipe]] = {
    "tiny_sphere": tiny_sphere,
    "tiny_images": tiny_images,
}
"""Functions that return a recipe."""


def make_recipe(name: str) -> Recipe:
    """Return a recipe by its name.

    Args:
        name: One of ``RECIPES``.

    Returns:
        The recipe.

    Raises:
        InputError: If there is no such recipe.
    """
    if name not in RECIPES:
        raise InputError(f"recipe = {name!r} is unknown; choose from {', '.join(RECIPES)}")
    return RECIPES[name]()
