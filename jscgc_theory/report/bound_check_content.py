"""What a page says about measured radii held against the bounds."""

from collections import Counter
from collections.abc import Sequence

from jscgc_theory.analysis.bound_check import BoundCheck, CheckRow
from jscgc_theory.records.formatting import format_number
from jscgc_theory.report.bound_words import (
    bound_cell,
    bounds_of,
    in_data_units,
    place_cells,
    place_columns,
    terms_of,
)
from jscgc_theory.report.content import Content, Table, content_of, told, told_in_words


@content_of.register(BoundCheck)
def bound_check_content(result: BoundCheck) -> Content:
    """Return what a page says about a ``BoundCheck``.

    Args:
        result: The check.

    Returns:
        The content.
    """
    return Content(
        question="Do the measured radii respect the bounds?",
        answer=_tally(result.rows),
        remarks=(
            f"Radii were measured on {result.n_pairs} pairs from {result.n_groups} independent "
            "source points.",
            f"d = {told_in_words(result.intrinsic_dim)}, "
            f"C = {told_in_words(result.geometric_constant)}.",
        ),
        tables=(_measured_table(result.rows), _verdict_table(result.rows)),
        terms=(
            ("measured radius", "the (1 - P_e) quantile of the distance between the pairs"),
            ("margin", "measured radius over bound, minus one; negative below the bound"),
            ("undecided", "the intervals overlap, or the bound is no statement about this P_e"),
            *terms_of(result.rows),
        ),
    )


def _tally(rows: Sequence[CheckRow]) -> str:
    counted: Counter[tuple[bool, str]] = Counter(
        (name == "delta_star", verdict.verdict)
        for row in rows
        for name, verdict in row.verdicts.items()
    )
    told = [_tally_sentence(counted, of_delta_star) for of_delta_star in (False, True)]
    return " ".join(sentence for sentence in told if sentence) or "No bound was compared."


def _tally_sentence(counted: Counter[tuple[bool, str]], of_delta_star: bool) -> str:
    holds, undecided, violated = (
        counted[of_delta_star, word] for word in ("holds", "undecided", "violated")
    )
    compared = holds + undecided + violated
    if compared == 0:
        return ""
    bounds = "the paper's delta*, stated for P_e to 0" if of_delta_star else "bounds at finite P_e"
    return (
        f"Of {compared} comparisons with {bounds}: {holds} hold, {undecided} undecided, "
        f"{violated} violated."
    )


def _measured_table(rows: Sequence[CheckRow]) -> Table:
    places = place_columns(rows)
    remarked = any(row.vacuous is not None for row in rows)
    bounds = bounds_of(rows)
    measured, remark = "measured radius (data units)", (("remark",) if remarked else ())
    return Table(
        caption="Measured radius and bounds, with intervals",
        columns=(*places, measured, *in_data_units(bounds), *remark),
        rows=tuple(
            (
                *place_cells(row, places),
                told(row.measured_radius),
                *(bound_cell(row, name) for name in bounds),
                *((row.vacuous or "",) if remarked else ()),
            )
            for row in rows
        ),
    )


def _verdict_table(rows: Sequence[CheckRow]) -> Table:
    places, names = place_columns(rows), bounds_of(rows)
    return Table(
        caption="Verdicts",
        columns=(*places, "bound", "verdict", "margin", "reason"),
        rows=tuple(
            (
                *place_cells(row, places),
                names.get(name, name),
                verdict.verdict,
                format_number(verdict.margin, 3),
                verdict.reason,
            )
            for row in rows
            for name, verdict in row.verdicts.items()
        ),
    )
