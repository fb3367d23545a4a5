"""Block diagrams: boxes with text, arrows along corners, places in inches."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from jscgc_theory.plotting.style import BLACK, paper_style

Point = tuple[float, float]

LINE_POINTS = 0.8
_ROUNDING_INCHES = 0.03
_ARROW_HEAD_POINTS = 7.0
_SUM_RADIUS_INCHES = 0.065


def new_diagram(width: float, height: float) -> tuple[Figure, Axes]:
    """Make a figure whose only axes are invisible and count in inches from the lower left corner.

    Args:
        width: Width in inches.
        height: Height in inches.

    Returns:
        The figure and its axes.
    """
    with paper_style():
        figure = Figure(figsize=(width, height))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0.0, width)
    axes.set_ylim(0.0, height)
    return figure, axes


def draw_block(
    ax: Axes,
    centre: Point,
    size: Point,
    text: str,
    *,
    fill: str = "white",
    is_frozen: bool = False,
) -> None:
    """Draw a box with text in its middle; the text is the name (``gid``) of both.

    Args:
        ax: Axes of :func:`new_diagram`.
        centre: Middle of the box.
        size: Its width and height.
        text: What stands in it.
        fill: Its colour.
        is_frozen: Whether its border is dashed.
    """
    (x, y), (width, height) = centre, size
    style = f"round,pad=0,rounding_size={_ROUNDING_INCHES}"
    corner = (x - 0.5 * width, y - 0.5 * height)
    box = FancyBboxPatch(corner, width, height, boxstyle=style, facecolor=fill, zorder=2.0)
    box.set(edgecolor=BLACK, linewidth=LINE_POINTS, linestyle="--" if is_frozen else "-", gid=text)
    ax.add_patch(box)
    draw_text(ax, centre, text)


def draw_text(
    ax: Axes, place: Point, text: str, *, horizontal: str = "center", vertical: str = "center"
) -> None:
    """Write text, on white of its own, in the style's type.

    Args:
        ax: Axes of :func:`new_diagram`.
        place: Where.
        text: What; it is the name (``gid``) too.
        horizontal: Side of the text that lies at the place.
        vertical: The same in height.
    """
    with paper_style():
        ax.text(*place, text, ha=horizontal, va=vertical, linespacing=1.1, gid=text, zorder=4.0)


def draw_arrow(ax: Axes, points: Sequence[Point], *, has_head: bool = True) -> None:
    """Draw straight pieces from point to point, the last with a head.

    Args:
        ax: Axes of :func:`new_diagram`.
        points: At least two.
        has_head: Whether there is a head at all.
    """
    arrow = FancyArrowPatch(
        path=Path(list(points)),
        arrowstyle="-|>" if has_head else "-",
        mutation_scale=_ARROW_HEAD_POINTS,
        linewidth=LINE_POINTS,
        color=BLACK,
        fill=has_head,
        joinstyle="miter",
        zorder=1.5,
    )
    ax.add_patch(arrow)


def draw_sum(ax: Axes, centre: Point) -> None:
    """Draw the sign of addition, a plus in a circle.

    Args:
        ax: Axes of :func:`new_diagram`.
        centre: Its middle.
    """
    x, y = centre
    radius = _SUM_RADIUS_INCHES
    circle = Circle(centre, radius, facecolor="white", edgecolor=BLACK, linewidth=LINE_POINTS)
    circle.set(zorder=2.5, gid="sum")
    ax.add_patch(circle)
    for bar in ([(x - radius, x + radius), (y, y)], [(x, x), (y - radius, y + radius)]):
        ax.plot(*bar, color=BLACK, linewidth=LINE_POINTS, zorder=3.0)
