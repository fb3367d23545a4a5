"""Fig. 7: the radius of trained systems over the SNR, with exact radii and bounds on spheres."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.analysis.exact_case import exact
from jscgc_theory.plotting.canvas import use_log_scale
from jscgc_theory.plotting.panels import panels_with_one_legend
from jscgc_theory.plotting.radius_axes import RADIUS_LABEL, draw_radii
from jscgc_theory.plotting.series import SNR, read_exact, series_of
from jscgc_theory.plotting.style import GREY, LOOKS, PURPLE

SPHERES = "benchmarks/results/sphere_twin.json"
IMAGES = "benchmarks/results/image_twin.json"
OUTAGES = (0.1, 0.01)
QUANTITIES = (
    "radius_posterior",
    "meta_converse",
    "perception",
    "finite_outage_fano",
    "delta_star",
)
IMAGE_BOUNDS = ("perception", "finite_outage_fano", "delta_star")
_STEP_DB = 2.5
_ASIDE_DB = 0.45
"""How far intervals at one SNR stand apart."""

Rows = Sequence[Mapping[str, Any]]


def figures(folder: Path) -> dict[str, Figure]:
    """Draw the figure if both records of trained systems are there.

    Args:
        folder: That of this script.

    Returns:
        The figure by name.
    """
    records = [folder.parent / SPHERES, folder.parent / IMAGES]
    if not all(record.exists() for record in records):
        return {}
    spheres, images = (json.loads(record.read_text(encoding="utf-8")) for record in records)
    return {"fig7_trained_radius": draw(spheres, images["rows"])}


def draw(spheres: Mapping[str, Any], images: Rows) -> Figure:
    """Draw the spheres and the images at each outage probability.

    Args:
        spheres: The record of ``benchmarks/sphere_twin.py``.
        images: The rows of the record of ``benchmarks/image_twin.py``.

    Returns:
        The figure, as wide as two columns.
    """
    of_spheres = [
        partial(sphere_panel, name=name, rows=one["rows"], outage=outage)
        for outage in OUTAGES
        for name, one in spheres.items()
    ]
    of_images = [partial(_image_panel, rows=images, outage=outage) for outage in OUTAGES]
    first, second = of_spheres[: len(spheres)], of_spheres[len(spheres) :]
    draws = [*first, of_images[0], *second, of_images[1]]
    return panels_with_one_legend(draws)


def sphere_panel(ax: Axes, name: str, rows: Rows, outage: float) -> None:
    """Draw radii and bounds on one sphere at one outage probability.

    Args:
        ax: Axes to draw into.
        name: Of the sphere in the record, such as ``S^2``.
        rows: Those of the record, one for each SNR.
        outage: P_e.
    """
    levels = [row["snr_db"] for row in rows]
    case = exact(
        "sphere",
        dim=int(name.removeprefix("S^")),
        snr_db=np.arange(min(levels), max(levels) + 0.1, _STEP_DB).tolist(),
        outage_probability=outage,
        n_draws=0,
    )
    draw_radii(
        ax,
        [one for q in QUANTITIES for one in series_of(case.rows, q, read_exact(q), SNR)],
        SNR,
    )
    _draw_trained(ax, levels, [row[f"radius_{outage:g}"] for row in rows])
    ax.set_title(f"${name}$, $P_e = {outage:g}$")


def _image_panel(ax: Axes, rows: Rows, outage: float) -> None:
    levels = [row["snr_db"] for row in rows]
    found = [row["outages"][f"{outage:g}"] for row in rows]
    use_log_scale(ax, "y", [end for one in found for end in one["perception"]["interval"]])
    for place, bound in enumerate(IMAGE_BOUNDS):
        aside = [level + _ASIDE_DB * (place - 1) for level in levels]
        look, estimates = LOOKS[bound], [one[bound] for one in found]
        _draw_intervals(ax, aside, estimates, look.color)
        values = [one["value"] for one in estimates]
        style: dict[str, Any] = {"color": look.color, "marker": look.marker, "linestyle": "none"}
        ax.plot(aside, values, gid=f"{bound}-{outage:g}", **style)
    measured = [one["measured_radius"] for one in found]
    _draw_intervals(ax, levels, measured, PURPLE)
    _draw_trained(ax, levels, [one["value"] for one in measured])
    if f"radius_{outage:g}" in rows[0]:
        shuffled = [row["shuffled_ratio"] * row[f"radius_{outage:g}"] for row in rows]
        label = "trained, $\\hat{Y}$ of another image"
        ax.plot(
            levels, shuffled, color=GREY, marker="s", label=label, gid="shuffled", linestyle="--"
        )
    ax.set_xlabel(SNR.label)
    ax.set_ylabel(RADIUS_LABEL)
    ax.set_title(f"drawn images, $P_e = {outage:g}$")


def _draw_intervals(ax: Axes, levels: Sequence[float], estimates: Rows, color: str) -> None:
    low, high = zip(*(one["interval"] for one in estimates), strict=True)
    ax.vlines(levels, low, high, color=color, linewidth=1.2)


def _draw_trained(ax: Axes, levels: Sequence[float], radii: Sequence[float]) -> None:
    ax.plot(
        levels,
        radii,
        color=PURPLE,
        linestyle="none",
        marker="o",
        markersize=7.0,
        markerfacecolor="none",
        label="trained system",
        gid="trained",
        zorder=3.0,
        clip_on=False,
    )
