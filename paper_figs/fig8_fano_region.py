"""Fig. 8: which outage Fano's inequality allows, exact and in the paper's relaxed form."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from jscgc_theory.bounds import (
    binary_divergence_bits,
    fano_outage_floor,
    relaxed_outage_floor,
)
from jscgc_theory.plotting.canvas import legend_above
from jscgc_theory.plotting.panels import panel_figure
from jscgc_theory.plotting.style import GREY, SERIES_LOOKS

LOG2_COUNT = np.linspace(1.0, 40.0, 118)
MI_BITS = (0.0, 2.0, 5.0, 10.0, 20.0)
OUTAGES = (0.5, 0.1, 0.01)
_MOST_INFORMATION_BITS = 15.0
_RELAXED = Line2D([], [], color=GREY, linewidth=0.8, linestyle=":", label="relaxed (20)")


def figures(folder: Path) -> dict[str, Figure]:
    """Draw the figure, which needs no record.

    Args:
        folder: That of this script.

    Returns:
        The figure by name.
    """
    return {"fig8_fano_region": draw()}


def draw() -> Figure:
    """Draw (a) the least outage for given information, (b) the least information for an outage.

    Returns:
        The figure, as wide as two columns.
    """
    return panel_figure([_outage_floor, _information_needed])


def _outage_floor(ax: Axes) -> None:
    for place, mi_bits in enumerate(MI_BITS):
        _draw_pair(
            ax,
            place,
            f"$I = {mi_bits:g}$ bits",
            partial(fano_outage_floor, mi_bits),
            partial(relaxed_outage_floor, mi_bits),
        )
    ax.set_ylim(0.0, 1.0)
    ax.set_ylabel("least outage probability $P_e$")
    _finish(ax, LOG2_COUNT[-1])


def _information_needed(ax: Axes) -> None:
    for place, outage in enumerate(OUTAGES):
        _draw_pair(
            ax,
            place,
            f"$P_e = {outage:g}$",
            partial(_least_information, outage),
            partial(_relaxed_information, outage),
        )
    ax.set_ylim(0.0, _MOST_INFORMATION_BITS)
    ax.set_ylabel("least information $I$ (bits)")
    _finish(ax, _MOST_INFORMATION_BITS)


def _least_information(outage: float, log2_count: float) -> float:
    return binary_divergence_bits(1.0 - outage, 2.0**-log2_count)


def _relaxed_information(outage: float, log2_count: float) -> float:
    return max((1.0 - outage) * log2_count - 1.0, 0.0)


def _draw_pair(
    ax: Axes,
    place: int,
    label: str,
    exact: Callable[[float], float],
    relaxed: Callable[[float], float],
) -> None:
    colour, line, marker = SERIES_LOOKS[place]
    ax.plot(
        LOG2_COUNT,
        [exact(one) for one in LOG2_COUNT],
        color=colour,
        linestyle=line,
        marker=marker,
        markevery=(4 * place % 12, 12),
        label=label,
        gid=f"exact/{label}",
    )
    ax.plot(
        LOG2_COUNT,
        [relaxed(one) for one in LOG2_COUNT],
        color=colour,
        linewidth=0.8,
        linestyle=":",
        gid=f"relaxed/{label}",
    )


def _finish(ax: Axes, most: float) -> None:
    ax.set_xlim(0.0, most)
    ax.set_xlabel("cells $\\log_2 K$ (bits)")
    legend_above(ax, extra=[_RELAXED])
