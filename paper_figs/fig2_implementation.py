"""Fig. 2: the implementation at the paper's scale, from image to image."""

import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.plotting import DOUBLE_COLUMN_INCHES
from jscgc_theory.plotting.block_diagram import (
    Point,
    draw_arrow,
    draw_block,
    draw_sum,
    draw_text,
    new_diagram,
)

RECORD = "benchmarks/results/paper_budget.json"
ENCODER_DIMS = (128, 192, 256, 320)
ENCODER_DEPTHS = (2, 2, 6, 2)
SYMBOLS_PER_TOKEN = 2
ADAPTER_LAYERS = (0, 5, 10, 15, 20, 25)
N_REFINER_BLOCKS = 2
N_BACKBONE_LAYERS = 30
"""Sizes of the recipe ``paper``."""

_HEIGHT_INCHES = 3.42
_ENCODER, _ADAPTER, _BACKBONE, _PLAIN = "#E3EEF7", "#FBE9D9", "#E4F2EA", "#F1F1F1"
_TOP, _LANE, _MIDDLE, _BOTTOM, _LAST = 2.98, 2.42, 1.78, 0.98, 0.32
_INJECTIONS = (2.36, 3.52, 5.16)
"""Where the first, the second and the last block of the adapter stand."""
_HEIGHT = 0.38


def figures(folder: Path) -> dict[str, Figure]:
    """Draw the figure if the record of the budget is there.

    Args:
        folder: That of this script.

    Returns:
        The figure by name.
    """
    record = folder.parent / RECORD
    if not record.exists():
        return {}
    budget = json.loads(record.read_text(encoding="utf-8"))["results"]
    return {"fig2_implementation": draw(budget)}


def draw(budget: Mapping[str, Any]) -> Figure:
    """Draw the encoder, the channel, the adapter, the backbone and the sampler.

    Args:
        budget: Numbers of weights, symbols and steps.

    Returns:
        The figure, as wide as two columns.
    """
    figure, axes = new_diagram(DOUBLE_COLUMN_INCHES, _HEIGHT_INCHES)
    weights = {one["component"]: one["n_trainable"] for one in budget["parameters"]}
    frozen = {one["component"]: one["n_frozen"] for one in budget["parameters"]}
    _draw_encoder(axes, weights["encoder"])
    _draw_channel(axes, budget["n_symbols"], budget["bandwidth_ratio"])
    _draw_adapter(axes, weights["adapter"])
    _draw_backbone(axes, frozen["backbone"])
    _draw_injections(axes)
    _draw_sampler(axes, budget["n_velocity_calls"])
    return figure


def _draw_encoder(ax: Axes, n_weights: int) -> None:
    stages = [
        f"{depth} VSS,\nwidth {dim}"
        for dim, depth in zip(ENCODER_DIMS, ENCODER_DEPTHS, strict=True)
    ]
    blocks = [
        ("VAE\nencoder", 0.75, _PLAIN),
        ("Patches\n2 x 2", 1.54, _ENCODER),
        *((text, 2.36 + 0.84 * place, _ENCODER) for place, text in enumerate(stages)),
        (f"{SYMBOLS_PER_TOKEN} symbols\na token", 5.74, _ENCODER),
        ("Power\nconstraint", 6.58, _PLAIN),
    ]
    for text, x, fill in blocks:
        draw_block(ax, (x, _TOP), (0.62, _HEIGHT), text, fill=fill, is_frozen="VAE" in text)
    _draw_chain(ax, _TOP, [(x - 0.31, x + 0.31) for _, x, _ in blocks])
    draw_text(ax, (0.03, _TOP), "image", horizontal="left")
    draw_arrow(ax, [(0.34, _TOP), (0.44, _TOP)])
    title = f"MambaJSCC encoder, {_count(n_weights)} weights"
    draw_text(ax, (1.23, _TOP + 0.31), title, horizontal="left")


def _draw_channel(ax: Axes, n_symbols: int, ratio: float) -> None:
    x = 6.58
    draw_block(ax, (x, _LANE), (0.62, 0.3), "Channel", fill=_PLAIN)
    draw_arrow(ax, [(x, _TOP - 0.5 * _HEIGHT), (x, _LANE + 0.15)])
    draw_text(ax, (x - 0.06, 0.5 * (_TOP + _LANE)), "$y$", horizontal="right")
    draw_arrow(ax, [(x - 0.31, _LANE), (0.12, _LANE), (0.12, _MIDDLE), (0.26, _MIDDLE)])
    told = f"$\\hat{{y}}$ and channel state: {n_symbols} symbols, CBR = 1/{round(1.0 / ratio)}"
    draw_text(ax, (3.2, _LANE + 0.03), told, vertical="bottom")


def _draw_adapter(ax: Axes, n_weights: int) -> None:
    y = _MIDDLE
    draw_block(ax, (0.56, y), (0.6, _HEIGHT), "Symbol\ntokens", fill=_ADAPTER)
    refiners = f"{N_REFINER_BLOCKS} refiner\nblocks"
    draw_block(ax, (1.32, y), (0.6, _HEIGHT), refiners, fill=_ADAPTER)
    first, second, last = _INJECTIONS
    for number, x in ((1, first), (2, second), (len(ADAPTER_LAYERS), last)):
        draw_block(ax, (x, y), (0.6, _HEIGHT), f"Block {number}", fill=_ADAPTER)
    ends = [(0.0, 0.86), (1.02, 1.62), (1.77, 1.9), (first - 0.3, first + 0.3)]
    _draw_chain(ax, y, [*ends, (second - 0.3, second + 0.3)])
    draw_sum(ax, (1.835, y))
    _draw_dots(ax, y, second + 0.3, last - 0.3)
    title = (
        f"CA-Adapter, {_count(n_weights)} weights; blocks 1 to {len(ADAPTER_LAYERS)} are told $t$"
    )
    draw_text(ax, (0.26, y + 0.3), title, horizontal="left")


def _draw_backbone(ax: Axes, n_weights: int) -> None:
    y, layers = _BOTTOM, ADAPTER_LAYERS
    first, second, last = _INJECTIONS
    blocks = [
        ("Patches,\nrefiners", 1.02, 0.56),
        ("Layer 0", 1.82, 0.6),
        (f"Layers\n{layers[0] + 1}-{layers[1]}", 2.94, 0.62),
        (f"Layers\n{layers[-2] + 1}-{layers[-1]}", 4.58, 0.62),
        (f"Layers\n{layers[-1] + 1}-{N_BACKBONE_LAYERS - 1}", 5.74, 0.62),
        ("Head", 6.46, 0.42),
    ]
    for text, x, width in blocks:
        draw_block(ax, (x, y), (width, _HEIGHT), text, fill=_BACKBONE, is_frozen=True)
    ends = [(x - 0.5 * width, x + 0.5 * width) for _, x, width in blocks]
    sums = [(x - 0.065, x + 0.065) for x in (first, second, last)]
    _draw_chain(ax, y, [*ends[:2], sums[0], ends[2], sums[1]])
    _draw_dots(ax, y, sums[1][1], ends[3][0])
    _draw_chain(ax, y, [ends[3], sums[2], *ends[4:]])
    draw_arrow(ax, [(0.46, y), (0.74, y)])
    draw_text(ax, (0.3, y), "$x_t$")
    title = f"Z-Image (S3-DiT), {_count(n_weights)} weights, frozen"
    draw_text(ax, (3.58, y - 0.31), title)


def _draw_injections(ax: Axes) -> None:
    layers = (ADAPTER_LAYERS[0], ADAPTER_LAYERS[1], ADAPTER_LAYERS[-1])
    for x, layer in zip(_INJECTIONS, layers, strict=True):
        draw_arrow(ax, [(x, _MIDDLE - 0.5 * _HEIGHT), (x, _BOTTOM + 0.065)])
        draw_sum(ax, (x, _BOTTOM))
        draw_text(ax, (x + 0.05, 1.4), f"after layer {layer}", horizontal="left")
    draw_arrow(ax, [(0.6, _BOTTOM), (0.6, 1.4), (1.835, 1.4), (1.835, _MIDDLE - 0.065)])


def _draw_sampler(ax: Axes, n_calls: int) -> None:
    y = _LAST
    step = f"Euler (14),\n{n_calls} steps"
    draw_block(ax, (5.74, y), (0.8, 0.44), step, fill=_PLAIN)
    draw_arrow(ax, [(6.67, _BOTTOM), (6.9, _BOTTOM), (6.9, y), (6.14, y)])
    draw_text(ax, (6.95, 0.5 * (y + _BOTTOM)), "$\\nu_\\theta$", horizontal="left")
    draw_arrow(ax, [(5.34, y + 0.12), (0.3, y + 0.12), (0.3, _BOTTOM - 0.1)])
    draw_text(
        ax, (0.36, y + 0.08), "next step, from noise $x_T$", horizontal="left", vertical="top"
    )
    draw_block(ax, (3.58, y - 0.12), (1.0, 0.3), "VAE decoder", fill=_PLAIN, is_frozen=True)
    draw_arrow(ax, [(5.34, y - 0.12), (4.08, y - 0.12)])
    draw_text(ax, (4.72, y - 0.1), "$\\hat{x}$ at $t = 0$", vertical="bottom")
    draw_arrow(ax, [(3.08, y - 0.12), (2.86, y - 0.12)])
    draw_text(ax, (2.82, y - 0.12), "image", horizontal="right")


def _draw_chain(ax: Axes, y: float, ends: Sequence[Point]) -> None:
    for (_, start), (end, _) in itertools.pairwise(ends):
        draw_arrow(ax, [(start, y), (end, y)])


def _draw_dots(ax: Axes, y: float, start: float, end: float) -> None:
    middle = 0.5 * (start + end)
    draw_arrow(ax, [(start, y), (middle - 0.1, y)], has_head=False)
    draw_text(ax, (middle, y), "$\\cdots$")
    draw_arrow(ax, [(middle + 0.1, y), (end, y)])


def _count(number: int) -> str:
    billions = number / 1e9
    return f"{billions:.2f} billion" if billions >= 1.0 else f"{number / 1e6:.1f} million"
