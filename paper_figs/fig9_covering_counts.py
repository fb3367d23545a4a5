"""Fig. 9: covering, packing and coincidence counts against radius, with the fitted power law."""

from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jscgc_theory.analysis.covering_report import covering
from jscgc_theory.plotting import plot
from jscgc_theory.plotting.panels import panel_figure
from jscgc_theory.plotting.style import BLACK
from jscgc_theory.sources import DEMO_DRAWING, Sphere

N_POINTS = 2000
SPHERE = Sphere(dim=2, ambient_dim=20, rotation_seed=0)
_LEAST_RADIUS = 2e-3

Points = Float[NDArray[np.float64], "n_points ambient_dim"]


def figures(folder: Path) -> dict[str, Figure]:
    """Draw the figure, which needs no record.

    Args:
        folder: That of this script.

    Returns:
        The figure by name.
    """
    return {"fig9_covering_counts": draw()}


def draw() -> Figure:
    """Draw (a) a sphere in 20 dimensions, (b) images of four factors.

    Returns:
        The figure, as wide as two columns.
    """
    return panel_figure([_sphere_panel, partial(_panel, points=image_points())])


def sphere_points() -> Points:
    """Draw the points of panel (a).

    Returns:
        The points.
    """
    return SPHERE.sample(N_POINTS, np.random.default_rng(0))


def image_points() -> Points:
    """Draw the images of panel (b), a row each.

    Returns:
        The pixels.
    """
    images = DEMO_DRAWING.sample(N_POINTS, np.random.default_rng(0)).images
    return images.reshape(N_POINTS, -1)


def _sphere_panel(ax: Axes) -> None:
    radius = np.geomspace(_LEAST_RADIUS, SPHERE.diameter, 100)
    count = 1.0 / SPHERE.coincidence_probability(radius)
    ax.plot(
        radius, count, color=BLACK, linewidth=2.5, alpha=0.35, label="exact $1/q$", gid="exact"
    )
    _panel(ax, sphere_points())
    ax.set_xlim(left=_LEAST_RADIUS)


def _panel(ax: Axes, points: Points) -> None:
    plot(covering(points, max_centres=N_POINTS // 2, rng=0), ax)
