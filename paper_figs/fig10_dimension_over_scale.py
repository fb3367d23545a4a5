"""Fig. 10: the intrinsic dimension over the scale at which it is read."""

from pathlib import Path

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jscgc_theory.intrinsic_dimension import Sample
from jscgc_theory.intrinsic_dimension.scale_scan import scale_scan
from jscgc_theory.plotting.canvas import legend_above, new_figure, use_log_scale
from jscgc_theory.plotting.style import BAND_ALPHA, GREY, SERIES_LOOKS
from jscgc_theory.sources import DEMO_DRAWING, Sphere

N_POINTS = 2000
N_NEIGHBOURS = 512
NOISE = 0.02
SPHERE = Sphere(dim=2, ambient_dim=20, rotation_seed=0)

Points = Float[NDArray[np.float64], "n_points ambient_dim"]


def figures(folder: Path) -> dict[str, Figure]:
    """Draw the figure, which needs no record.

    Args:
        folder: That of this script.

    Returns:
        The figure by name.
    """
    return {"fig10_dimension_over_scale": draw()}


def draw() -> Figure:
    """Draw a clean sphere, the same sphere in noise, and images of four factors.

    Returns:
        The figure, as wide as a column.
    """
    return new_figure(_draw)


def clouds() -> dict[str, Points]:
    """Draw the points of each source.

    Returns:
        Points by name.
    """
    rng = np.random.default_rng(0)
    sphere = SPHERE.sample(N_POINTS, rng)
    images = DEMO_DRAWING.sample(N_POINTS, rng).images
    return {
        "sphere $S^2$ in $R^{20}$": sphere,
        f"in noise of {NOISE:g}": sphere + NOISE * rng.standard_normal(sphere.shape),
        "images of 4 factors": images.reshape(N_POINTS, -1),
    }


def _draw(ax: Axes) -> None:
    all_radii = []
    for (name, points), look in zip(clouds().items(), SERIES_LOOKS, strict=False):
        colour, line, marker = look
        scan = scale_scan(Sample.from_points(points, N_NEIGHBOURS))
        radii = [reading.radius for reading in scan]
        ends = [reading.estimate.interval or (np.nan, np.nan) for reading in scan]
        low, high = zip(*ends, strict=True)
        ax.fill_between(radii, low, high, color=colour, alpha=BAND_ALPHA, linewidth=0)
        values = [reading.estimate.value for reading in scan]
        ax.plot(radii, values, color=colour, linestyle=line, marker=marker, label=name, gid=name)
        all_radii += radii
    for dim in (SPHERE.dim, DEMO_DRAWING.intrinsic_dim):
        ax.axhline(dim, color=GREY, linewidth=0.8, linestyle=":")
    use_log_scale(ax, "x", all_radii)
    ax.set_ylim(bottom=0.0)
    ax.set_xlabel("distance to the neighbour (data units)")
    ax.set_ylabel("intrinsic dimension $d$")
    legend_above(ax)
