"""Curves of radius against SNR, information or outage probability, taken from rows of a record."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jscgc_theory.analysis.dataset_bound import BoundRow
from jscgc_theory.analysis.exact_case import ExactRow
from jscgc_theory.records import Estimate

RadiusRow = BoundRow | ExactRow
"""A row of any radius record: information, maybe SNR, outage probability, radii."""


@dataclass(frozen=True)
class Abscissa:
    """What a radius is drawn against."""

    name: str
    label: str

    def read(self, row: RadiusRow) -> float:
        """Return a row's place along the axis, NaN where it has none.

        Args:
            row: The row.

        Returns:
            The number.
        """
        value = getattr(row, self.name)
        return math.nan if value is None else float(value)


SNR = Abscissa("snr_db", "SNR (dB)")
INFORMATION = Abscissa("mi_bits", "information $I$ (bits)")
OUTAGE = Abscissa("outage_probability", "outage probability $P_e$")


@dataclass(frozen=True)
class Series:
    """One curve: a quantity at one outage probability, with intervals where there are any."""

    quantity: str
    outage_probability: float | None
    x: tuple[float, ...]
    value: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


Reader = Callable[[RadiusRow], tuple[float, tuple[float, float] | None]]
"""Gives the value and the interval of one quantity in a row."""


def read_estimate(quantity: str) -> Reader:
    """Return a reader of a field that holds an estimate.

    Args:
        quantity: Name of the field.

    Returns:
        The reader.
    """

    def read(row: RadiusRow) -> tuple[float, tuple[float, float] | None]:
        estimate: Estimate | None = getattr(row, quantity)
        if estimate is None:
            return math.nan, None
        return estimate.value, estimate.interval

    return read


def read_exact(quantity: str) -> Reader:
    """Return a reader of a plain number, with the interval of its simulation if it has one.

    Args:
        quantity: Name of the field.

    Returns:
        The reader.
    """

    def read(row: RadiusRow) -> tuple[float, tuple[float, float] | None]:
        simulated: dict[str, Estimate] = getattr(row, "monte_carlo", {})
        estimate = simulated.get(quantity)
        return float(getattr(row, quantity)), estimate.interval if estimate else None

    return read


def outage_probabilities(rows: Sequence[RadiusRow]) -> tuple[float, ...]:
    """Return the outage probabilities met in rows, largest first.

    Args:
        rows: The rows.

    Returns:
        Distinct values.
    """
    return tuple(sorted({row.outage_probability for row in rows}, reverse=True))


def choose_abscissa(rows: Sequence[RadiusRow], preferred: Sequence[Abscissa]) -> Abscissa | None:
    """Return the first axis along which the rows differ.

    Two outage probabilities make no curve; rows that differ in nothing else are listed instead.

    Args:
        rows: The rows.
        preferred: SNR and information, in the order of preference.

    Returns:
        The axis, or None if a list says more than a curve.
    """
    for abscissa in preferred:
        places = [abscissa.read(row) for row in rows]
        if all(math.isfinite(place) for place in places) and len(set(places)) > 1:
            return abscissa
    return OUTAGE if len(outage_probabilities(rows)) > 2 else None


def series_of(
    rows: Sequence[RadiusRow], quantity: str, reader: Reader, abscissa: Abscissa | None
) -> tuple[Series, ...]:
    """Return the curves of one quantity, one an outage probability.

    Args:
        rows: The rows.
        quantity: Name of the quantity, a key of ``LOOKS``.
        reader: Gives its value and interval in a row.
        abscissa: What to draw against; None gives every point the place 0.

    Returns:
        The curves, points in ascending order.
    """
    if abscissa is OUTAGE:
        return (_one_series(rows, quantity, None, reader, abscissa),)
    # (18) does not know P_e: drawn once, not once for each outage probability.
    if quantity == "delta_star":
        return (_one_series(_first_at_each(rows, abscissa), quantity, None, reader, abscissa),)
    return tuple(
        _one_series(
            [row for row in rows if row.outage_probability == outage],
            quantity,
            outage,
            reader,
            abscissa,
        )
        for outage in outage_probabilities(rows)
    )


def _first_at_each(rows: Sequence[RadiusRow], abscissa: Abscissa | None) -> list[RadiusRow]:
    first: dict[float, RadiusRow] = {}
    for row in rows:
        first.setdefault(abscissa.read(row) if abscissa else row.mi_bits, row)
    return list(first.values())


def _one_series(
    rows: Sequence[RadiusRow],
    quantity: str,
    outage: float | None,
    reader: Reader,
    abscissa: Abscissa | None,
) -> Series:
    points = sorted(
        ((abscissa.read(row) if abscissa else 0.0, *reader(row)) for row in rows),
        key=lambda point: point[0],
    )
    intervals = [interval or (math.nan, math.nan) for _, _, interval in points]
    return Series(
        quantity=quantity,
        outage_probability=outage,
        x=tuple(x for x, _, _ in points),
        value=tuple(value for _, value, _ in points),
        low=tuple(low for low, _ in intervals),
        high=tuple(high for _, high in intervals),
    )
