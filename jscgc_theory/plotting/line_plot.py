"""Curves of any quantity against any other, beside the truth where it is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.plotting.canvas import drawable, legend_above, new_figure, use_log_scale
from jscgc_theory.plotting.style import BAND_ALPHA, GREY, SERIES_LOOKS, LineStyle


@dataclass(frozen=True, kw_only=True)
class Line:
    """A named curve, with intervals where there are any."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    interval: Sequence[tuple[float, float] | None] | None = None
    """Low and high end at each x; None where there is none."""


def line_figure(
    lines: Sequence[Line],
    *,
    x_label: str,
    y_label: str,
    truth: Sequence[Line] = (),
    log: Literal["", "x", "y", "xy"] = "",
) -> Figure:
    """Draw curves into a new figure, a column wide.

    Args:
        lines: The curves, at most eight.
        x_label: What stands along the horizontal axis, with its unit.
        y_label: What stands along the vertical axis, with its unit.
        truth: What they ought to show, one or several curves; broad and grey, behind them.
        log: Which axes are logarithmic.

    Returns:
        The figure.
    """
    draw = partial(draw_lines, lines=lines, x_label=x_label, y_label=y_label, truth=truth, log=log)
    return new_figure(draw)


def draw_lines(
    ax: Axes,
    *,
    lines: Sequence[Line],
    x_label: str,
    y_label: str,
    truth: Sequence[Line] = (),
    log: Literal["", "x", "y", "xy"] = "",
) -> None:
    """Draw curves into given axes; each curve has its colour, its line style and its marker.

    Args:
        ax: The axes.
        lines: The curves, at most eight.
        x_label: What stands along the horizontal axis, with its unit.
        y_label: What stands along the vertical axis, with its unit.
        truth: What they ought to show, one or several curves; broad and grey, behind them.
        log: Which axes are logarithmic.
    """
    drawn = [*lines, *truth]
    if "x" in log:
        use_log_scale(ax, "x", [x for line in drawn for x in line.x])
    if "y" in log:
        use_log_scale(ax, "y", [y for line in drawn for y in line.y])
    for line in truth:
        x, y = drawable(line.x, positive="x" in log), drawable(line.y, positive="y" in log)
        # The legend names each label once: a leading underscore keeps a name out of it.
        repeated = line.label in ax.get_legend_handles_labels()[1]
        label = "_again" if repeated else line.label
        ax.plot(x, y, color=GREY, alpha=0.4, linewidth=3.0, label=label, gid=line.label)
    for line, look in zip(lines, SERIES_LOOKS, strict=False):
        _draw_line(ax, line, look, log)
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    legend_above(ax)


def _draw_line(ax: Axes, line: Line, look: tuple[str, LineStyle, str], log: str) -> None:
    colour, style, marker = look
    x, y = drawable(line.x, positive="x" in log), drawable(line.y, positive="y" in log)
    if line.interval is not None:
        ends = [end or (float("nan"), float("nan")) for end in line.interval]
        low, high = (drawable(side, positive="y" in log) for side in zip(*ends, strict=True))
        ax.fill_between(x, low, high, color=colour, alpha=BAND_ALPHA, linewidth=0)
    ax.plot(
        x,
        y,
        color=colour,
        linestyle=style,
        marker=marker,
        markersize=3.5,
        markevery=max(1, len(x) // 12),
        label=line.label,
        gid=line.label,
    )
