"""``jscgc sweep``: a trained system over the SNR."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from jscgc_model.data import DrawnImages, numpy_stream
from jscgc_model.pipelines import JSCGCPipeline
from jscgc_model.recipes import build_source
from jscgc_model.recipes.run_folder import load_recipe, load_run
from jscgc_model.report import sweep_content as sweep_content
from jscgc_model.report import sweep_pictures as sweep_pictures
from jscgc_model.verification import SystemSweep
from jscgc_model.verification import sweep as measure
from jscgc_theory.cli.results import documented_results
from jscgc_theory.errors import InputError

if TYPE_CHECKING:
    from jscgc_theory.cli.running import Run

DEFAULT_SNR_DB = (-5.0, 0.0, 5.0, 10.0)


def sweep_command(
    run: "Run",
    folder: Path,
    *,
    snr_db: list[float] | None,
    outages: tuple[float, ...],
    n_samples: int,
    n_steps: int | None,
    n_draws: int,
    n_information_samples: int = 512,
) -> SystemSweep:
    """Measure a run's system on held-out samples of its own source.

    Args:
        run: The command at work.
        folder: Folder of the training run.
        snr_db: SNRs in dB; None for the default ones.
        outages: Outage probabilities.
        n_samples: Sources for each SNR.
        n_steps: Steps of the sampler, or None.
        n_draws: Draws for each source.
        n_information_samples: Sources that the velocity fields are asked about.

    Returns:
        The sweep.

    Raises:
        InputError: If the run's system has no velocity field.
    """
    # As in training: a second thread gains little on small models, on busy cores it loses much.
    torch.set_num_threads(1)
    recipe, pipeline = load_recipe(folder), load_run(folder)
    if not isinstance(pipeline, JSCGCPipeline):
        raise InputError(
            f"{folder} holds a system of kind {recipe.architecture.kind}, which has no velocity "
            "field to read information from; measure it with jscgc evaluate"
        )
    source = build_source(recipe)
    samples = source.draw(n_samples, numpy_stream(run.seed, "held out"))
    least = recipe.training.least_time
    return measure(
        pipeline,
        samples,
        snr_db or DEFAULT_SNR_DB,
        t_range=(least, 1.0 - least),
        outage_probability=outages,
        num_draws=n_draws,
        num_inference_steps=n_steps,
        n_information_samples=n_information_samples,
        drawing=source.drawing if isinstance(source, DrawnImages) else None,
        seed=run.seed,
        progress=run.progress("sweep"),
    )


def sweep_results(found: SystemSweep) -> dict[str, Any]:
    """Return the documented results: the rows of ``check`` with the information as an estimate.

    Args:
        found: The sweep.

    Returns:
        Plain containers, ready for JSON.
    """
    results = documented_results("check", found)
    estimates = {one.snr_db: one.mi_bits.to_dict() for one in found.information}
    for row in results["rows"]:
        row["mi_bits"] = estimates[row["snr_db"]]
        # It is the estimate's own.
        row.pop("mi_interval_bits", None)
    results["information"] = [one.to_dict() for one in found.information]
    if found.drawn_images is not None:
        results["drawn_images"] = found.drawn_images.to_dict()
    return results
