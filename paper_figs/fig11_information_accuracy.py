"""Fig. 11: recommended estimates of mutual information against the truth."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.plotting.canvas import drawable, use_log_scale
from jscgc_theory.plotting.panels import panels_with_one_legend
from jscgc_theory.plotting.style import BLACK, BLUE, GREEN, GREY, PURPLE, VERMILION

RECORD = "benchmarks/results/mi_accuracy.json"
SHARE, BITS = 0.05, 0.05
_SIDES = {
    "estimate": ("o", BLACK, "recommended estimate"),
    "lower_bound": ("^", BLUE, "recommended lower bound"),
    "upper_bound": ("v", VERMILION, "recommended upper bound"),
}
_PEERS = {"scikit-learn": ("x", GREEN), "infomeasure": ("+", PURPLE)}

Cases = Mapping[str, Mapping[str, Any]]


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
    return {"fig11_information_accuracy": draw(json.loads(record.read_text(encoding="utf-8")))}


def draw(cases: Cases) -> Figure:
    """Draw (a) estimates, (b) their ratio to the truth.

    Args:
        cases: The record of ``benchmarks/mi_accuracy.py``.

    Returns:
        The figure, as wide as two columns.
    """
    draws = [partial(_estimates, cases=cases), partial(_ratios, cases=cases)]
    return panels_with_one_legend(draws, panels_a_row=2, legend_columns=3)


def _estimates(ax: Axes, cases: Cases) -> None:
    truths = [case["truth_bits"] for case in cases.values()]
    use_log_scale(ax, "y", truths)
    ends = [min(truths), max(truths)]
    ax.plot(ends, ends, color=GREY, linewidth=0.8, label="truth")
    _draw_all(ax, cases, relative=False)
    ax.set_ylabel("answer (bits)")


def _ratios(ax: Axes, cases: Cases) -> None:
    truths = [case["truth_bits"] for case in cases.values()]
    places = np.geomspace(min(truths), max(truths), 100)
    borne = np.maximum(SHARE, BITS / places)
    ax.axhline(1.0, color=GREY, linewidth=0.8)
    ax.fill_between(
        places,
        1.0 - borne,
        1.0 + borne,
        color=GREY,
        alpha=0.2,
        linewidth=0,
        label="within 5 % or 0.05 bit",
    )
    _draw_all(ax, cases, relative=True)
    ax.set_ylabel("answer / truth")


def _draw_all(ax: Axes, cases: Cases, *, relative: bool) -> None:
    use_log_scale(ax, "x", [case["truth_bits"] for case in cases.values()])
    for peer, (marker, colour) in _PEERS.items():
        asked = [case for case in cases.values() if peer in case["peers"]]
        if not asked:
            continue
        values = [case["peers"][peer] for case in asked]
        _draw_points(ax, asked, values, marker, colour, peer, relative=relative)
    for side, (marker, colour, label) in _SIDES.items():
        found = [case for case in cases.values() if _answer(case)["side"] == side]
        values = [_answer(case)["value"] for case in found]
        _draw_points(ax, found, values, marker, colour, label, relative=relative)
        for case in found:
            if (interval := _answer(case)["interval"]) is not None:
                scale = case["truth_bits"] if relative else 1.0
                low, high = (end / scale for end in interval)
                ax.vlines(case["truth_bits"], low, high, color=colour, linewidth=0.9)
    ax.set_xlabel("true information (bits)")


def _draw_points(
    ax: Axes,
    cases: Sequence[Mapping[str, Any]],
    values: Sequence[float],
    marker: str,
    colour: str,
    label: str,
    *,
    relative: bool,
) -> None:
    truths = np.array([case["truth_bits"] for case in cases])
    shown = np.array(values) / truths if relative else np.array(values)
    ax.plot(
        truths,
        drawable(shown, positive=not relative),
        linestyle="none",
        marker=marker,
        color=colour,
        markerfacecolor="none",
        label=label,
        gid=f"{'ratio' if relative else 'bits'}/{label}",
    )


def _answer(case: Mapping[str, Any]) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = case["estimates"][case["recommended"]]
    return answer
