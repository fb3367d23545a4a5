"""Panels side by side, each under its legend or all under one."""

import math
from collections.abc import Callable, Sequence
from string import ascii_lowercase

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.plotting.canvas import (
    AXES_HEIGHT_INCHES,
    make_room_for_legends,
    new_figure,
    pin_ticks,
)
from jscgc_theory.plotting.style import DOUBLE_COLUMN_INCHES, paper_style

_LEGEND_ROW_INCHES = 0.17


def panel_figure(draws: Sequence[Callable[[Axes], None]]) -> Figure:
    """Make a figure of several panels, two a row, lettered where there is more than one.

    Args:
        draws: What to draw into each panel.

    Returns:
        The figure, as wide as two columns unless there is one panel.
    """
    if len(draws) == 1:
        return new_figure(draws[0])
    n_rows = math.ceil(len(draws) / 2)
    with paper_style():
        size = (DOUBLE_COLUMN_INCHES, n_rows * AXES_HEIGHT_INCHES)
        figure = Figure(figsize=size, layout="constrained")
        for place, draw in enumerate(draws):
            axes = figure.add_subplot(n_rows, 2, place + 1)
            pin_ticks(axes)
            draw(axes)
            axes.set_xlabel(f"{axes.get_xlabel()}\n({ascii_lowercase[place]})")
        make_room_for_legends(figure, n_rows=n_rows)
    return figure


def panels_with_one_legend(
    draws: Sequence[Callable[[Axes], None]], *, panels_a_row: int = 3, legend_columns: int = 4
) -> Figure:
    """Draw panels in rows, lettered, with every label of any panel once above all.

    Args:
        draws: What to draw into each panel.
        panels_a_row: Panels side by side.
        legend_columns: Most columns of the legend.

    Returns:
        The figure, as wide as two columns.
    """
    n_columns = min(panels_a_row, len(draws))
    n_rows = math.ceil(len(draws) / n_columns)
    with paper_style():
        figure = Figure(layout="constrained")
        for place, draw in enumerate(draws):
            axes = figure.add_subplot(n_rows, n_columns, place + 1)
            pin_ticks(axes)
            draw(axes)
            if len(draws) > 1:
                axes.set_xlabel(f"{axes.get_xlabel()}\n({ascii_lowercase[place]})")
        found = [axes.get_legend_handles_labels() for axes in figure.axes]
        handle_of = {
            label: handle
            for handles, labels in found
            for handle, label in zip(handles, labels, strict=True)
        }
        n_legend_columns = min(legend_columns, len(handle_of))
        figure.legend(
            list(handle_of.values()),
            list(handle_of),
            loc="outside upper center",
            ncols=n_legend_columns,
        )
        legend_rows = math.ceil(len(handle_of) / n_legend_columns)
        height = n_rows * 0.85 * AXES_HEIGHT_INCHES + legend_rows * _LEGEND_ROW_INCHES
        figure.set_size_inches(DOUBLE_COLUMN_INCHES, height)
    return figure
