"""Fig. 6: every bound and the posterior sampler beside the best decoder, on spheres."""

from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.analysis.exact_case import exact
from jscgc_theory.plotting.panels import panels_with_one_legend
from jscgc_theory.plotting.style import LOOKS

DIMS = (1, 2, 4, 8, 16)
OUTAGE_PROBABILITY = 0.1
SNR_DB = tuple(np.arange(-5.0, 20.1, 2.5).tolist())
QUANTITIES = (
    "radius_posterior",
    "radius_best",
    "meta_converse",
    "perception",
    "finite_outage_fano",
    "delta_star",
)
_LIMITS = (0.5, 1.6)


def figures(folder: Path) -> dict[str, Figure]:
    """Draw the figure, which needs no record.

    Args:
        folder: That of this script.

    Returns:
        The figure by name.
    """
    return {"fig6_bounds_on_spheres": draw()}


def draw() -> Figure:
    """Draw a panel for each dimension.

    Returns:
        The figure, as wide as two columns.
    """
    return panels_with_one_legend([partial(_panel, dim=dim) for dim in DIMS])


def _panel(ax: Axes, dim: int) -> None:
    case = exact(
        "sphere", dim=dim, snr_db=SNR_DB, outage_probability=OUTAGE_PROBABILITY, n_draws=0
    )
    best = np.array([row.radius_best for row in case.rows])
    for quantity in QUANTITIES:
        look = LOOKS[quantity]
        ax.plot(
            SNR_DB,
            np.array([getattr(row, quantity) for row in case.rows]) / best,
            color=look.color,
            linestyle=look.linestyle,
            marker=look.marker,
            markevery=2,
            label=look.label,
            gid=quantity,
        )
    ax.set_xticks(np.arange(SNR_DB[0], SNR_DB[-1] + 1.0, 5.0))
    ax.set_ylim(*_LIMITS)
    ax.set_xlabel("SNR (dB)")
    ax.set_ylabel("radius / best decoder's")
    ax.set_title(f"$d = {dim}$")
