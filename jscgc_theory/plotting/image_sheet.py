"""Rows of images on one sheet, a label at each row."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jscgc_theory.plotting.canvas import categories, new_figure
from jscgc_theory.plotting.style import SINGLE_COLUMN_INCHES

Rows = Float[NDArray[np.float64], "rows n channels height width"]
_INCHES_PER_LETTER = 0.062
_TALLEST_INCHES = 9.0


def image_sheet(
    rows: Mapping[str, Float[NDArray[np.float64], "n channels height width"]],
    *,
    width: float = SINGLE_COLUMN_INCHES,
) -> Figure:
    """Return a sheet of images, a row each, as tall as its rows need, a page at most.

    Args:
        rows: Pixels in [0, 1] by the label of their row, as many images of one size in each.
        width: In inches.

    Returns:
        The figure.
    """
    labels, pixels = list(rows), np.stack(list(rows.values()))
    n_rows, n_shown, _, height, side = pixels.shape
    room = width - 0.2 - _INCHES_PER_LETTER * max(len(label) for label in labels)
    inches = min(room * n_rows * height / n_shown / side, _TALLEST_INCHES)
    return new_figure(
        lambda axes: draw_image_rows(axes, labels, pixels), width=width, height=inches + 0.1
    )


def draw_image_rows(ax: Axes, labels: Sequence[str], pixels: Rows) -> None:
    """Draw rows of images with the label of each row.

    Args:
        ax: The axes.
        labels: One a row.
        pixels: Values in [0, 1].
    """
    mosaic, step = _mosaic(pixels)
    ax.imshow(mosaic, cmap="gray", vmin=0.0, vmax=1.0, interpolation="antialiased")
    # To the right, so that the labels have all the room there is.
    ax.set_anchor("E")
    categories(ax.xaxis, [])
    ax.set_yticks([step * (row + 0.5) for row in range(len(labels))], labels)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)


def _mosaic(pixels: Rows) -> tuple[Float[NDArray[np.float64], "tall wide 3"], int]:
    """Put images side by side on white, one white pixel apart; return the height of a row too."""
    rows, count, channels, height, width = pixels.shape
    mosaic = np.ones((rows * (height + 1), count * (width + 1), 3))
    for row in range(rows):
        for column in range(count):
            top, left = row * (height + 1), column * (width + 1)
            colours = np.moveaxis(pixels[row, column], 0, -1)
            mosaic[top : top + height, left : left + width] = np.broadcast_to(
                colours, (height, width, 3) if channels == 1 else colours.shape
            )
    return mosaic, height + 1
