"""``jscgc train`` of a judge."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from jscgc_model.recipes.judge_recipe import JUDGE_RECIPES, train_judge_recipe
from jscgc_model.report import judge_content as judge_content
from jscgc_model.training.judge_training import JudgeReport
from jscgc_theory.errors import InputError

if TYPE_CHECKING:
    from jscgc_theory.cli.running import Run


def train_judge_command(
    run: "Run",
    name: str,
    folder: Path,
    changes: Sequence[str],
    *,
    resume: bool,
    n_processes: int,
) -> JudgeReport:
    """Train a judge by a recipe.

    Args:
        run: The command at work.
        name: Name of the recipe.
        folder: Folder of the run.
        changes: Assignments ``key=value``.
        resume: Whether to go on from the newest checkpoint.
        n_processes: 1.

    Returns:
        What it reached.

    Raises:
        InputError: If the recipe, its images or the folder cannot be used.
        KeyboardInterrupt: If training was interrupted; it is saved by then.
    """
    if n_processes != 1:
        raise InputError(f"--processes = {n_processes}: a judge is trained by one; leave it out")
    seeded = [f"training.seed={run.seed}"] if run.seed else []
    recipe = JUDGE_RECIPES[name]().changed([*seeded, *changes])
    # A second thread gains little on small models, and on busy cores it loses much.
    torch.set_num_threads(1)
    report = train_judge_recipe(recipe, folder, resume=resume, progress=run.progress("training"))
    if report is None:
        raise KeyboardInterrupt
    return report
