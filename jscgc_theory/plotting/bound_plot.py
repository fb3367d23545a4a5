"""Pictures of radius bounds: of a data set, of a checked system, of an exact case."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from jscgc_theory.analysis.bound_check import BoundCheck
from jscgc_theory.analysis.dataset_bound import BoundRow, DatasetBound
from jscgc_theory.analysis.exact_case import ExactCase
from jscgc_theory.plotting.canvas import (
    legend_above,
    new_figure,
)
from jscgc_theory.plotting.covering_plot import draw_count, draw_power_law, prepare_count_axes
from jscgc_theory.plotting.dispatch import Picture, pictures, plot
from jscgc_theory.plotting.radius_rows import RadiusRows
from jscgc_theory.plotting.series import INFORMATION, SNR, read_estimate, read_exact
from jscgc_theory.plotting.style import BLACK, LOOKS, Look
from jscgc_theory.records.formatting import format_number

_BOUNDS = ("perception", "small_ball", "finite_outage_fano", "delta_star")
_EXACT = (
    "radius_posterior",
    "radius_best",
    "meta_converse",
    "perception",
    "finite_outage_fano",
    "delta_star",
)
_LAW = Look("$C r^{-d}$", BLACK, "-", "")


@plot.register(DatasetBound)
def plot_dataset_bound(record: DatasetBound, ax: Axes | None = None) -> Axes:
    """Draw the bounds against information and the coincidence curve behind them.

    Args:
        record: The bounds.
        ax: Axes for the bounds at every outage probability; by default a new figure with a panel
            for each and, last, the coincidence curve.

    Returns:
        The axes given, or the first panel.
    """
    rows = _dataset_rows(record)
    return rows.plot(ax, lambda axes: _draw_coincidence(axes, record))


@pictures.register(DatasetBound)
def dataset_bound_pictures(record: DatasetBound) -> tuple[Picture, ...]:
    """Return the bounds, one figure an outage probability, and the coincidence curve.

    Args:
        record: The bounds.

    Returns:
        The figures.
    """
    caption = (
        "Least radius any system can have. Bands are confidence intervals of the bounds"
        f"; beyond {format_number(record.resolvable_mi_bits)} bits the sample has no pairs left "
        "to read and the bounds are extrapolated."
    )
    coincidence = Picture(
        name="coincidence",
        caption="How often two independent points agree: K = 1/q against radius, with the power "
        "law that carries it below the closest pair. Dotted: one pair among all pairs.",
        description=f"Log-log curve of 1/q, {len(record.coincidence_curve.radius)} radii, up to "
        f"2 to the power {format_number(record.resolvable_mi_bits)}.",
        figure=new_figure(lambda axes: _draw_coincidence(axes, record)),
    )
    return (*_dataset_rows(record).pictures("bounds", caption), coincidence)


def _dataset_rows(record: DatasetBound) -> RadiusRows:
    return RadiusRows(
        rows=record.rows,
        quantities=_bounds(record.rows),
        reader_of=read_estimate,
        preferred=(INFORMATION, SNR),
        resolvable_mi_bits=record.resolvable_mi_bits,
    )


def _bounds(rows: Sequence[BoundRow]) -> tuple[str, ...]:
    """Return the bounds to draw: R4 if its beta was given for any row."""
    has_any = any(row.meta_converse is not None for row in rows)
    return ("meta_converse", *_BOUNDS) if has_any else _BOUNDS


def _draw_coincidence(ax: Axes, record: DatasetBound) -> None:
    curve = record.coincidence_curve
    prepare_count_axes(ax, [curve])
    ax.set_ylabel("$K = 1/q$")
    draw_count(ax, curve, LOOKS["volume"], "$1/q$, read from pairs")
    dim, constant = record.intrinsic_dim.value, record.geometric_constant.value
    draw_power_law(ax, curve, dim, constant, _LAW, _LAW.label)
    if curve.radius and 0.0 < record.resolvable_mi_bits < 1000.0:
        pairs = 2.0**record.resolvable_mi_bits
        ax.axhline(pairs, color=BLACK, linestyle=":", linewidth=0.8, label="one pair among all")
        low, high = ax.get_ylim()
        ax.set_ylim(low, max(high, 2.0 * pairs))
    legend_above(ax)


@plot.register(BoundCheck)
def plot_bound_check(record: BoundCheck, ax: Axes | None = None) -> Axes:
    """Draw the measured radius with its interval and every bound.

    Args:
        record: The check.
        ax: Axes for every outage probability; by default a new figure with a panel for each.

    Returns:
        The axes given, or the first panel.
    """
    return check_rows(record).plot(ax)


@pictures.register(BoundCheck)
def bound_check_pictures(record: BoundCheck) -> tuple[Picture, ...]:
    """Return measured radii and bounds, one figure an outage probability.

    Args:
        record: The check.

    Returns:
        The figures.
    """
    caption = (
        "Measured radius (black, with interval) and the bounds it must not fall below; "
        "(18) is a statement for vanishing outage and may lie above it."
    )
    return check_rows(record).pictures("radius", caption)


def check_rows(record: BoundCheck) -> RadiusRows:
    """Return what is drawn of a check.

    Args:
        record: The check.

    Returns:
        Measured radii and bounds over the SNR.
    """
    return RadiusRows(
        rows=record.rows,
        quantities=("measured_radius", *_bounds(record.rows)),
        reader_of=read_estimate,
        preferred=(SNR, INFORMATION),
    )


@plot.register(ExactCase)
def plot_exact_case(record: ExactCase, ax: Axes | None = None) -> Axes:
    """Draw the radii of posterior sampler and best decoder and the bounds, against SNR.

    Args:
        record: The exact case.
        ax: Axes for every outage probability; by default a new figure with a panel for each.

    Returns:
        The axes given, or the first panel.
    """
    return _exact_rows(record).plot(ax)


@pictures.register(ExactCase)
def exact_case_pictures(record: ExactCase) -> tuple[Picture, ...]:
    """Return exact radii and bounds, one figure an outage probability.

    Args:
        record: The exact case.

    Returns:
        The figures.
    """
    caption = (
        f"Exact case {record.case}, d = {record.dim}: no decoder lies below R4, R3 or R1; "
        "(18) is a statement for vanishing outage and may. Bands: intervals of a simulation."
    )
    return _exact_rows(record).pictures("exact", caption)


def _exact_rows(record: ExactCase) -> RadiusRows:
    return RadiusRows(
        rows=record.rows,
        quantities=_EXACT,
        reader_of=read_exact,
        preferred=(SNR, INFORMATION),
    )
