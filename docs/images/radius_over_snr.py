"""Draw the picture of the README: ``.venv/bin/python -m docs.images.radius_over_snr``."""

import json
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure

from jscgc_theory.plotting import save_figure
from jscgc_theory.plotting.panels import panels_with_one_legend
from paper_figs.fig7_trained_radius import SPHERES, sphere_panel

ROOT = Path(__file__).resolve().parents[2]
PICTURE = Path(__file__).with_suffix(".svg")
OUTAGE_PROBABILITY = 0.1


def draw() -> Figure:
    """Draw radii of trained systems on spheres beside every bound.

    Returns:
        The figure, a panel for each sphere of the record.
    """
    record = json.loads((ROOT / SPHERES).read_text(encoding="utf-8"))
    panels = [
        partial(sphere_panel, name=name, rows=one["rows"], outage=OUTAGE_PROBABILITY)
        for name, one in record.items()
    ]
    return panels_with_one_legend(panels, legend_columns=3)


if __name__ == "__main__":
    save_figure(draw(), PICTURE)
