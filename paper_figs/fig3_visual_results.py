"""Fig. 3: the same images from every system where little and where much arrives."""

from pathlib import Path
from textwrap import fill

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from jscgc_model.evaluation.evaluation_report import EvaluationReport
from jscgc_model.evaluation.record_files import read_evaluations
from jscgc_theory.errors import InputError
from jscgc_theory.plotting import DOUBLE_COLUMN_INCHES, paper_style

N_IMAGES = 3
_MARGIN_INCHES = 0.1
_LINE_INCHES = 0.18
_LETTER_INCHES = 0.06
"""Mean width of a letter of a title."""

Pixels = Float[NDArray[np.float64], "channels height width"]


def figures(folder: Path) -> dict[str, Figure]:
    """Draw a figure for each set of images.

    Args:
        folder: That of this script, with the records below it.

    Returns:
        Figures by name.
    """
    return {
        f"fig3_visual_results_{name}": draw(report)
        for name, report in read_evaluations(folder / "records").items()
    }


def draw(report: EvaluationReport) -> Figure:
    """Draw a column for the source and each system, the lowest and highest SNR of each image.

    Args:
        report: The evaluation, with example images.

    Returns:
        The figure, as wide as two columns.

    Raises:
        InputError: If the record holds no images.
    """
    if report.examples is None:
        raise InputError("the record holds no example images; evaluate anew")
    shown = dict(zip(report.examples.labels, report.examples.pixels(), strict=True))
    levels = list(dict.fromkeys((min(report.snr_db), max(report.snr_db))))
    n_images = min(N_IMAGES, report.examples.shape[1])
    rows = [(image, level) for image in range(n_images) for level in levels]
    columns = ("source", *report.systems)
    height, width = report.examples.shape[3:]
    side = DOUBLE_COLUMN_INCHES / (len(columns) + 0.5)
    titles = [fill(name, max(1, int(side / _LETTER_INCHES))) for name in columns]
    top = _MARGIN_INCHES + _LINE_INCHES * max(1 + title.count("\n") for title in titles)
    inches = len(rows) * side * height / width + top
    with paper_style():
        figure = Figure(figsize=(DOUBLE_COLUMN_INCHES, inches))
        spacing = {"left": 0.04, "right": 0.999, "bottom": 0.005, "wspace": 0.03, "hspace": 0.03}
        figure.subplots_adjust(top=1.0 - top / inches, **spacing)
        grid = figure.subplots(len(rows), len(columns), squeeze=False)
        for (image, level), line in zip(rows, grid, strict=True):
            line[0].set_ylabel(f"{level:g} dB")
            for axes, system in zip(line, columns, strict=True):
                label = system if system == "source" else f"{system}, {level:g} dB"
                _show(axes, shown[label][image], f"{label}/{image}")
        for axes, title in zip(grid[0], titles, strict=True):
            axes.set_title(title)
    return figure


def _show(axes: Axes, pixels: Pixels, gid: str) -> None:
    colours = np.moveaxis(pixels, 0, -1)
    shown = colours[..., 0] if colours.shape[-1] == 1 else colours
    image = axes.imshow(shown, cmap="gray", vmin=0.0, vmax=1.0, interpolation="nearest")
    image.set_gid(gid)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
