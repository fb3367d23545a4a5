"""Pictures of a trained system over the SNR: radii, information, realism and meaning."""

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from jscgc_model.report.drawn_image_pictures import draw_distances, drawn_image_pictures
from jscgc_model.verification.snr_sweep import SystemSweep
from jscgc_model.verification.system_information import SystemInformation
from jscgc_theory.plotting.bound_plot import bound_check_pictures, check_rows
from jscgc_theory.plotting.canvas import drawable, legend_above, new_figure
from jscgc_theory.plotting.dispatch import Picture, pictures, plot
from jscgc_theory.plotting.style import BLACK, BLUE, GREY, ORANGE
from jscgc_theory.records import Estimate
from jscgc_theory.records.formatting import format_estimate, format_number

_HEADROOM = 1.1
"""Top of the picture of the information over the largest capacity."""


@plot.register(SystemSweep)
def plot_sweep(record: SystemSweep, ax: Axes | None = None) -> Axes:
    """Draw the measured radius with its interval and every bound.

    Args:
        record: The sweep.
        ax: Axes for the radii at every outage probability; by default a new figure with a panel
            for each, one for the information and one for drawn images, if there are any.

    Returns:
        The axes given, or the first panel.
    """
    further = [lambda axes: draw_information(axes, record.information)]
    if record.drawn_images is not None:
        drawn = record.drawn_images
        further.append(lambda axes: draw_distances(axes, drawn))
    return check_rows(record).plot(ax, *further)


@pictures.register(SystemSweep)
def sweep_pictures(record: SystemSweep) -> tuple[Picture, ...]:
    """Return the figures of a check, the information and, for drawn images, what they show.

    Args:
        record: The sweep.

    Returns:
        The figures.
    """
    told = "; ".join(
        f"{format_number(one.snr_db)} dB: I {_told(one.mi_bits)}, velocity gap "
        f"{_told(one.velocity.mi_bits)}, capacity {format_number(one.capacity_bits)}"
        for one in record.information
    )
    information = Picture(
        name="information",
        caption="Information that the system transmits, and what says so: its own velocity field "
        "(with interval), the known channel without any network, and the capacity that no system "
        "exceeds. Black: what the bounds are computed from.",
        description=f"Bits against SNR. {told}.",
        figure=new_figure(lambda axes: draw_information(axes, record.information)),
    )
    drawn = () if record.drawn_images is None else drawn_image_pictures(record.drawn_images)
    return (*bound_check_pictures(record), information, *drawn)


def draw_information(ax: Axes, rows: Sequence[SystemInformation]) -> None:
    """Draw the information over the SNR by every way it was found.

    Args:
        ax: The axes.
        rows: One an SNR.
    """
    ordered = sorted(rows, key=lambda one: one.snr_db)
    snr_db = [one.snr_db for one in ordered]
    capacity = [one.capacity_bits for one in ordered]
    ax.plot(snr_db, capacity, color=GREY, linestyle="--", label="capacity R6")
    for side, marker, label in (
        ("estimate", "s", "known channel"),
        ("upper_bound", "v", "known channel, at most"),
    ):
        known = [_of_side(one.channel, side) for one in ordered]
        if any(math.isfinite(value) for value in known):
            ax.plot(snr_db, known, color=ORANGE, marker=marker, linestyle="none", label=label)
    _draw_velocity_gap(ax, ordered, _HEADROOM * max(capacity))
    _draw_answer(ax, ordered)
    ax.set_xlabel("SNR (dB)")
    ax.set_ylabel("information (bits)")
    ax.set_ylim(0.0, 1.04 * _HEADROOM * max(capacity))
    legend_above(ax)


def _of_side(channel: Estimate | None, side: str) -> float:
    if channel is None or channel.details["side"] != side:
        return math.nan
    return channel.value


def _draw_velocity_gap(ax: Axes, rows: Sequence[SystemInformation], top: float) -> None:
    """Draw the gaps, those of a field not yet learned as arrow heads at the top."""
    inside = [one for one in rows if one.velocity.mi_bits.value <= top]
    _bars(ax, inside, [one.velocity.mi_bits for one in inside], BLUE, 3.0)
    values = [one.velocity.mi_bits.value for one in inside]
    style: dict[str, Any] = {"color": BLUE, "linestyle": "none"}
    if inside:
        places = [one.snr_db for one in inside]
        ax.plot(places, values, marker="D", label="velocity gap", gid="velocity_gap", **style)
    beyond = [one.snr_db for one in rows if not one.velocity.mi_bits.value <= top]
    if beyond:
        label = "velocity gap, off the scale"
        ax.plot(beyond, [top] * len(beyond), marker="^", label=label, gid="off_scale", **style)


def _draw_answer(ax: Axes, rows: Sequence[SystemInformation]) -> None:
    _bars(ax, rows, [one.mi_bits for one in rows], BLACK, 0.9)
    places, values = [one.snr_db for one in rows], [one.mi_bits.value for one in rows]
    style: dict[str, Any] = {"color": BLACK, "linestyle": ":", "marker": "o", "markersize": 3.0}
    ax.plot(places, values, label="$I$", gid="mi_bits", **style)


def _bars(
    ax: Axes,
    rows: Sequence[SystemInformation],
    estimates: Sequence[Estimate],
    colour: str,
    width: float,
) -> None:
    ends = [one.interval or (math.nan, math.nan) for one in estimates]
    places = [one.snr_db for one in rows]
    low, high = (drawable(end[side] for end in ends) for side in (0, 1))
    ax.vlines(places, low, high, color=colour, linewidth=width, alpha=0.6)


def _told(estimate: Estimate) -> str:
    return format_estimate(estimate.value, estimate.interval)
