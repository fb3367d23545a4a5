"""Pictures of systems side by side: each metric over the SNR, and a sheet of a few images."""

import math
from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_model.evaluation.evaluation_report import EvaluationReport
from jscgc_model.report.image_grid import grid_figure
from jscgc_theory.plotting.canvas import drawable, legend_above, on_axes
from jscgc_theory.plotting.dispatch import Picture, pictures, plot
from jscgc_theory.plotting.panels import panels_with_one_legend
from jscgc_theory.plotting.style import DOUBLE_COLUMN_INCHES, SERIES_LOOKS
from jscgc_theory.records.formatting import format_estimate, format_number

_ARROWS = {"higher": r"$\uparrow$", "lower": r"$\downarrow$"}


@plot.register(EvaluationReport)
def plot_evaluation(record: EvaluationReport, ax: Axes | None = None) -> Axes:
    """Draw the first metric of every system over the SNR.

    Args:
        record: The report.
        ax: Axes for the first metric; by default a new figure with a panel for each.

    Returns:
        The axes given, or the first panel.
    """
    if ax is None:
        return metric_panels(record, record.metrics).axes[0]

    def draw(axes: Axes) -> None:
        draw_metric(axes, record, record.metrics[0])
        legend_above(axes)

    return on_axes(draw, ax)


@pictures.register(EvaluationReport)
def evaluation_pictures(record: EvaluationReport) -> tuple[Picture, ...]:
    """Return the metrics over the SNR and, if there are any, the example images.

    Args:
        record: The report.

    Returns:
        One or two figures.
    """
    told = "; ".join(
        f"{row.system} at {format_number(row.snr_db)} dB: "
        + ", ".join(
            f"{name} {format_estimate(one.value, one.interval)}"
            for name, one in row.metrics.items()
        )
        for row in record.rows
    )
    curves = Picture(
        name="metrics_over_snr",
        caption="Each metric of each system over the SNR, with intervals over images; the arrow "
        "says which direction is better.",
        description=f"Metrics over the SNR. {told}.",
        figure=metric_panels(record, record.metrics),
    )
    if record.examples is None:
        return (curves,)
    labels = record.examples.labels
    sheet = Picture(
        name="contact_sheet",
        caption="The same images from every system: sources in the first row, one draw below.",
        description=f"{record.examples.shape[1]} images in rows: {', '.join(labels)}.",
        figure=grid_figure(record.examples, width=DOUBLE_COLUMN_INCHES),
    )
    return curves, sheet


def metric_panels(record: EvaluationReport, metrics: Sequence[str]) -> Figure:
    """Draw metrics side by side, a panel each, under one legend.

    Args:
        record: The report.
        metrics: Names of metrics.

    Returns:
        The figure, as wide as two columns.
    """
    return panels_with_one_legend([partial(draw_metric, report=record, metric=m) for m in metrics])


def draw_metric(ax: Axes, report: EvaluationReport, metric: str) -> None:
    """Draw one metric of every system over the SNR.

    Args:
        ax: The axes.
        report: The report.
        metric: Name of the metric.
    """
    for place, system in enumerate(report.systems):
        rows = report.of_system(system)
        colour, line, marker = SERIES_LOOKS[place % len(SERIES_LOOKS)]
        estimates = [row.metrics[metric] for row in rows]
        levels = [row.snr_db for row in rows]
        ends = [one.interval or (math.nan, math.nan) for one in estimates]
        low, high = (drawable(column) for column in zip(*ends, strict=True))
        ax.vlines(levels, low, high, color=colour, linewidth=0.9)
        ax.plot(
            levels,
            drawable(one.value for one in estimates),
            color=colour,
            linestyle=line,
            marker=marker,
            label=system,
            gid=f"{metric}/{system}",
        )
    details = report.rows[0].metrics[metric].details
    unit = details.get("units", "1")
    ax.set_xticks(sorted(report.snr_db))
    ax.set_xlabel("SNR (dB)")
    ax.set_ylabel("" if unit == "1" else unit)
    ax.set_title(f"{metric} {_ARROWS[details.get('better', 'higher')]}")
