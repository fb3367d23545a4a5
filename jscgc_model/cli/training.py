"""``jscgc train``: in this process, or in several that share each batch."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from jscgc_model.budget import TrainingBudget, training_budget
from jscgc_model.cli.judge_training import train_judge_command
from jscgc_model.cli.latents import train_autoencoder_command
from jscgc_model.cli.records import TrainingReport
from jscgc_model.recipes import Recipe, build_system, make_recipe, train_recipe
from jscgc_model.recipes.autoencoder_recipe import AUTOENCODER_RECIPES
from jscgc_model.recipes.judge_recipe import JUDGE_RECIPES
from jscgc_model.recipes.run_folder import reading_report
from jscgc_model.training.processes import run_together
from jscgc_model.training.run_state import learning_parameters
from jscgc_model.training.trainer import TrainingSummary
from jscgc_theory.errors import InputError
from jscgc_theory.records import Record

if TYPE_CHECKING:
    from jscgc_theory.cli.running import Run


def training_command(name: str) -> Callable[..., Record]:
    """Return what trains by a recipe, whatever it is that it trains.

    Args:
        name: Name of the recipe.

    Returns:
        :func:`train_command`, or one called like it.
    """
    if name in JUDGE_RECIPES:
        return train_judge_command
    if name in AUTOENCODER_RECIPES:
        return train_autoencoder_command
    return train_command


def train_command(
    run: "Run",
    name: str,
    folder: Path,
    changes: Sequence[str],
    *,
    resume: bool,
    n_processes: int,
) -> TrainingReport:
    """Train by a recipe.

    Args:
        run: The command at work.
        name: Name of the recipe.
        folder: Folder of the run.
        changes: Assignments ``key=value``.
        resume: Whether to go on from the newest checkpoint.
        n_processes: Processes that share each batch.

    Returns:
        How it ended.

    Raises:
        InputError: If the recipe or the folder cannot be used.
        KeyboardInterrupt: If training was interrupted; it is saved by then.
    """
    if n_processes < 1:
        raise InputError(f"--processes = {n_processes} is no number of processes; give 1 or more")
    recipe = _recipe(run, name, changes)
    work, progress = partial(_train, recipe, folder, resume), run.progress(f"training {name}")
    summary = work(progress) if n_processes == 1 else run_together(work, n_processes, progress)
    if summary.was_interrupted:
        raise KeyboardInterrupt
    system = build_system(recipe)
    system.train_backbone(recipe.training.train_backbone)
    learning = learning_parameters(system)
    return TrainingReport(
        recipe=recipe.name,
        folder=str(folder),
        n_steps_done=summary.n_steps_done,
        last_loss=summary.last_loss,
        n_samples_per_second=summary.n_samples_per_second,
        n_parameters={
            part: sum(one.numel() for key, one in learning.items() if key.startswith(f"{part}."))
            for part, _ in system.named_children()
        },
        reading=reading_report(folder),
    )


def dry_run_command(
    run: "Run", name: str, changes: Sequence[str], *, n_gpus: int
) -> TrainingBudget:
    """Say what training by a recipe will cost.

    Args:
        run: The command at work.
        name: Name of the recipe.
        changes: Assignments ``key=value``.
        n_gpus: GPUs that share what training keeps.

    Returns:
        The budget.
    """
    # Counting is no work for several threads.
    torch.set_num_threads(1)
    return training_budget(_recipe(run, name, changes), n_gpus=n_gpus)


def _recipe(run: "Run", name: str, changes: Sequence[str]) -> Recipe:
    seeded = [f"training.seed={run.seed}"] if run.seed else []
    return make_recipe(name).changed([*seeded, *changes])


def _train(
    recipe: Recipe, folder: Path, resume: bool, progress: Callable[[float], None]
) -> TrainingSummary:
    # A second thread gains little on small models, and on busy cores it loses much.
    torch.set_num_threads(1)
    return train_recipe(recipe, folder, resume=resume, progress=progress)
