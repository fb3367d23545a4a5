"""Fig. 1: the system model, reconstruction against generation."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.plotting import DOUBLE_COLUMN_INCHES
from jscgc_theory.plotting.block_diagram import (
    draw_arrow,
    draw_block,
    draw_text,
    new_diagram,
)

_HEIGHT_INCHES = 1.85
_BLOCK = (0.88, 0.44)
_SENDER = "#E3EEF7"
_CHANNEL = "#EFEFEF"
_RECEIVER = "#FBE9D9"
_COLUMNS = (0.72, 1.84, 2.98, 4.14, 5.26)
"""Middles of the encoder, the power constraint, the channel and two columns of the receiver."""


def figures(folder: Path) -> dict[str, Figure]:
    """Draw the figure, which needs no record.

    Args:
        folder: That of this script.

    Returns:
        The figure by name.
    """
    return {"fig1_system_model": draw()}


def draw() -> Figure:
    """Draw (a) a system that reconstructs, (b) one that generates.

    Returns:
        The figure, as wide as two columns.
    """
    figure, axes = new_diagram(DOUBLE_COLUMN_INCHES, _HEIGHT_INCHES)
    _draw_reconstruction(axes, 1.33)
    _draw_generation(axes, 0.3)
    return figure


def _draw_reconstruction(ax: Axes, y: float) -> None:
    _draw_transmission(ax, y, "(a) reconstruction: trained for least distortion $d(x, \\hat{x})$")
    middle = 0.5 * (_COLUMNS[3] + _COLUMNS[4])
    width = _COLUMNS[4] - _COLUMNS[3] + _BLOCK[0]
    draw_block(ax, (middle, y), (width, _BLOCK[1]), "Decoder $D_\\theta$", fill=_RECEIVER)
    _draw_output(ax, y, "$\\hat{x} = D_\\theta(\\hat{y})$")


def _draw_generation(ax: Axes, y: float) -> None:
    _draw_transmission(ax, y, "(b) generation: trained by the velocity loss (11)")
    adapter, generator = _COLUMNS[3:]
    draw_block(ax, (adapter, y), _BLOCK, "CA-Adapter", fill=_RECEIVER)
    draw_block(ax, (generator, y), _BLOCK, "Generator $G_\\theta$", fill=_RECEIVER)
    _draw_between(ax, y, adapter, generator)
    top = y + 0.5 * _BLOCK[1]
    draw_arrow(ax, [(generator, top + 0.22), (generator, top)])
    draw_text(ax, (generator, top + 0.24), "noise $x_T$", vertical="bottom")
    _draw_output(ax, y, "$\\hat{x} \\sim q_\\theta(x \\mid \\hat{y})$")


def _draw_transmission(ax: Axes, y: float, title: str) -> None:
    encoder, power, channel, receiver = _COLUMNS[:4]
    draw_block(ax, (encoder, y), _BLOCK, "Encoder $E_\\phi$", fill=_SENDER)
    draw_block(ax, (power, y), _BLOCK, "Power\nconstraint", fill=_SENDER)
    draw_block(ax, (channel, y), _BLOCK, "Channel", fill=_CHANNEL)
    draw_text(ax, (0.04, y), "$x$", horizontal="left")
    draw_arrow(ax, [(0.13, y), (encoder - 0.5 * _BLOCK[0], y)])
    _draw_between(ax, y, encoder, power)
    _draw_between(ax, y, power, channel, "$y$")
    _draw_between(ax, y, channel, receiver, "$\\hat{y}$")
    draw_text(ax, (0.04, y + 0.4), title, horizontal="left")


def _draw_between(ax: Axes, y: float, left: float, right: float, name: str = "") -> None:
    start, end = left + 0.5 * _BLOCK[0], right - 0.5 * _BLOCK[0]
    draw_arrow(ax, [(start, y), (end, y)])
    if name:
        draw_text(ax, (0.5 * (start + end), y + 0.03), name, vertical="bottom")


def _draw_output(ax: Axes, y: float, text: str) -> None:
    start = _COLUMNS[4] + 0.5 * _BLOCK[0]
    draw_arrow(ax, [(start, y), (start + 0.24, y)])
    draw_text(ax, (start + 0.28, y), text, horizontal="left")
