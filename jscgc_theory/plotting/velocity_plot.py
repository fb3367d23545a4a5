"""Picture of a ``VelocityInformation``: where along the noise the information lies."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.mutual_information.velocity.velocity_information import VelocityInformation
from jscgc_theory.plotting.canvas import drawable, legend_above, new_figure
from jscgc_theory.plotting.dispatch import Picture, pictures, plot
from jscgc_theory.plotting.style import BAND_ALPHA, BLUE, VERMILION
from jscgc_theory.records.formatting import format_estimate


@plot.register(VelocityInformation)
def plot_velocity_information(record: VelocityInformation, ax: Axes | None = None) -> Axes:
    """Draw both integrands with bands of two standard errors; the areas are the two forms of I.

    Args:
        record: The information of a velocity field.
        ax: Axes to draw into; by default those of a new figure.

    Returns:
        The axes.
    """
    if ax is None:
        return _new(record).axes[0]
    _draw(ax, record)
    return ax


@pictures.register(VelocityInformation)
def velocity_pictures(record: VelocityInformation) -> tuple[Picture, ...]:
    """Return the picture of the integrands.

    Args:
        record: The information of a velocity field.

    Returns:
        One figure.
    """
    told = format_estimate(record.mi_bits.value, record.mi_bits.interval)
    return (
        Picture(
            name="information_over_noise",
            caption="Information per unit of log-odds of time, clean on the left, noise on the "
            "right. The two areas agree where the conditional field is exact.",
            description=f"Integrands of the velocity gap and the loss gap; I = {told} bits, "
            f"disagreement {record.disagreement_bits.value:.3g} bits.",
            figure=_new(record),
        ),
    )


def _new(record: VelocityInformation) -> Figure:
    return new_figure(lambda axes: _draw(axes, record))


def _draw(ax: Axes, record: VelocityInformation) -> None:
    curve = record.curve
    _line(ax, curve.log_odds, curve.squared_form_bits, curve.squared_form_error_bits, BLUE, "-")
    _line(ax, curve.log_odds, curve.loss_gap_bits, curve.loss_gap_error_bits, VERMILION, "--")
    ax.set_xlabel(r"log-odds of time, $\lambda$ (nats)")
    ax.set_ylabel("bits per nat of $\\lambda$")
    legend_above(ax)


def _line(
    ax: Axes,
    places: Sequence[float],
    values: Sequence[float],
    errors: Sequence[float],
    colour: str,
    style: str,
) -> None:
    name = "velocity gap" if style == "-" else "loss gap"
    middle, spread = np.array(drawable(values)), 2.0 * np.array(drawable(errors))
    ax.fill_between(
        drawable(places), middle - spread, middle + spread, color=colour, alpha=BAND_ALPHA, lw=0
    )
    ax.plot(drawable(places), middle, color=colour, linestyle=style, label=name)
