"""Axes without global state, readable scales, legends outside the data, files without dates."""

import io
import math
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator

from jscgc_theory.errors import InputError
from jscgc_theory.plotting.style import (
    SINGLE_COLUMN_INCHES,
    TEXT_POINTS,
    TYPEFACE,
    paper_style,
)

AXES_HEIGHT_INCHES = 2.35
_LEGEND_ROW_INCHES = 0.155
_LEAST_ON_LOG_AXIS = 1e-200
_METADATA: dict[str, dict[str, Any]] = {
    "pdf": {"CreationDate": None},
    "svg": {"Date": None},
    "png": {},
}


def on_axes(
    draw: Callable[[Axes], None],
    ax: Axes | None,
    *,
    width: float = SINGLE_COLUMN_INCHES,
    height: float = AXES_HEIGHT_INCHES,
) -> Axes:
    """Draw into the axes given, or into those of a new figure in this package's style.

    Args:
        draw: What to do with the axes.
        ax: Axes of the caller, whose style is kept; None for a new figure.
        width: Width of a new figure in inches.
        height: Its height in inches, legend not counted.

    Returns:
        The axes drawn into.
    """
    if ax is not None:
        draw(ax)
        return ax
    return new_figure(draw, width=width, height=height).axes[0]


def new_figure(
    draw: Callable[[Axes], None],
    *,
    width: float = SINGLE_COLUMN_INCHES,
    height: float = AXES_HEIGHT_INCHES,
) -> Figure:
    """Make a figure with one pair of axes, in this package's style, and draw into them.

    Args:
        draw: What to do with the axes.
        width: Width in inches.
        height: Height in inches, legend not counted.

    Returns:
        The figure, known to no window system.
    """
    with paper_style():
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.add_subplot()
        pin_ticks(axes)
        draw(axes)
        make_room_for_legends(figure)
    return figure


def pin_ticks(ax: Axes) -> None:
    """Fix the type of tick labels, which Matplotlib makes only when it draws.

    Args:
        ax: Axes of a figure in this package's style.
    """
    ax.tick_params(which="both", labelsize=TEXT_POINTS, labelfontfamily=TYPEFACE)


def make_room_for_legends(figure: Figure, *, n_rows: int = 1) -> None:
    """Make a figure taller by its tallest legend, so that the data keep their room.

    Args:
        figure: Figure whose axes carry their legends above the data.
        n_rows: Rows of panels.
    """
    legends = [legend for axes in figure.axes if (legend := axes.get_legend()) is not None]
    rows = max((_legend_rows(legend) for legend in legends), default=0)
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + n_rows * rows * _LEGEND_ROW_INCHES)


def _legend_rows(legend: Any) -> int:
    entries = len(legend.get_texts())
    columns = 2 if entries > 1 else 1
    return math.ceil(entries / columns) + (1 if legend.get_title().get_text() else 0)


def legend_above(ax: Axes, *, title: str | None = None, extra: Iterable[Artist] = ()) -> None:
    """Put the legend above the axes, in two columns, if there is anything to explain.

    Args:
        ax: Axes whose labelled artists to list.
        title: Heading of the legend.
        extra: Further labelled handles.
    """
    handles: list[Artist] = [*ax.get_legend_handles_labels()[0], *extra]
    if handles:
        ax.legend(
            handles=handles,
            title=title,
            loc="lower center",
            bbox_to_anchor=(0.5, 1.01),
            ncols=min(len(handles), 2),
        )


def drawable(values: Iterable[float], *, positive: bool = False) -> list[float]:
    """Return numbers with NaN wherever they cannot be drawn.

    Args:
        values: Any floats.
        positive: Whether they go on a logarithmic axis: then zero, negative values and those
            outside 1e-200..1e200, where Matplotlib's ticks overflow, cannot be drawn either.

    Returns:
        As many numbers, finite or NaN.
    """
    least = _LEAST_ON_LOG_AXIS if positive else -math.inf
    most = 1.0 / _LEAST_ON_LOG_AXIS if positive else math.inf
    return [
        value if math.isfinite(value) and least <= value <= most else math.nan for value in values
    ]


def spans_decades(values: Iterable[float], *, ratio: float = 5.0) -> bool:
    """Tell whether positive values spread so widely that a logarithmic axis serves them.

    Args:
        values: Any floats; those that are not finite or not positive do not count.
        ratio: Least ratio of largest to smallest.

    Returns:
        True if there are such values and their ratio exceeds the limit.
    """
    found = [value for value in drawable(values, positive=True) if value > 0.0]
    return bool(found) and max(found) > ratio * min(found)


def use_log_scale(ax: Axes, which: Literal["x", "y"], values: Iterable[float]) -> None:
    """Make an axis logarithmic, with plain numbers at its ticks where they are short.

    Args:
        ax: The axes.
        which: Which of its two axes.
        values: What will be drawn along it, to choose the ticks.
    """
    set_scale, axis = {"x": (ax.set_xscale, ax.xaxis), "y": (ax.set_yscale, ax.yaxis)}[which]
    set_scale("log", nonpositive="mask")
    found = [value for value in drawable(values, positive=True) if value > 0.0]
    if not found:
        return
    decades = math.log10(max(found)) - math.log10(min(found))
    if decades < 4.0 and min(found) >= 1e-4 and max(found) < 1e6:
        axis.set_major_locator(LogLocator(subs=_tick_digits(decades)))
        axis.set_major_formatter(FuncFormatter(lambda value, _position: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def _tick_digits(decades: float) -> tuple[float, ...]:
    if decades < 0.9:
        return (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
    return (1.0, 2.0, 5.0) if decades < 1.7 else (1.0,)


def categories(axis: Axis, labels: list[str]) -> None:
    """Put names at the whole numbers of an axis.

    Args:
        axis: ``ax.xaxis`` or ``ax.yaxis``.
        labels: One name for each of 0, 1, 2, ...
    """
    axis.set_major_locator(FixedLocator(list(range(len(labels)))))
    axis.set_minor_locator(NullLocator())
    axis.set_ticklabels(labels)


def say_nothing_to_draw(ax: Axes) -> None:
    """Write into empty axes that the record holds nothing to draw.

    Args:
        ax: The axes.
    """
    ax.text(0.5, 0.5, "nothing to draw", transform=ax.transAxes, ha="center", va="center")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(NullLocator())
        axis.set_minor_locator(NullLocator())


def save_figure(figure: Figure, path: str | os.PathLike[str]) -> Path:
    """Write a figure to a file that holds no date and appears only when complete.

    Args:
        figure: The figure.
        path: Destination ending in ``.pdf`` (vectors, TrueType), ``.svg`` or ``.png`` (300 dpi).

    Returns:
        The path written.

    Raises:
        InputError: If the ending is none of these.
    """
    target = Path(path)
    ending = target.suffix.lower().removeprefix(".")
    if ending not in _METADATA:
        raise InputError(
            f"path = {str(path)!r} names no known picture format; end it in .pdf, .svg or .png"
        )
    content = figure_bytes(figure, ending)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return target


def figure_bytes(figure: Figure, ending: str) -> bytes:
    """Return a figure, without a date, as the content of a file.

    Args:
        figure: The figure.
        ending: ``pdf``, ``svg`` or ``png``.

    Returns:
        The content.
    """
    stream = io.BytesIO()
    with paper_style():
        figure.savefig(stream, format=ending, metadata=_METADATA[ending])
    return stream.getvalue()
