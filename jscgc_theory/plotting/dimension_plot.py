"""Pictures of a ``DimensionReport``: d against scale, and d by estimator."""

import math

from matplotlib.axes import Axes

from jscgc_theory.analysis.dimension_report import DimensionReport, ScalePoint
from jscgc_theory.plotting.canvas import (
    categories,
    drawable,
    legend_above,
    new_figure,
    spans_decades,
    use_log_scale,
)
from jscgc_theory.plotting.dispatch import Picture, pictures, plot
from jscgc_theory.plotting.panels import panel_figure
from jscgc_theory.plotting.style import (
    BAND_ALPHA,
    BLACK,
    BLUE,
    ORANGE,
    VERMILION,
)
from jscgc_theory.records import Estimate
from jscgc_theory.records.formatting import format_estimate

DIMENSION_LABEL = "intrinsic dimension $d$"
_INCHES_PER_NAME = 0.19


@plot.register(DimensionReport)
def plot_dimension(record: DimensionReport, ax: Axes | None = None) -> Axes:
    """Draw (a) d against scale and (b) d by estimator.

    Args:
        record: The report.
        ax: Axes for (a) alone; by default a new figure of double width with both.

    Returns:
        The axes of (a); (b) is ``axes.figure.axes[1]``.
    """
    if ax is not None:
        _draw_scan(ax, record)
        return ax
    draws = [lambda axes: _draw_scan(axes, record), lambda axes: _draw_list(axes, record)]
    return panel_figure(draws if record.estimates else draws[:1]).axes[0]


@pictures.register(DimensionReport)
def dimension_pictures(record: DimensionReport) -> tuple[Picture, ...]:
    """Return the scale scan and the estimators, a column each.

    Args:
        record: The report.

    Returns:
        Two figures, or one if no further estimators were run.
    """
    recommended = _told(record.intrinsic_dim)
    scan = Picture(
        name="dimension_by_scale",
        caption="Dimension read at each scale. A stable stretch is where the data have one "
        "dimension; noise raises the left end, curvature and boundaries bend the right.",
        description=f"Intrinsic dimension against scale; recommended {recommended}. "
        + " ".join(f"{p.intrinsic_dim:.3g} at radius {p.radius:.3g}." for p in _ends(record)),
        figure=new_figure(lambda axes: _draw_scan(axes, record)),
    )
    if not record.estimates:
        return (scan,)
    height = 0.7 + _INCHES_PER_NAME * len(record.estimates)
    listed = Picture(
        name="dimension_by_estimator",
        caption="Dimension by estimator, with intervals; the band is the recommended answer.",
        description="Intrinsic dimension by estimator: "
        + "; ".join(f"{name} {_told(one)}" for name, one in record.estimates.items())
        + ".",
        figure=new_figure(lambda axes: _draw_list(axes, record), height=height),
    )
    return (scan, listed)


def _ends(record: DimensionReport) -> tuple[ScalePoint, ...]:
    scan = record.scale_scan
    return (scan[0], scan[-1]) if len(scan) > 1 else scan


def _told(estimate: Estimate) -> str:
    return format_estimate(estimate.value, estimate.interval)


def _draw_scan(ax: Axes, record: DimensionReport) -> None:
    scan = sorted(record.scale_scan, key=lambda point: point.radius)
    _draw_recommended(ax, record.intrinsic_dim, vertical=False)
    if scan:
        radii = [point.radius for point in scan]
        log_scale = spans_decades(radii)
        if log_scale:
            use_log_scale(ax, "x", radii)
        places = drawable(radii, positive=log_scale)
        intervals = [point.interval or (math.nan, math.nan) for point in scan]
        low, high = (drawable(end) for end in zip(*intervals, strict=True))
        values = drawable(point.intrinsic_dim for point in scan)
        ax.fill_between(places, low, high, color=BLUE, alpha=BAND_ALPHA, linewidth=0)
        ax.plot(places, values, color=BLUE, marker="o", markersize=3, label="$d$ at this scale")
        plateau = [v if p.on_plateau else math.nan for v, p in zip(values, scan, strict=True)]
        if any(point.on_plateau for point in scan):
            ax.plot(
                places, plateau, color=ORANGE, linewidth=4, alpha=0.7, zorder=1.5, label="plateau"
            )
    ax.set_xlabel("scale: distance to the neighbour (data units)")
    ax.set_ylabel(DIMENSION_LABEL)
    legend_above(ax)


def _draw_recommended(ax: Axes, estimate: Estimate, *, vertical: bool) -> None:
    line, span = (ax.axvline, ax.axvspan) if vertical else (ax.axhline, ax.axhspan)
    if math.isfinite(estimate.value):
        line(estimate.value, color=BLACK, linestyle="--", linewidth=0.9, label="recommended")
    if estimate.interval is not None and all(math.isfinite(end) for end in estimate.interval):
        span(*estimate.interval, color=BLACK, alpha=0.10, linewidth=0)


def _draw_list(ax: Axes, record: DimensionReport) -> None:
    _draw_recommended(ax, record.intrinsic_dim, vertical=True)
    for place, estimate in enumerate(record.estimates.values()):
        low, value, high = _drawable_estimate(estimate)
        ax.hlines(place, low, high, color=VERMILION, linewidth=1.2)
        ax.plot([value], [place], color=VERMILION, marker="D", markersize=3.5)
    categories(ax.yaxis, list(record.estimates))
    ax.set_ylim(len(record.estimates) - 0.5, -0.5)
    ax.grid(visible=False, axis="y")
    ax.set_xlabel(DIMENSION_LABEL)


def _drawable_estimate(estimate: Estimate) -> list[float]:
    low, high = estimate.interval or (math.nan, math.nan)
    return drawable((low, estimate.value, high))
