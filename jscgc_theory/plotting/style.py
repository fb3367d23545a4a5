"""How figures look: IEEE widths, 8 pt type, colours that survive colour blindness and grey print.

The settings apply inside :func:`paper_style` only, never to the reader's own figures. The typeface
ships with Matplotlib, so a figure is the same on every machine.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib as mpl

SINGLE_COLUMN_INCHES = 3.5
DOUBLE_COLUMN_INCHES = 7.16
TEXT_POINTS = 8.0
BAND_ALPHA = 0.18
TYPEFACE = "STIXGeneral"

# Matplotlib's stubs type the keys by version, hence Any.
_SETTINGS: Any = {
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.labelsize": TEXT_POINTS,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": TEXT_POINTS,
    "font.family": TYPEFACE,
    "font.size": TEXT_POINTS,
    "grid.alpha": 0.6,
    "grid.color": "#cccccc",
    "grid.linewidth": 0.4,
    "legend.borderaxespad": 0.2,
    "legend.columnspacing": 1.2,
    "legend.fontsize": TEXT_POINTS,
    "legend.frameon": False,
    "legend.handlelength": 2.6,
    "legend.labelspacing": 0.25,
    "legend.title_fontsize": TEXT_POINTS,
    "lines.linewidth": 1.2,
    "lines.markersize": 4.0,
    "mathtext.fontset": "stix",
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "savefig.bbox": None,
    "savefig.dpi": 300,
    "svg.fonttype": "path",
    "svg.hashsalt": "jscgc",
    "xtick.labelsize": TEXT_POINTS,
    "xtick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.labelsize": TEXT_POINTS,
    "ytick.major.width": 0.6,
    "ytick.minor.width": 0.4,
}


LineStyle = Literal["-", "--", ":", "-."] | tuple[float, tuple[float, ...]]


@dataclass(frozen=True)
class Look:
    """Colour (Okabe & Ito, 2008), line style and marker of one quantity; each alone tells it."""

    label: str
    color: str
    linestyle: LineStyle
    marker: str


BLACK = "#000000"
ORANGE = "#E69F00"
SKY_BLUE = "#56B4E9"
GREEN = "#009E73"
BLUE = "#0072B2"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
GREY = "#666666"

LOOKS: dict[str, Look] = {
    "measured_radius": Look("measured radius", BLACK, "-", "o"),
    "radius_posterior": Look("posterior sampler", BLACK, "-", "o"),
    "radius_best": Look("best decoder", PURPLE, (0.0, (6.0, 1.5)), "P"),
    "meta_converse": Look("R4 meta-converse", GREEN, (0.0, (4.0, 1.2, 1.0, 1.2)), "D"),
    "perception": Look("R3 perception", BLUE, "-", "v"),
    "small_ball": Look("R2 small ball", SKY_BLUE, "--", "s"),
    "finite_outage_fano": Look("R1 finite-outage Fano", ORANGE, ":", "^"),
    "delta_star": Look(
        r"$\delta^{\ast}$ (18), $P_e \to 0$", VERMILION, (0.0, (3.0, 1.0, 1.0, 1.0, 1.0, 1.0)), "x"
    ),
    "volume": Look(r"$1/q$ (volume)", BLUE, "-", "o"),
    "covering": Look("covering", VERMILION, "--", "s"),
    "packing": Look("packing", GREEN, "-.", "^"),
}
"""Each quantity looks the same in every figure."""

SERIES_LOOKS: tuple[tuple[str, LineStyle, str], ...] = (
    (BLACK, "-", "o"),
    (VERMILION, "--", "s"),
    (BLUE, "-.", "^"),
    (GREEN, ":", "D"),
    (ORANGE, (0.0, (6.0, 1.5)), "v"),
    (PURPLE, (0.0, (3.0, 1.0, 1.0, 1.0)), "P"),
    (SKY_BLUE, (0.0, (1.0, 1.0)), "X"),
    (GREY, (0.0, (8.0, 2.0)), "*"),
)
"""Colour, line style and marker of curves that have no look of their own, in this order."""

OUTAGE_LINESTYLES: tuple[LineStyle, ...] = (
    "-",
    "--",
    ":",
    "-.",
    (0.0, (8.0, 2.0)),
    (0.0, (1.0, 3.0)),
)
"""Line styles where one picture shows several outage probabilities."""


def paper_style() -> AbstractContextManager[None]:
    """Return a context in which Matplotlib draws in the style of this package.

    Returns:
        A context manager; on leaving it every setting is as it was before.
    """
    return mpl.rc_context(_SETTINGS)
