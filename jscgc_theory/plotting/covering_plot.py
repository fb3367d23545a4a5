"""Pictures of counts against radius: the three readings of K, and the coincidence curve."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from jscgc_theory.analysis.covering_report import CoveringReport, Curve
from jscgc_theory.plotting.canvas import (
    drawable,
    legend_above,
    new_figure,
    on_axes,
    say_nothing_to_draw,
    use_log_scale,
)
from jscgc_theory.plotting.dispatch import Picture, pictures, plot
from jscgc_theory.plotting.style import BAND_ALPHA, LOOKS, Look
from jscgc_theory.records.formatting import format_estimate, format_number

RADIUS_LABEL = "radius (data units)"
COUNT_LABEL = "count $K$"
_READING_OF_CURVE = {"coincidence": "volume", "covering": "covering", "packing": "packing"}
_MARKERS_PER_CURVE = 12
_MOST_DECADES = 200.0


@plot.register(CoveringReport)
def plot_covering(record: CoveringReport, ax: Axes | None = None) -> Axes:
    """Draw covering, packing and coincidence counts with the power law of each reading.

    Args:
        record: The report.
        ax: Axes to draw into; by default those of a new figure.

    Returns:
        The axes.
    """
    return on_axes(lambda axes: _draw_report(axes, record), ax)


@pictures.register(CoveringReport)
def covering_pictures(record: CoveringReport) -> tuple[Picture, ...]:
    """Return the one figure of a covering report.

    Args:
        record: The report.

    Returns:
        The figure.
    """
    told = [
        f"{name}: K from {format_number(curve.count[0])} at radius "
        f"{format_number(curve.radius[0])} to {format_number(curve.count[-1])} at radius "
        f"{format_number(curve.radius[-1])}."
        for name, curve in record.curves.items()
        if curve.radius
    ]
    dimension = format_estimate(record.intrinsic_dim.value, record.intrinsic_dim.interval)
    picture = Picture(
        name="counts_by_radius",
        caption="Number of balls K against radius in its three readings, and the power law "
        "C r^-d of each (thin lines). Counts level off at small radii because points run out.",
        description=f"Log-log curves with slope minus {dimension}. " + " ".join(told),
        figure=new_figure(lambda axes: _draw_report(axes, record)),
    )
    return (picture,)


def _draw_report(ax: Axes, record: CoveringReport) -> None:
    curves = {_READING_OF_CURVE.get(name, name): curve for name, curve in record.curves.items()}
    prepare_count_axes(ax, list(curves.values()))
    for reading, curve in curves.items():
        look = LOOKS.get(reading, LOOKS["volume"])
        draw_count(ax, curve, look, look.label if reading in LOOKS else reading)
        constant = record.readings.get(reading)
        if constant is not None:
            draw_power_law(ax, curve, record.intrinsic_dim.value, constant.value, look, None)
    legend_above(ax)


def prepare_count_axes(ax: Axes, curves: Sequence[Curve]) -> None:
    """Set logarithmic scales, limits and labels for counts against radius.

    Args:
        ax: The axes.
        curves: What will be drawn.
    """
    radii = [radius for curve in curves for radius in curve.radius]
    counts = [count for curve in curves for count in curve.count]
    use_log_scale(ax, "x", radii)
    use_log_scale(ax, "y", counts)
    seen = [count for count in drawable(counts, positive=True) if count > 0.0]
    if seen:
        ax.set_ylim(min(seen) / 1.5, max(seen) * 1.5)
    else:
        say_nothing_to_draw(ax)
    ax.set_xlabel(RADIUS_LABEL)
    ax.set_ylabel(COUNT_LABEL)


def draw_count(ax: Axes, curve: Curve, look: Look, label: str) -> None:
    """Draw one count against radius, one standard error to either side.

    Args:
        ax: Axes with logarithmic scales.
        curve: The count.
        look: How it looks.
        label: Its name in the legend.
    """
    radius = drawable(curve.radius, positive=True)
    count = drawable(curve.count, positive=True)
    if curve.standard_error is not None:
        pairs = list(zip(count, drawable(curve.standard_error), strict=True))
        # A band reaching zero has no place on a logarithmic axis; it runs off the lower edge.
        floor = min((value for value in count if value > 0.0), default=1.0) * 1e-3
        low = [max(value - error, floor) for value, error in pairs]
        high = [value + error for value, error in pairs]
        ax.fill_between(radius, low, high, color=look.color, alpha=BAND_ALPHA, linewidth=0)
    ax.plot(
        radius,
        count,
        color=look.color,
        linestyle=look.linestyle,
        marker=look.marker,
        markersize=3,
        markevery=max(1, len(radius) // _MARKERS_PER_CURVE),
        label=label,
    )


def draw_power_law(
    ax: Axes,
    curve: Curve,
    intrinsic_dim: float,
    geometric_constant: float,
    look: Look,
    label: str | None,
) -> None:
    """Draw K = C r^-d (Lemma 1) over the radii of a curve where K is at least 1.

    Args:
        ax: Axes with logarithmic scales.
        curve: The count it was fitted to.
        intrinsic_dim: d.
        geometric_constant: C.
        look: Whose colour to take.
        label: Its name in the legend, None for none.
    """
    radii = [radius for radius in drawable(curve.radius, positive=True) if radius > 0.0]
    if not radii or not _usable(intrinsic_dim) or not _usable(geometric_constant):
        return
    log_constant = math.log10(geometric_constant)
    ends = [math.log10(min(radii)), min(math.log10(max(radii)), log_constant / intrinsic_dim)]
    log_counts = [log_constant - intrinsic_dim * end for end in ends]
    if ends[0] >= ends[1] or max(map(abs, (*ends, *log_counts))) > _MOST_DECADES:
        return
    ax.plot(
        [10.0**end for end in ends],
        [10.0**log_count for log_count in log_counts],
        color=look.color,
        linewidth=0.7,
        label=label or "_power law",
    )


def _usable(value: float) -> bool:
    return math.isfinite(value) and value > 0.0
