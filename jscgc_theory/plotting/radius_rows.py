"""The rows of a radius record as one picture, or as one picture an outage probability."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from jscgc_theory.plotting.canvas import AXES_HEIGHT_INCHES, new_figure
from jscgc_theory.plotting.dispatch import Picture
from jscgc_theory.plotting.panels import panel_figure
from jscgc_theory.plotting.radius_axes import add_legend, describe_radii, draw_radii
from jscgc_theory.plotting.series import (
    INFORMATION,
    OUTAGE,
    Abscissa,
    RadiusRow,
    Reader,
    Series,
    choose_abscissa,
    outage_probabilities,
    series_of,
)
from jscgc_theory.plotting.style import GREY
from jscgc_theory.records.formatting import format_number

_MOST_PICTURES = 4
_LIST_HEIGHT_PER_ENTRY = 0.19


@dataclass(frozen=True, kw_only=True)
class RadiusRows:
    """What to draw from the rows of a record, and against what."""

    rows: Sequence[RadiusRow]
    quantities: tuple[str, ...]
    reader_of: Callable[[str], Reader]
    preferred: tuple[Abscissa, ...]
    resolvable_mi_bits: float | None = None

    @property
    def abscissa(self) -> Abscissa | None:
        """What the radii are drawn against, None if they are listed."""
        return choose_abscissa(self.rows, self.preferred)

    @property
    def series(self) -> tuple[Series, ...]:
        """Every curve that has at least one finite point."""
        abscissa = self.abscissa
        found = [
            one
            for quantity in self.quantities
            for one in series_of(self.rows, quantity, self.reader_of(quantity), abscissa)
        ]
        return tuple(one for one in found if any(math.isfinite(value) for value in one.value))

    def draw(self, ax: Axes) -> None:
        """Draw all rows into one pair of axes.

        Args:
            ax: The axes.
        """
        abscissa, series = self.abscissa, self.series
        draw_radii(ax, series, abscissa)
        if abscissa is None:
            # Right-aligned it has the whole width, tick labels included, to extend into.
            ax.set_title(self._note(), loc="right")
            return
        shade = self._shade_extrapolated(ax) if abscissa is INFORMATION else []
        add_legend(ax, series, note=self._note() if abscissa is OUTAGE else None, extra=shade)

    def plot(self, ax: Axes | None, *further: Callable[[Axes], None]) -> Axes:
        """Draw into the axes given, or a panel for each outage probability of a new figure.

        Args:
            ax: Axes of the caller, or None.
            *further: What to draw into further panels of a new figure.

        Returns:
            The axes given, or the first panel.
        """
        if ax is not None:
            self.draw(ax)
            return ax
        return panel_figure([*(part.draw for part in self._parts()), *further]).axes[0]

    def pictures(self, name: str, caption: str) -> tuple[Picture, ...]:
        """Return one picture an outage probability, or a single one where P_e is the axis.

        Args:
            name: Stem of the file names.
            caption: What every one of them shows.

        Returns:
            The pictures, at most four; the rows not drawn stand in the tables.
        """
        parts = self._parts()
        if len(parts) == 1:
            return (parts[0]._picture(name, caption),)
        n_outages = len(outage_probabilities(self.rows))
        if len(parts) < n_outages:
            caption += f" {len(parts)} of {n_outages} outage probabilities are drawn."
        return tuple(
            part._picture(_named(name, part.rows[0].outage_probability), caption) for part in parts
        )

    def _parts(self) -> list["RadiusRows"]:
        outages = outage_probabilities(self.rows)
        if self.abscissa is None or self.abscissa is OUTAGE or len(outages) < 2:
            return [self]
        return [self._at(outage) for outage in _spread(outages, _MOST_PICTURES)]

    def _at(self, outage: float) -> "RadiusRows":
        return replace(self, rows=[row for row in self.rows if row.outage_probability == outage])

    def _picture(self, name: str, caption: str) -> Picture:
        height = AXES_HEIGHT_INCHES
        if self.abscissa is None:
            height = 0.75 + _LIST_HEIGHT_PER_ENTRY * len(self.series)
        outages = outage_probabilities(self.rows)
        at = f"Outage probability {format_number(outages[0])}. " if len(outages) == 1 else ""
        return Picture(
            name=name,
            caption=at + caption,
            description=f"{at}{describe_radii(self.series, self.abscissa)}",
            figure=new_figure(self.draw, height=height),
        )

    def _note(self) -> str:
        told = sorted({row.mi_bits for row in self.rows})
        if len(told) != 1:
            return ""
        note = f"$I = {format_number(told[0])}$ bits"
        limit = self.resolvable_mi_bits
        if limit is not None and told[0] > limit:
            note += f", extrapolated (sample resolves {format_number(limit)})"
        return note

    def _shade_extrapolated(self, ax: Axes) -> list[Patch]:
        limit = self.resolvable_mi_bits
        largest = max((row.mi_bits for row in self.rows), default=0.0)
        if limit is None or not 0.0 < limit < largest:
            return []
        left, right = ax.get_xlim()
        # The limit is brought into view unless that would squeeze the data into a corner.
        if limit > left - 0.5 * (right - left):
            left = min(left, limit)
            ax.axvline(limit, color=GREY, linestyle=(0, (2, 1)), linewidth=0.9)
        ax.axvspan(max(limit, left), right, color=GREY, alpha=0.13, linewidth=0, zorder=0)
        ax.set_xlim(left, right)
        label = f"extrapolated: $I >$ {format_number(limit)} bits"
        return [Patch(facecolor=GREY, alpha=0.25, label=label)]


def _spread(values: Sequence[float], most: int) -> list[float]:
    if len(values) <= most:
        return list(values)
    last = len(values) - 1
    return [values[round(place * last / (most - 1))] for place in range(most)]


def _named(stem: str, outage: float) -> str:
    return f"{stem}_outage_{outage:g}".replace(".", "p")
