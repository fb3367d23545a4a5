"""Draws radius curves, or lists them with their intervals where there is only one place."""

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from jscgc_theory.plotting.canvas import (
    categories,
    drawable,
    legend_above,
    say_nothing_to_draw,
    spans_decades,
    use_log_scale,
)
from jscgc_theory.plotting.series import INFORMATION, OUTAGE, Abscissa, Series
from jscgc_theory.plotting.style import BAND_ALPHA, GREY, LOOKS, OUTAGE_LINESTYLES, LineStyle
from jscgc_theory.records.formatting import format_number

RADIUS_LABEL = "radius (data units)"
_MARKERS_PER_CURVE = 12
_WIDE_INFORMATION_RATIO = 30.0
_MEASURED = "measured_radius"


def draw_radii(ax: Axes, series: Sequence[Series], abscissa: Abscissa | None) -> None:
    """Draw curves against an abscissa, or a list of intervals if there is none.

    Args:
        ax: The axes.
        series: The curves.
        abscissa: What they are drawn against.
    """
    shown = [one for one in series if one.x]
    if not shown:
        say_nothing_to_draw(ax)
    elif abscissa is None:
        _draw_list(ax, shown)
    else:
        _draw_curves(ax, shown, abscissa)


def add_legend(
    ax: Axes, series: Sequence[Series], *, note: str | None = None, extra: Sequence[Artist] = ()
) -> None:
    """Explain curves above the axes: quantities by colour, outage probabilities by line style.

    Args:
        ax: The axes.
        series: The curves drawn.
        note: Heading where no outage probability serves as one.
        extra: Further labelled handles.
    """
    outages = _outages(series)
    if len(outages) == 1:
        legend_above(ax, title=f"$P_e = {format_number(outages[0])}$", extra=extra)
        return
    styles = [
        Line2D([], [], color=GREY, linestyle=style, label=f"$P_e = {format_number(outage)}$")
        for outage, style in _linestyles(outages).items()
    ]
    legend_above(ax, title=note, extra=[*styles, *extra])


def curve_name(quantity: str, outage_probability: float | None) -> str:
    """Return the name a curve's line carries (its ``gid``).

    Args:
        quantity: What is drawn.
        outage_probability: P_e, None where the curve has none.

    Returns:
        Such as ``perception-0.1``.
    """
    return quantity if outage_probability is None else f"{quantity}-{outage_probability:g}"


def _draw_curves(ax: Axes, series: Sequence[Series], abscissa: Abscissa) -> None:
    heights = [value for one in series for value in (*one.value, *one.low, *one.high)]
    log_radius = spans_decades(heights)
    if log_radius:
        use_log_scale(ax, "y", heights)
    _scale_abscissa(ax, series, abscissa)
    outages = _outages(series)
    by_outage = _linestyles(outages) if len(outages) > 1 else {}
    labelled: set[str] = set()
    for one in series:
        label = None if one.quantity in labelled else LOOKS[one.quantity].label
        labelled.add(one.quantity)
        _draw_curve(ax, one, label, by_outage, log_radius)
    ax.set_xlabel(abscissa.label)
    ax.set_ylabel(RADIUS_LABEL)


def _draw_curve(
    ax: Axes,
    one: Series,
    label: str | None,
    by_outage: dict[float, LineStyle],
    log_radius: bool,
) -> None:
    look = LOOKS[one.quantity]
    value = drawable(one.value, positive=log_radius)
    linestyle = look.linestyle
    if one.outage_probability in by_outage:
        linestyle = by_outage[one.outage_probability]
    low, high = drawable(one.low, positive=log_radius), drawable(one.high, positive=log_radius)
    if one.quantity == _MEASURED:
        ax.vlines(one.x, low, high, color=look.color, linewidth=0.9)
    else:
        ax.fill_between(one.x, low, high, color=look.color, alpha=BAND_ALPHA, linewidth=0)
    ax.plot(
        one.x,
        value,
        color=look.color,
        linestyle=linestyle,
        marker=look.marker,
        markevery=max(1, len(one.x) // _MARKERS_PER_CURVE),
        label=label or "_again",
        gid=curve_name(one.quantity, one.outage_probability),
        zorder=2.5 if one.quantity == _MEASURED else 2.0,
    )


def _scale_abscissa(ax: Axes, series: Sequence[Series], abscissa: Abscissa) -> None:
    places = [x for one in series for x in one.x]
    wide = spans_decades(places, ratio=_WIDE_INFORMATION_RATIO) and min(places) > 0.0
    if abscissa is OUTAGE or (abscissa is INFORMATION and wide):
        use_log_scale(ax, "x", places)


def _draw_list(ax: Axes, series: Sequence[Series]) -> None:
    # Bounds at the same outage probability are read against each other, so they stand together.
    together = sorted(series, key=lambda one: -(one.outage_probability or 0.0))
    entries = [(one, place) for one in together for place in range(len(one.x))]
    ends = [end for one in series for end in (*one.value, *one.low, *one.high)]
    log_radius = spans_decades(ends)
    if log_radius:
        use_log_scale(ax, "x", ends)
    names = []
    for height, (one, place) in enumerate(entries):
        look = LOOKS[one.quantity]
        low, value, high = drawable(
            (one.low[place], one.value[place], one.high[place]), positive=log_radius
        )
        ax.hlines(height, low, high, color=look.color, linewidth=1.4)
        ax.plot(
            [value],
            [height],
            color=look.color,
            marker=look.marker,
            linestyle="none",
            gid=curve_name(one.quantity, one.outage_probability),
        )
        names.append(_entry_name(one))
    categories(ax.yaxis, names)
    ax.set_ylim(len(entries) - 0.5, -0.5)
    ax.grid(visible=False, axis="y")
    ax.set_xlabel(RADIUS_LABEL)


def _entry_name(one: Series) -> str:
    label = LOOKS[one.quantity].label
    if one.outage_probability is None:
        return label
    return f"{label}, $P_e = {format_number(one.outage_probability)}$"


def _outages(series: Sequence[Series]) -> list[float]:
    found = {one.outage_probability for one in series if one.outage_probability is not None}
    return sorted(found, reverse=True)


def _linestyles(outages: Sequence[float]) -> dict[float, LineStyle]:
    return {
        outage: OUTAGE_LINESTYLES[place % len(OUTAGE_LINESTYLES)]
        for place, outage in enumerate(outages)
    }


def describe_radii(series: Sequence[Series], abscissa: Abscissa | None) -> str:
    """Say in words what the curves show, for readers who cannot see them.

    Args:
        series: The curves.
        abscissa: What they are drawn against.

    Returns:
        One sentence a curve.
    """
    plain = {"snr_db": "dB", "mi_bits": "bits", "outage_probability": "outage probability"}
    told = []
    for one in series:
        at = "" if one.outage_probability is None else f" at P_e {one.outage_probability:g}"
        name = one.quantity.replace("_", " ")
        if abscissa is None or len(one.x) < 2:
            told += [f"{name}{at}: {format_number(value)}." for value in one.value]
        else:
            unit = plain[abscissa.name]
            first, last = format_number(one.value[0]), format_number(one.value[-1])
            start, end = format_number(one.x[0]), format_number(one.x[-1])
            told.append(f"{name}{at}: {first} at {start} {unit} to {last} at {end} {unit}.")
    return " ".join(told) or "Nothing to draw."
