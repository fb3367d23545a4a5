"""Fig. 5: the paper's bound (18) against information, over dimension and over constant."""

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.bounds import delta_star_bound, resolvable_mi_bits
from jscgc_theory.plotting.canvas import legend_above, use_log_scale
from jscgc_theory.plotting.panels import panel_figure
from jscgc_theory.plotting.style import GREY, SERIES_LOOKS
from jscgc_theory.sources import Sphere

DIMS = (1, 2, 4, 8, 16)
DIM_OF_CONSTANTS = 8
CONSTANTS = (1e-2, 1.0, 1e2, 1e4)
MI_BITS = np.linspace(0.0, 60.0, 121)
DIAMETER = 2.0
N_POINTS = 10_000
_RADIUS_LIMITS = (2e-3, 6.0)


def figures(folder: Path) -> dict[str, Figure]:
    """Draw the figure, which needs no record.

    Args:
        folder: That of this script.

    Returns:
        The figure by name.
    """
    return {"fig5_delta_star": draw()}


def draw() -> Figure:
    """Draw delta* (a) on unit spheres of several d, (b) at one d for several C.

    Returns:
        The figure, as wide as two columns.
    """
    spheres = [(f"$d = {dim}$", dim, Sphere(dim=dim).geometric_constant) for dim in DIMS]
    constants = [
        (
            f"$d = {DIM_OF_CONSTANTS}$, $C = 10^{{{round(math.log10(constant))}}}$",
            DIM_OF_CONSTANTS,
            constant,
        )
        for constant in CONSTANTS
    ]
    return panel_figure([partial(_panel, curves=spheres), partial(_panel, curves=constants)])


def _panel(ax: Axes, curves: Sequence[tuple[str, int, float]]) -> None:
    use_log_scale(ax, "y", _RADIUS_LIMITS)
    for (label, dim, constant), look in zip(curves, SERIES_LOOKS, strict=False):
        colour, line, marker = look
        radius = [delta_star_bound(mi_bits, dim, constant) for mi_bits in MI_BITS]
        ax.plot(
            MI_BITS,
            radius,
            color=colour,
            linestyle=line,
            marker=marker,
            markevery=12,
            label=label,
            gid=f"d={dim}, C={constant:.6g}",
        )
    _shade_what_says_nothing(ax)
    ax.set_xlim(MI_BITS[0], MI_BITS[-1])
    ax.set_ylim(*_RADIUS_LIMITS)
    ax.set_xlabel("information $I$ (bits)")
    ax.set_ylabel(r"$\delta^{\ast}$ (data units)")
    legend_above(ax)


def _shade_what_says_nothing(ax: Axes) -> None:
    ax.axhspan(DIAMETER, _RADIUS_LIMITS[1], facecolor=GREY, alpha=0.25, linewidth=0)
    ax.text(MI_BITS[-1], 3.3, "vacuous: above the diameter ", ha="right", va="center")
    ax.axvline(
        resolvable_mi_bits(N_POINTS),
        color=GREY,
        linestyle=(0.0, (2.0, 1.0)),
        label="pairs of $10^4$ points end",
        gid="resolved",
    )
