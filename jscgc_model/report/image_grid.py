"""The images a record of the model holds, on one sheet."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_model.verification.pixel_grid import PixelGrid
from jscgc_theory.plotting.image_sheet import draw_image_rows, image_sheet
from jscgc_theory.plotting.style import SINGLE_COLUMN_INCHES


def grid_figure(grid: PixelGrid, *, width: float = SINGLE_COLUMN_INCHES) -> Figure:
    """Return a sheet as wide as a column.

    Args:
        grid: The images.
        width: In inches.

    Returns:
        The figure, as tall as its rows need, a page at most.
    """
    return image_sheet(dict(zip(grid.labels, grid.pixels(), strict=True)), width=width)


def draw_examples(ax: Axes, grid: PixelGrid) -> None:
    """Draw a grid of images with the label of each row.

    Args:
        ax: The axes.
        grid: The images.
    """
    draw_image_rows(ax, grid.labels, grid.pixels())
