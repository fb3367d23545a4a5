"""What a page says about the radius bounds of a data set."""

from collections.abc import Sequence

from jscgc_theory.analysis.dataset_bound import BoundRow, DatasetBound
from jscgc_theory.records.formatting import format_number
from jscgc_theory.report.bound_words import (
    bound_cell,
    bounds_of,
    in_data_units,
    place_cells,
    place_columns,
    terms_of,
)
from jscgc_theory.report.cloud_content import curve_rows
from jscgc_theory.report.content import Content, Table, content_of, told_in_words


@content_of.register(DatasetBound)
def dataset_bound_content(result: DatasetBound) -> Content:
    """Return what a page says about a ``DatasetBound``.

    Args:
        result: The bounds.

    Returns:
        The content.
    """
    constant = result.geometric_constant
    return Content(
        question="How close to the original can any receiver come, given what it is told?",
        answer=_least_radii(result.rows),
        remarks=(
            f"The data vary in d = {told_in_words(result.intrinsic_dim)} dimensions; the constant "
            f"is C = {told_in_words(constant)} in the "
            f"{constant.details.get('reading', 'volume')} reading of K.",
            f"The data are {result.n_points} points with {result.ambient_dim} coordinates each; "
            f"{result.n_duplicates} repeated rows were settled first. Points lie up to "
            f"{format_number(result.diameter)} data units apart.",
            f"The sample resolves {format_number(result.resolvable_mi_bits)} bits. "
            + _extrapolation(result),
        ),
        tables=(_bounds_table(result.rows), _coincidence_table(result)),
        terms=terms_of(result.rows),
    )


def _least_radii(rows: Sequence[BoundRow]) -> str:
    if not rows:
        return "No information and no outage probability were asked for."
    strictest = min(row.outage_probability for row in rows)
    chosen = sorted(
        (row for row in rows if row.outage_probability == strictest), key=lambda row: row.mi_bits
    )
    ends = chosen if len(chosen) == 1 else [chosen[0], chosen[-1]]
    return " ".join(_least_radius(row) for row in ends)


def _least_radius(row: BoundRow) -> str:
    at = f"At {format_number(row.mi_bits)} bits and P_e = {format_number(row.outage_probability)}"
    if row.extrapolated_octaves > 0.0:
        return (
            f"{at} the radius is at least {told_in_words(row.perception)} data units (R3), "
            f"extrapolated by {format_number(row.extrapolated_octaves, 2)} halvings below the "
            "closest pair of points, so that no pair confirms it."
        )
    if row.vacuous is not None:
        return f"{at} the bounds say nothing: {row.vacuous.rstrip('.')}."
    return (
        f"{at} the radius is at least {told_in_words(row.perception)} data units (R3, outputs "
        "that follow the data's law)."
    )


def _extrapolation(result: DatasetBound) -> str:
    octaves = max((row.extrapolated_octaves for row in result.rows), default=0.0)
    if octaves <= 0.0:
        return "Every R3 radius below is read from pairs of points, none is extrapolated."
    return (
        "Beyond that R3 is extrapolated by the power law, here by up to "
        f"{format_number(octaves, 2)} halvings of the radius."
    )


def _bounds_table(rows: Sequence[BoundRow]) -> Table:
    places, bounds = place_columns(rows), bounds_of(rows)
    remarked = any(row.vacuous is not None for row in rows)
    octaves, remark = "extrapolated (octaves)", (("remark",) if remarked else ())
    return Table(
        caption="Radius bounds with intervals",
        columns=(*places, *in_data_units(bounds), octaves, *remark),
        rows=tuple(
            (
                *place_cells(row, places),
                *(bound_cell(row, name) for name in bounds),
                format_number(row.extrapolated_octaves, 2),
                *((row.vacuous or "",) if remarked else ()),
            )
            for row in rows
        ),
    )


def _coincidence_table(result: DatasetBound) -> Table:
    return Table(
        caption="The coincidence curve point by point",
        columns=("curve", "radius (data units)", "count K", "standard error of K"),
        rows=curve_rows("1/q", result.coincidence_curve),
        folded=True,
    )
