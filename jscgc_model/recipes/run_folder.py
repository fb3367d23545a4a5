"""Training by a recipe in a folder: recipe, checkpoints, log, and the pipeline it ends in."""

from collections.abc import Callable
from pathlib import Path

from jscgc_model.data import ReadAhead
from jscgc_model.data.reading_report import ReadingReport
from jscgc_model.pipelines import CommunicationPipeline, read_pipeline
from jscgc_model.pipelines.catalogue import INDEX_NAME
from jscgc_model.recipes.batches import training_batches
from jscgc_model.recipes.build import build_pipeline, build_source, build_system
from jscgc_model.recipes.codecs import cache_folder
from jscgc_model.recipes.image_sources import ImageFiles
from jscgc_model.recipes.recipe import RECIPE_NAME, Recipe
from jscgc_model.training.accelerators import training_device
from jscgc_model.training.checkpoints import checkpoint_folders, load_checkpoint
from jscgc_model.training.run_state import differing_names, restore_average
from jscgc_model.training.trainer import CHECKPOINTS, Trainer, TrainingSummary
from jscgc_model.training.whole_folder import written_whole
from jscgc_theory.errors import InputError

PIPELINE = "pipeline"
READING_NAME = "reading.json"
"""Of the file that says what came of reading images in the last call."""


def train_recipe(
    recipe: Recipe,
    folder: Path,
    *,
    resume: bool = False,
    progress: Callable[[float], None] | None = None,
) -> TrainingSummary:
    """Train a system by a recipe; at the end the averaged weights are saved as a pipeline.

    Args:
        recipe: The recipe.
        folder: Where everything goes.
        resume: Whether to go on from the newest checkpoint.
        progress: Told the finished fraction.

    Returns:
        How training ended.

    Raises:
        InputError: If the folder holds another run.
    """
    _store_recipe(recipe, folder)
    settings = recipe.training
    system, source = build_system(recipe), build_source(recipe)

    batches = training_batches(recipe, source, training_device())
    ahead = ReadAhead(batches, n_steps=settings.n_steps)
    trainer = Trainer(
        system, ahead, settings, folder, identity=recipe.identity(), progress=progress
    )
    summary = trainer.run(resume=resume)
    if not trainer.accelerator.is_main_process:
        return summary
    if isinstance(source, ImageFiles) and cache_folder(recipe.codec) is None:
        source.report().to_json(folder / READING_NAME)
    if not summary.was_interrupted:
        with written_whole(folder / PIPELINE) as partial:
            load_run(folder).save_pretrained(partial)
    return summary


def load_run(folder: Path) -> CommunicationPipeline:
    """Return the pipeline of a run's newest checkpoint, with the averaged weights.

    Args:
        folder: Folder of the run.

    Returns:
        The pipeline, ready to generate.

    Raises:
        InputError: If the folder holds no run or its checkpoint cannot be used.
    """
    recipe = load_recipe(folder)
    found = checkpoint_folders(folder / CHECKPOINTS)
    if not found:
        raise InputError(f"{folder} holds no checkpoint yet; train it first")
    system = build_system(recipe)
    system.train_backbone(recipe.training.train_backbone)
    restore_average(system, load_checkpoint(found[-1]))
    return build_pipeline(recipe, system.eval())


def load_pipeline(folder: Path) -> CommunicationPipeline:
    """Return the pipeline of a training run, or one that was saved.

    Args:
        folder: Folder of a run or of a pipeline's ``save_pretrained``.

    Returns:
        The pipeline.

    Raises:
        InputError: If the folder holds neither, or what it holds cannot be read.
    """
    return read_pipeline(folder) if (folder / INDEX_NAME).is_file() else load_run(folder)


def load_recipe(folder: Path) -> Recipe:
    """Read the recipe of a run.

    Args:
        folder: Folder of the run.

    Returns:
        The recipe.

    Raises:
        InputError: If there is none or it cannot be read.
    """
    path = folder / RECIPE_NAME
    if not path.is_file():
        raise InputError(f"{folder} holds no {RECIPE_NAME}; give the folder of a training run")
    try:
        return Recipe.from_json(path)
    except (ValueError, OSError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path} cannot be read ({reason}); train anew") from error


def reading_report(folder: Path) -> ReadingReport | None:
    """Return what came of reading images when a run was trained last.

    Args:
        folder: Folder of the run.

    Returns:
        Images read and skipped; None if the run reads no files.
    """
    path = folder / READING_NAME
    return ReadingReport.from_json(path) if path.is_file() else None


def _store_recipe(recipe: Recipe, folder: Path) -> None:
    """Write the recipe before the first step, or check that it is the one the run began with."""
    if checkpoint_folders(folder / CHECKPOINTS):
        other = differing_names(load_recipe(folder).identity(), recipe.identity())
        if other:
            raise InputError(
                f"{folder} holds a run with other settings ({', '.join(other)}); choose another "
                "folder, or the settings of that run"
            )
    recipe.to_json(folder / RECIPE_NAME)
