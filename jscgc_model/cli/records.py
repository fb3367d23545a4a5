"""The records of the commands, with what is said about each, and the list of recipes."""

from jscgc_model.recipes.catalogue import RECIPES
from jscgc_model.report import budget_content as budget_content
from jscgc_model.report import command_contents as command_contents
from jscgc_model.report.command_records import RecipeEntry, RecipeList
from jscgc_model.report.command_records import TrainingReport as TrainingReport
from jscgc_model.report.command_records import TransmissionReport as TransmissionReport


def list_recipes() -> RecipeList:
    """Return the list of recipes."""
    made = [make() for make in RECIPES.values()]
    return RecipeList(
        recipes=tuple(
            RecipeEntry(
                name=one.name,
                about=one.about,
                n_steps=one.training.n_steps,
                batch_size=one.training.batch_size,
            )
            for one in made
        )
    )
