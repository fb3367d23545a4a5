"""The records of the commands, with what is said about each, and the list of recipes."""

from jscgc_model.recipes.autoencoder_recipe import AUTOENCODER_RECIPES, AutoencoderRecipe
from jscgc_model.recipes.catalogue import RECIPES
from jscgc_model.recipes.gpu_recipes import GPU_RECIPES
from jscgc_model.recipes.judge_recipe import JUDGE_RECIPES, JudgeRecipe
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.report import budget_content as budget_content
from jscgc_model.report import command_contents as command_contents
from jscgc_model.report.command_records import RecipeEntry, RecipeList
from jscgc_model.report.command_records import TrainingReport as TrainingReport
from jscgc_model.report.command_records import TransmissionReport as TransmissionReport


def list_recipes() -> RecipeList:
    """Return the list of recipes."""
    made: list[Recipe | JudgeRecipe | AutoencoderRecipe] = [
        make() for make in [*RECIPES.values(), *GPU_RECIPES.values()]
    ]
    made += [make() for make in JUDGE_RECIPES.values()]
    made += [make() for make in AUTOENCODER_RECIPES.values()]
    return RecipeList(
        recipes=tuple(
            RecipeEntry(
                name=one.name,
                about=one.about,
                n_steps=one.training.n_steps,
                batch_size=_batch_size(one),
            )
            for one in made
        )
    )


def _batch_size(recipe: Recipe | JudgeRecipe | AutoencoderRecipe) -> int:
    if isinstance(recipe, AutoencoderRecipe):
        return recipe.batch_size
    return recipe.training.batch_size
