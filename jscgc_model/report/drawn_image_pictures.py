"""Pictures of generated drawings: distance to the manifold, errors of meaning, the images."""

import math
from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_model.report.image_grid import grid_figure
from jscgc_model.verification.drawn_image_report import DrawnImageReport, DrawnImageRow
from jscgc_model.verification.pixel_grid import PixelGrid
from jscgc_theory.plotting.canvas import drawable, legend_above
from jscgc_theory.plotting.dispatch import Picture, pictures, plot
from jscgc_theory.plotting.panels import panel_figure
from jscgc_theory.plotting.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    VERMILION,
)
from jscgc_theory.records import Estimate
from jscgc_theory.records.formatting import format_number

_FACTOR_LOOKS = (
    (BLUE, "o"),
    (ORANGE, "s"),
    (GREEN, "^"),
    (PURPLE, "D"),
    (SKY_BLUE, "v"),
    (BLACK, "P"),
    (VERMILION, "X"),
)
_ERROR_OF_CHANCE = 1.0 / 3.0


@plot.register(DrawnImageReport)
def plot_drawn_images(record: DrawnImageReport, ax: Axes | None = None) -> Axes:
    """Draw the distance to the nearest drawn image over the SNR.

    Args:
        record: The report.
        ax: Axes for the distances; by default a new figure with a second panel for the errors of
            the factors.

    Returns:
        The axes given, or the first panel.
    """
    if ax is None:
        return _manifold_figure(record).axes[0]
    draw_distances(ax, record)
    return ax


@pictures.register(DrawnImageReport)
def drawn_image_pictures(record: DrawnImageReport) -> tuple[Picture, ...]:
    """Return the figure of Remark 2 and the images.

    Args:
        record: The report.

    Returns:
        Two figures.
    """
    told = "; ".join(_described(row) for row in record.rows)
    manifold = Picture(
        name="realism_and_meaning",
        caption="Remark 2. (a) Draws of a perfect generator stay on the manifold of drawn images "
        "at every SNR, reconstructions of least squared error leave it where little is received. "
        "(b) What must be lost is the meaning: factors err, up to the level of a random drawing.",
        description=f"Distance to the nearest drawn image and mean factor errors. {told}.",
        figure=_manifold_figure(record),
    )
    return manifold, _examples_picture(record.examples)


def _described(row: DrawnImageRow) -> str:
    generated, reconstructed = (
        format_number(one.value) for one in (row.generated_distance, row.reconstructed_distance)
    )
    errors = ", ".join(
        f"{name} {format_number(error.value)}" for name, error in row.factor_errors.items()
    )
    return (
        f"{format_number(row.snr_db)} dB: generations {generated}, reconstructions "
        f"{reconstructed}, factor errors {errors}"
    )


def draw_distances(ax: Axes, record: DrawnImageReport) -> None:
    """Draw the distance to the nearest drawn image, of generations and of reconstructions.

    Args:
        ax: The axes.
        record: The report.
    """
    rows = sorted(record.rows, key=lambda row: row.snr_db)
    snr_db = [row.snr_db for row in rows]
    for label, colour, marker, estimates in (
        ("reconstructions", VERMILION, "s", [row.reconstructed_distance for row in rows]),
        ("generations", BLACK, "o", [row.generated_distance for row in rows]),
    ):
        _curve(ax, snr_db, estimates, colour, marker, label)
    ax.axhline(record.source_distance.value, color=GREY, linestyle=":", label="source images")
    ax.set_ylim(bottom=0.0)
    ax.set_xlabel("SNR (dB)")
    ax.set_ylabel("distance to manifold (pixel value)")
    legend_above(ax)


def draw_factor_errors(ax: Axes, record: DrawnImageReport) -> None:
    """Draw the mean absolute error of each factor.

    Args:
        ax: The axes.
        record: The report.
    """
    rows = sorted(record.rows, key=lambda row: row.snr_db)
    snr_db = [row.snr_db for row in rows]
    for place, name in enumerate(record.factors):
        colour, marker = _FACTOR_LOOKS[place % len(_FACTOR_LOOKS)]
        _curve(ax, snr_db, [row.factor_errors[name] for row in rows], colour, marker, name)
    ax.axhline(_ERROR_OF_CHANCE, color=GREY, linestyle=":", label="random drawing")
    ax.set_ylim(bottom=0.0)
    ax.set_xlabel("SNR (dB)")
    ax.set_ylabel("mean factor error (share of range)")
    legend_above(ax)


def _curve(
    ax: Axes,
    places: Sequence[float],
    estimates: Sequence[Estimate],
    colour: str,
    marker: str,
    label: str,
) -> None:
    ends = [one.interval or (math.nan, math.nan) for one in estimates]
    low, high = (drawable(column) for column in zip(*ends, strict=True))
    ax.vlines(places, low, high, color=colour, linewidth=0.9)
    values = drawable(one.value for one in estimates)
    ax.plot(places, values, color=colour, marker=marker, label=label, gid=label)


def _manifold_figure(record: DrawnImageReport) -> Figure:
    draws = [partial(draw, record=record) for draw in (draw_distances, draw_factor_errors)]
    return panel_figure(draws)


def _examples_picture(grid: PixelGrid) -> Picture:
    n_shown = grid.shape[1]
    return Picture(
        name="examples",
        caption="The same images sent at every SNR: one generation of each, and the "
        "reconstruction of least squared error. Each column is one source.",
        description=f"{n_shown} images in rows: {', '.join(grid.labels)}.",
        figure=grid_figure(grid),
    )
