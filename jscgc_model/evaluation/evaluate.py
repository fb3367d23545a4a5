"""Several systems on the same images, over the same noise of the channel, by the same metrics."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from torch import Tensor

from jscgc_model.evaluation.cell import Conditions, evaluate_cell
from jscgc_model.evaluation.evaluated_images import EvaluatedImages
from jscgc_model.evaluation.evaluated_system import EvaluatedSystem, as_system
from jscgc_model.evaluation.evaluation_report import EvaluationReport
from jscgc_model.evaluation.finished_cells import Cell, FinishedCells
from jscgc_model.evaluation.shown_images import choose_shown, joined
from jscgc_model.metrics import Metric
from jscgc_model.pipelines import CommunicationPipeline
from jscgc_model.verification.pixel_grid import PixelGrid
from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count, check_number_list

_SOURCE = "source"


def evaluate(
    systems: Mapping[str, CommunicationPipeline | EvaluatedSystem],
    images: EvaluatedImages | Tensor,
    snr_db: Sequence[float],
    metrics: Sequence[Metric[Any]],
    *,
    n_draws: int = 1,
    seed: int = 0,
    folder: Path | None = None,
    progress: Callable[[float], None] | None = None,
) -> EvaluationReport:
    """Hold systems side by side.

    Every system gets the same images in the same batches, and each batch the same noise of the
    channel. Values outside [0, 1] are clipped before they are measured. Metrics of sets take the
    first draw of each image, all others every draw.

    Args:
        systems: Pipelines, or other systems, by name.
        images: What is sent; pixels in [0, 1].
        snr_db: Es/N0 in dB, one or several.
        metrics: By what is measured, see :func:`jscgc_model.metrics.make_metric`.
        n_draws: Draws for each image.
        seed: Of all randomness.
        folder: Keeps what is finished, so that the same call goes on where one was stopped.
        progress: Told the finished fraction.

    Returns:
        One row for each system and SNR.

    Raises:
        InputError: If there is no system or metric, a number is out of range, or a system or
            metric refuses an image.
    """
    levels = check_number_list(snr_db, name="snr_db")
    _check_some(systems, "system")
    _check_some(metrics, "metric")
    given = images if isinstance(images, EvaluatedImages) else EvaluatedImages.in_memory(images)
    shown = choose_shown(given)
    conditions = Conditions(
        images=given,
        metrics=metrics,
        n_draws=check_count(n_draws, name="n_draws"),
        seed=check_count(seed, name="seed", minimum=0),
        shown=shown,
    )
    finished, cells = FinishedCells(folder), []
    wanted = [(name, as_system(one), level) for name, one in systems.items() for level in levels]
    for place, (name, system, level) in enumerate(wanted):
        identity = _identity(name, system, level, conditions)
        cell = finished.find(identity)
        if cell is None:
            row, grid = evaluate_cell(name, system, level, conditions)
            cell = Cell(identity=identity, row=row, shown=grid)
            finished.keep(cell)
        cells.append(cell)
        if progress is not None:
            progress((place + 1.0) / len(wanted))
    source = PixelGrid.from_rows({_SOURCE: shown.source.double().cpu().numpy()})
    return EvaluationReport(
        rows=tuple(cell.row for cell in cells),
        n_draws=n_draws,
        examples=joined([source, *(cell.shown for cell in cells)]),
    )


def _identity(
    name: str, system: EvaluatedSystem, snr_db: float, conditions: Conditions
) -> dict[str, Any]:
    return {
        "system": name,
        "digest": system.digest,
        "snr_db": snr_db,
        "images": conditions.images.digest,
        "metrics": {metric.name: metric.protocol for metric in conditions.metrics},
        "n_draws": conditions.n_draws,
        "seed": conditions.seed,
    }


def _check_some(given: Mapping[str, Any] | Sequence[Any], what: str) -> None:
    if not given:
        raise InputError(f"no {what} is given; give one at least")
