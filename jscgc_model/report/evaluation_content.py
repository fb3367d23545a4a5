"""What a page says about systems side by side."""

import statistics
from collections.abc import Sequence

from jscgc_model.evaluation.evaluation_report import EvaluationReport, SystemRow
from jscgc_theory.records import Estimate
from jscgc_theory.records.formatting import format_number
from jscgc_theory.report.content import Content, Table, content_of, told

_SNR = "SNR (dB)"


@content_of.register(EvaluationReport)
def evaluation_content(result: EvaluationReport) -> Content:
    """Return what a page says about an ``EvaluationReport``.

    Args:
        result: The report.

    Returns:
        The content: the best system by each metric, a table of metrics, one of costs.
    """
    metrics = result.metrics
    counts = " or ".join(str(count) for count in sorted({row.n_images for row in result.rows}))
    tables = [*(_metric_table(result, name) for name in metrics), _cost_table(result.rows)]
    if result.n_draws > 1:
        tables.append(_spread_table(result.rows, metrics))
    return Content(
        question="Which system serves best, by which metric, at which SNR?",
        answer=" ".join(_best(result, level) for level in dict.fromkeys(_ends(result.snr_db))),
        remarks=(
            f"Every system was given the same {counts} images and the same noise of the channel, "
            f"and drew {_times(result.n_draws)} for each image.",
        ),
        tables=tuple(tables),
        terms=_TERMS,
    )


_TERMS = (
    ("symbols", "complex channel uses of an image"),
    ("bandwidth ratio", "symbols over the values of an image's pixels"),
    ("told beside", "what the receiver must know beside the symbols, in symbols"),
    ("capacity", "bits of an image that no code exceeds at this SNR in so many symbols"),
    ("ms an image", "wall-clock time of one draw, encoder and channel included"),
)


def metric_label(name: str, estimate: Estimate) -> str:
    """Return what a metric is called where its values stand.

    Args:
        name: Of the metric.
        estimate: One of its values.

    Returns:
        Name, unit and better direction.
    """
    unit = estimate.details.get("units", "1")
    better = estimate.details.get("better", "higher")
    return f"{name}{'' if unit == '1' else f' ({unit})'}, {better} is better"


def _ends(snr_db: Sequence[float]) -> tuple[float, float]:
    return min(snr_db), max(snr_db)


def _best(result: EvaluationReport, level: float) -> str:
    """Say which system is best by which metrics at one SNR."""
    rows = [row for row in result.rows if row.snr_db == level]
    won: dict[str, list[str]] = {}
    for metric in result.metrics:
        sign = -1.0 if rows[0].metrics[metric].details.get("better") == "lower" else 1.0
        best = max(rows, key=lambda row: sign * row.metrics[metric].value)
        won.setdefault(best.system, []).append(metric)
    told_of = [f"{system} is best by {', '.join(names)}" for system, names in won.items()]
    return f"At {format_number(level)} dB {'; '.join(told_of)}."


def _metric_table(result: EvaluationReport, metric: str) -> Table:
    levels = result.snr_db
    return Table(
        caption=f"{metric_label(metric, result.rows[0].metrics[metric])}, over the SNR",
        columns=("system", *(f"{format_number(level)} dB" for level in levels)),
        rows=tuple(
            (
                system,
                *(
                    told(row.metrics[metric])
                    for level in levels
                    for row in result.of_system(system)
                    if row.snr_db == level
                ),
            )
            for system in result.systems
        ),
    )


def _cost_table(rows: Sequence[SystemRow]) -> Table:
    return Table(
        caption="What it cost",
        columns=(
            "system",
            _SNR,
            "symbols",
            "bandwidth ratio",
            "told beside",
            "capacity (bits)",
            "ms an image",
            "parameters",
            "steps",
        ),
        rows=tuple(
            (
                row.system,
                format_number(row.snr_db),
                format_number(row.n_symbols),
                format_number(row.bandwidth_ratio),
                format_number(row.side_symbols),
                format_number(row.capacity_bits),
                format_number(row.ms_per_image, 3),
                f"{row.n_parameters:,}",
                "" if row.n_steps is None else str(row.n_steps),
            )
            for row in rows
        ),
    )


def _spread_table(rows: Sequence[SystemRow], metrics: Sequence[str]) -> Table:
    return Table(
        caption="Standard deviation of each metric from draw to draw",
        columns=("system", _SNR, *metrics),
        rows=tuple(
            (
                row.system,
                format_number(row.snr_db),
                *(format_number(statistics.stdev(row.draw_values[name]), 2) for name in metrics),
            )
            for row in rows
        ),
        folded=True,
    )


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
