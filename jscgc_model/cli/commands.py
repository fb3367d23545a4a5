"""The group ``model``: train, transmit, evaluate, sweep, recipes.

Each command imports torch and its own work after its arguments are checked.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from jscgc_model.cli.evaluation_options import (
    CheckpointsOption,
    DataOption,
    EvaluationFolderOption,
    FiguresFolderOption,
    MetricOption,
    OnlyOption,
    ReferenceOption,
    ShorterSideOption,
    WeightsOption,
)
from jscgc_model.cli.options import (
    CheckpointOption,
    DrawsOption,
    DryRunOption,
    GpusOption,
    ImagesArgument,
    OutOption,
    ProcessesOption,
    RecipeOption,
    ResumeOption,
    RunFolderOption,
    SamplesOption,
    SetOption,
    SnrListOption,
    SnrOption,
    SquareOption,
    StepsOption,
    ViewsOption,
)
from jscgc_theory.cli.command import Work, add_command
from jscgc_theory.cli.options import OutageOption

if TYPE_CHECKING:
    import jscgc_theory.cli.running

GROUP = "Model"
PAPERS = "Papers"
_SHORT = "jscgc train --recipe tiny_sphere --set training.n_steps=200 --out runs/sphere"
_SHORT_IMAGES = "jscgc train --recipe tiny_images --set training.n_steps=100 --out runs/images"
DEFAULT_OUTAGES = (0.1, 0.01)


def add_commands(app: typer.Typer) -> None:
    """Add the commands of the model.

    Args:
        app: The application.
    """
    examples: dict[Work, str] = {
        recipes: "jscgc recipes",
        train: _SHORT,
        latents: "jscgc latents --recipe natural_64 --set source.path=images --out latents",
        transmit: f"{_SHORT} && jscgc demo --quick && jscgc transmit results/demo/sphere.npy "
        "--checkpoint runs/sphere --snr-db 5 --out sent",
        sweep: f"{_SHORT} && jscgc sweep --checkpoint runs/sphere --snr-db 0 10",
        evaluate: f"{_SHORT_IMAGES} && jscgc evaluate --checkpoint runs/images --reference webp "
        "--samples 100 --snr-db 0 10",
    }
    for work, example in examples.items():
        add_command(app, work.__name__, group=GROUP, example=example)(work)
    add_command(app, "figures", group=PAPERS, example="jscgc figures --out results/figures")(
        figures
    )


def recipes(run: "jscgc_theory.cli.running.Run") -> "jscgc_theory.cli.running.Outcome":
    """List the recipes: everything a training run depends on, under a name."""
    from jscgc_model.cli.records import list_recipes
    from jscgc_theory.cli.running import Outcome

    found = list_recipes()
    return Outcome(found, found.to_dict())


def train(
    run: "jscgc_theory.cli.running.Run",
    recipe: RecipeOption,
    out: RunFolderOption = None,
    changes: SetOption = None,
    resume: ResumeOption = False,
    processes: ProcessesOption = 1,
    dry_run: DryRunOption = False,
    gpus: GpusOption = 4,
) -> "jscgc_theory.cli.running.Outcome":
    """Train a system by a recipe; it can be stopped at any time and resumed.

    Ctrl-C ends it after the step at hand, with a checkpoint. With --dry-run nothing is trained.
    """
    from jscgc_model.cli.training import dry_run_command, training_command
    from jscgc_theory.cli.output_targets import check_writable_folder
    from jscgc_theory.cli.running import Outcome

    if dry_run:
        budget = dry_run_command(run, recipe, changes or [], n_gpus=gpus)
        return Outcome(budget, budget.to_dict())
    folder = out or f"runs/{recipe}"
    check_writable_folder(folder)
    work = training_command(recipe)
    report = work(run, recipe, Path(folder), changes or [], resume=resume, n_processes=processes)
    return Outcome(report, report.to_dict(), closing=f"The trained system lies in {folder}.")


def latents(
    run: "jscgc_theory.cli.running.Run",
    recipe: RecipeOption,
    out: OutOption,
    changes: SetOption = None,
    views: ViewsOption = 1,
) -> "jscgc_theory.cli.running.Outcome":
    """Write the latents of a recipe's images once, for training to read; killed, it goes on."""
    from jscgc_model.cli.latents import latents_command
    from jscgc_theory.cli.output_targets import check_writable_folder
    from jscgc_theory.cli.running import Outcome

    check_writable_folder(out)
    report = latents_command(run, recipe, Path(out), changes or [], n_views=views)
    return Outcome(report, report.to_dict())


def transmit(
    run: "jscgc_theory.cli.running.Run",
    images: ImagesArgument,
    checkpoint: CheckpointOption,
    snr_db: SnrOption,
    out: OutOption,
    steps: StepsOption = None,
    draws: DrawsOption = 1,
    resize: SquareOption = None,
) -> "jscgc_theory.cli.running.Outcome":
    """Send images, or points, through a trained system and save what is generated."""
    from jscgc_model.cli.transmission import transmit_command
    from jscgc_theory.cli.output_targets import check_writable_folder
    from jscgc_theory.cli.running import Outcome

    check_writable_folder(out)
    report = transmit_command(
        run,
        images,
        Path(checkpoint),
        Path(out),
        snr_db=snr_db,
        n_steps=steps,
        n_draws=draws,
        resize=resize,
    )
    return Outcome(report, report.to_dict(), closing=f"What was generated lies in {out}.")


def sweep(
    run: "jscgc_theory.cli.running.Run",
    checkpoint: CheckpointOption,
    snr_db: SnrListOption = None,
    outage: OutageOption = None,
    samples: SamplesOption = 2000,
    steps: StepsOption = None,
    draws: DrawsOption = 1,
) -> "jscgc_theory.cli.running.Outcome":
    """Measure information and radii of a trained system over the SNR, against every bound."""
    from jscgc_model.cli.sweeping import sweep_command, sweep_results
    from jscgc_theory.cli.running import Outcome

    found = sweep_command(
        run,
        Path(checkpoint),
        snr_db=snr_db,
        outages=tuple(outage or DEFAULT_OUTAGES),
        n_samples=samples,
        n_steps=steps,
        n_draws=draws,
    )
    return Outcome(found, sweep_results(found))


def evaluate(
    run: "jscgc_theory.cli.running.Run",
    checkpoint: CheckpointsOption,
    data: DataOption = None,
    snr_db: SnrListOption = None,
    metric: MetricOption = None,
    weights: WeightsOption = None,
    reference: ReferenceOption = None,
    draws: DrawsOption = 1,
    samples: SamplesOption = 1000,
    steps: StepsOption = None,
    resize: ShorterSideOption = None,
    out: EvaluationFolderOption = None,
) -> "jscgc_theory.cli.running.Outcome":
    """Hold trained systems side by side on the same images and the same noise of the channel.

    By default every metric is taken that fits the images and whose weights are given. Without
    --data, systems that were trained on drawn images are given drawn images they have not seen.
    """
    from jscgc_model.cli.evaluation import evaluate_command
    from jscgc_theory.cli.output_targets import check_writable_folder
    from jscgc_theory.cli.running import Outcome

    if out is not None:
        check_writable_folder(out)
    report = evaluate_command(
        run,
        checkpoint,
        data=data,
        snr_db=snr_db,
        metrics=metric,
        weights=weights,
        references=reference,
        n_draws=draws,
        n_samples=samples,
        n_steps=steps,
        resize=resize,
        out=None if out is None else Path(out),
    )
    return Outcome(report, report.to_dict())


def figures(
    run: "jscgc_theory.cli.running.Run",
    only: OnlyOption = None,
    out: FiguresFolderOption = "results/figures",
) -> "jscgc_theory.cli.running.Outcome":
    """Draw the paper's figures from committed records, as vectors and as pixels."""
    from jscgc_model.cli.figures import figures_command
    from jscgc_theory.cli.output_targets import check_writable_folder
    from jscgc_theory.cli.running import Outcome

    check_writable_folder(out)
    found = figures_command(run, only, Path(out))
    return Outcome(found, found.to_dict(), closing=f"The figures lie in {out}.")
