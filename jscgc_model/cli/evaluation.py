"""``jscgc evaluate``: systems side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from diffusers.utils.logging import disable_progress_bar

from jscgc_model.baselines.capacity_separated import SeparatedCodingSettings
from jscgc_model.cli.evaluation_inputs import EvaluationInputs, evaluation_inputs
from jscgc_model.cli.evaluation_metrics import chosen_metrics, weights_by_network
from jscgc_model.evaluation import (
    EvaluatedSystem,
    EvaluationReport,
    PipelineSystem,
    ReferenceSystem,
    evaluate,
)
from jscgc_model.recipes.run_folder import load_pipeline
from jscgc_model.report import evaluation_content as evaluation_content
from jscgc_model.report import evaluation_pictures as evaluation_pictures
from jscgc_theory.errors import InputError

if TYPE_CHECKING:
    from jscgc_theory.cli.running import Run

DEFAULT_SNR_DB = (-5.0, 0.0, 5.0, 10.0)


def evaluate_command(
    run: "Run",
    checkpoints: Sequence[str],
    *,
    data: str | None,
    snr_db: Sequence[float] | None,
    metrics: Sequence[str] | None,
    weights: Sequence[str] | None,
    references: Sequence[str] | None,
    n_draws: int,
    n_samples: int,
    n_steps: int | None,
    resize: int | None,
    out: Path | None,
) -> EvaluationReport:
    """Hold trained systems side by side.

    Args:
        run: The command at work.
        checkpoints: Folders of runs or pipelines, each perhaps behind a name and ``=``.
        data: Folder or table of images; None for the drawn images the systems were trained on.
        snr_db: SNRs in dB; None for the default ones.
        metrics: Names; None for those whose weights are at hand.
        weights: Texts ``NAME=PATH``.
        references: Formats of image files to send at the capacity.
        n_draws: Draws for each image.
        n_samples: Images at most.
        n_steps: Steps of the samplers, or None.
        resize: Pixels the shorter side of images is resized to, or None.
        out: Folder that keeps what is finished, or None.

    Returns:
        The report.

    Raises:
        InputError: If a name, folder, metric or weight cannot be used.
    """
    # The command's own bar, or its silence, stands for all.
    disable_progress_bar()
    # As in training: a second thread gains little on small models, on busy cores it loses much.
    torch.set_num_threads(1)
    folders = named_folders(checkpoints)
    found = weights_by_network(weights or ())
    pipelines = {name: load_pipeline(folder) for name, folder in folders.items()}
    inputs = evaluation_inputs(
        run, pipelines, list(folders.values()), data, n_samples=n_samples, resize=resize
    )
    systems: dict[str, Any] = {
        name: PipelineSystem(one, n_steps=n_steps) for name, one in pipelines.items()
    }
    report = evaluate(
        {**systems, **_references(systems, references or ())},
        inputs.images,
        snr_db or DEFAULT_SNR_DB,
        _metrics(run, inputs, metrics, found),
        n_draws=n_draws,
        seed=run.seed,
        folder=out,
        progress=run.progress("evaluation"),
    )
    if out is not None:
        report.to_json(out / "evaluation.json")
    return report


def named_folders(checkpoints: Sequence[str]) -> dict[str, Path]:
    """Return the folder of each system by its name.

    Args:
        checkpoints: Folders, each perhaps behind a name and ``=``.

    Returns:
        By the name given, or else by the name of the folder (of the run, for a saved pipeline).

    Raises:
        InputError: If a folder does not exist or two have one name.
    """
    found: dict[str, Path] = {}
    for text in checkpoints:
        name, equals, place = text.rpartition("=")
        folder = Path(place)
        if not folder.is_dir():
            raise InputError(
                f"--checkpoint {text} is no folder; give that of a training run or a saved "
                "pipeline, perhaps as NAME=DIR"
            )
        if not equals:
            whole = folder.resolve()
            name = whole.parent.name if whole.name == "pipeline" else whole.name
        if name in found:
            raise InputError(
                f"--checkpoint {text}: {found[name]} is called {name} already; give NAME=DIR"
            )
        found[name] = folder
    return found


_WITHOUT_HEADERS = "_without_headers"


def _references(
    systems: dict[str, PipelineSystem], formats: Sequence[str]
) -> dict[str, EvaluatedSystem]:
    first = next(iter(systems.values()))
    found: dict[str, EvaluatedSystem] = {}
    for text in formats:
        image_format = text.removesuffix(_WITHOUT_HEADERS)
        coding = SeparatedCodingSettings(
            image_format=image_format, counts_headers=image_format == text
        )
        name = f"{text.replace('_', ' ')} at capacity"
        found[name] = ReferenceSystem(first.channel, first.n_symbols, coding)
    return found


def _metrics(
    run: "Run",
    inputs: EvaluationInputs,
    names: Sequence[str] | None,
    weights: dict[str, str],
) -> list[Any]:
    drawn = {one.name: one for one in inputs.drawn_metrics(run.seed)}
    return chosen_metrics(
        names,
        weights,
        drawn=drawn,
        has_labels=inputs.images.has_labels,
        shorter_side=inputs.shorter_side,
        channels=inputs.channels,
    )
