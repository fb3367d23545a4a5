"""Fig. 12: radius and information under the likelihood weight, as multiples of the uniform's."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.plotting.line_plot import Line, draw_lines
from jscgc_theory.plotting.panels import panel_figure

RECORD = "benchmarks/results/loss_weighting.json"
RADII = {
    ("S^2", "radius_0.5"): "$S^2$, $P_e = 0.5$",
    ("S^2", "radius_0.1"): "$S^2$, $P_e = 0.1$",
    ("drawn images", "radius_0.5"): "images, $P_e = 0.5$",
    ("drawn images", "radius_0.1"): "images, $P_e = 0.1$",
}
INFORMATION = {
    ("S^2", "loss_gap_bits"): "$S^2$, loss gap",
    ("drawn images", "channel_lower_bits"): "images, lower bound of $I$",
    ("drawn images", "channel_upper_bits"): "images, upper bound of $I$",
}

Rows = Sequence[Mapping[str, Any]]


def figures(folder: Path) -> dict[str, Figure]:
    """Draw the figure if the benchmark's record is there.

    Args:
        folder: That of this script.

    Returns:
        The figure by name.
    """
    record = folder.parent / RECORD
    if not record.exists():
        return {}
    rows = json.loads(record.read_text(encoding="utf-8"))["comparison"]
    return {"fig12_loss_weighting": draw(rows)}


def draw(rows: Rows) -> Figure:
    """Draw (a) radii, (b) information.

    Args:
        rows: The comparison in the record of ``benchmarks/loss_weighting.py``.

    Returns:
        The figure, as wide as two columns.
    """
    return panel_figure(
        [
            partial(_panel, rows=rows, labels=RADII, what="radius"),
            partial(_panel, rows=rows, labels=INFORMATION, what="information"),
        ]
    )


def _panel(ax: Axes, rows: Rows, labels: Mapping[tuple[str, str], str], what: str) -> None:
    lines = [_line(rows, *key, label) for key, label in labels.items()]
    levels = lines[0].x
    draw_lines(
        ax,
        lines=lines,
        truth=[Line(label="no difference", x=levels, y=[1.0] * len(levels))],
        x_label="SNR (dB)",
        y_label=f"{what}, likelihood / uniform",
    )


def _line(rows: Rows, case: str, quantity: str, label: str) -> Line:
    own = [row for row in rows if (row["case"], row["quantity"]) == (case, quantity)]
    return Line(
        label=label,
        x=[row["snr_db"] for row in own],
        y=[row["ratio"]["value"] for row in own],
        interval=[tuple(row["ratio"]["interval"]) for row in own],
    )
