"""Fig. 4: each metric of every system over the SNR, from the records of evaluations.

Beside a record of Kodak the curves of the journal version are drawn, for which see
``references/journal_kodak.json``; no other set of images is comparable to them.
"""

import json
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_model.evaluation.evaluation_report import EvaluationReport
from jscgc_model.evaluation.record_files import read_evaluations
from jscgc_model.report.evaluation_pictures import draw_metric
from jscgc_theory.plotting.panels import panels_with_one_legend
from jscgc_theory.plotting.style import GREY

REFERENCE_SET = "kodak"
REFERENCE = "references/journal_kodak.json"
_PUBLISHED = {
    "psnr": "psnr",
    "lpips_alex": "lpips",
    "dinov2_vitl14": "dinov2_vitl14",
    "rfid_whole": "rfid",
}
_MARKERS = {"JSCGC": "o", "MambaJSCC": "s", "DiffJSCC": "^"}


def figures(folder: Path) -> dict[str, Figure]:
    """Draw a figure for each set of images.

    Args:
        folder: That of this script, with the records below it.

    Returns:
        Figures by name.
    """
    found = {}
    for name, report in read_evaluations(folder / "records").items():
        published = None
        if name == REFERENCE_SET:
            published = json.loads((folder / REFERENCE).read_text(encoding="utf-8"))
        found[f"fig4_metrics_over_snr_{name}"] = draw(report, published)
    return found


def draw(report: EvaluationReport, published: dict[str, Any] | None = None) -> Figure:
    """Draw a panel for each metric.

    Args:
        report: The evaluation.
        published: The journal's curves, to be drawn thin and grey behind; None for none.

    Returns:
        The figure, as wide as two columns.
    """
    draws = [
        partial(_panel, report=report, metric=metric, published=published)
        for metric in report.metrics
    ]
    return panels_with_one_legend(draws)


def _panel(
    axes: Axes, report: EvaluationReport, metric: str, published: dict[str, Any] | None
) -> None:
    curves = {} if published is None else published["metrics"].get(_PUBLISHED.get(metric), {})
    for system, values in curves.items():
        axes.plot(
            published["snr_db"] if published else [],
            values,
            color=GREY,
            linewidth=0.6,
            marker=_MARKERS[system],
            markerfacecolor="none",
            label=f"{system} (journal)",
            gid=f"journal/{metric}/{system}",
            zorder=1.5,
        )
    draw_metric(axes, report, metric)
