"""Draw the picture of the README: ``.venv/bin/python -m docs.images.radius_over_snr``."""

import json
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.plotting import save_figure
from jscgc_theory.plotting.canvas import legend_above, new_figure
from paper_figs.fig7_trained_radius import SPHERES, sphere_panel

ROOT = Path(__file__).resolve().parents[2]
PICTURE = Path(__file__).with_suffix(".svg")
SPHERE = "S^2"
OUTAGE_PROBABILITY = 0.1
WIDTH_INCHES, HEIGHT_INCHES = 4.8, 2.6


def draw() -> Figure:
    """Draw radii of a trained system on a sphere beside every bound.

    Returns:
        The figure.
    """
    return new_figure(_panel, width=WIDTH_INCHES, height=HEIGHT_INCHES)


def _panel(ax: Axes) -> None:
    rows = json.loads((ROOT / SPHERES).read_text(encoding="utf-8"))[SPHERE]["rows"]
    sphere_panel(ax, SPHERE, rows, OUTAGE_PROBABILITY)
    ax.set_title("")
    legend_above(ax)


if __name__ == "__main__":
    save_figure(draw(), PICTURE)
