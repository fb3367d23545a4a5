"""Picture of an ``MIReport``: the information by estimator, with what each one claims."""

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.analysis.mi_report import MIReport
from jscgc_theory.plotting.canvas import (
    categories,
    drawable,
    legend_above,
    new_figure,
    spans_decades,
    use_log_scale,
)
from jscgc_theory.plotting.dispatch import Picture, pictures, plot
from jscgc_theory.plotting.style import BLACK, BLUE, ORANGE, VERMILION
from jscgc_theory.records import Estimate
from jscgc_theory.records.formatting import format_estimate

MI_LABEL = "mutual information $I(X;\\hat{Y})$ (bits)"
_INCHES_PER_NAME = 0.19
_MARKS = {
    "estimate": ("D", VERMILION, "estimate"),
    "lower_bound": (">", BLUE, "lower bound"),
    "upper_bound": ("<", ORANGE, "upper bound"),
}
"""Arrow heads point to where I lies: up from a lower bound, down from an upper one."""


@plot.register(MIReport)
def plot_mi(record: MIReport, ax: Axes | None = None) -> Axes:
    """Draw the estimates beside each other, bounds as arrow heads.

    Args:
        record: The report.
        ax: Axes to draw into; by default those of a new figure.

    Returns:
        The axes.
    """
    if ax is None:
        return _new(record).axes[0]
    _draw(ax, record)
    return ax


@pictures.register(MIReport)
def mi_pictures(record: MIReport) -> tuple[Picture, ...]:
    """Return the picture of the estimates.

    Args:
        record: The report.

    Returns:
        One figure.
    """
    told = "; ".join(f"{name} {_told(one)}" for name, one in record.estimates.items())
    return (
        Picture(
            name="mutual_information_by_estimator",
            caption="Mutual information by estimator, with intervals where one is claimed; arrow "
            "heads point from a bound to where I lies; the band is the recommended answer.",
            description=f"Mutual information in bits; recommended {record.recommended}: "
            f"{_told(record.mi_bits)}. By estimator: {told}.",
            figure=_new(record),
        ),
    )


def _new(record: MIReport) -> Figure:
    height = 0.9 + _INCHES_PER_NAME * len(record.estimates)
    return new_figure(lambda axes: _draw(axes, record), height=height)


def _told(estimate: Estimate) -> str:
    return format_estimate(estimate.value, estimate.interval)


def _draw(ax: Axes, record: MIReport) -> None:
    answer = record.mi_bits
    if math.isfinite(answer.value):
        ax.axvline(answer.value, color=BLACK, linestyle="--", linewidth=0.9, label="recommended")
    if answer.interval is not None and all(math.isfinite(end) for end in answer.interval):
        ax.axvspan(*answer.interval, color=BLACK, alpha=0.10, linewidth=0)
    shown: set[str] = set()
    for place, estimate in enumerate(record.estimates.values()):
        _draw_estimate(ax, place, estimate, shown)
    values = [one.value for one in record.estimates.values()]
    if min(values) > 0.0 and spans_decades(values):
        use_log_scale(ax, "x", values)
    categories(ax.yaxis, list(record.estimates))
    ax.set_ylim(len(record.estimates) - 0.5, -0.5)
    ax.grid(visible=False, axis="y")
    ax.set_xlabel(MI_LABEL)
    legend_above(ax)


def _draw_estimate(ax: Axes, place: int, estimate: Estimate, shown: set[str]) -> None:
    side = estimate.details.get("side", "estimate")
    marker, colour, label = _MARKS[side]
    low, high = estimate.interval or (math.nan, math.nan)
    low, value, high = drawable((low, estimate.value, high))
    ax.hlines(place, low, high, color=colour, linewidth=1.2)
    ax.plot(
        [value],
        [place],
        color=colour,
        marker=marker,
        markersize=4,
        linestyle="none",
        label=None if side in shown else label,
    )
    shown.add(side)
