"""What a page says about a case where everything is known exactly."""

from collections.abc import Sequence

from jscgc_theory.analysis.exact_case import ExactCase, ExactRow
from jscgc_theory.records.formatting import format_number
from jscgc_theory.report.bound_words import (
    BOUNDS,
    TERMS,
    in_data_units,
    place_cells,
    place_columns,
)
from jscgc_theory.report.content import Content, Table, content_of, told

_META_CONVERSE = (
    "R4 meta-converse",
    "least radius of any decoder, from the whole law of the information density",
)


@content_of.register(ExactCase)
def exact_case_content(result: ExactCase) -> Content:
    """Return what a page says about an ``ExactCase``.

    Args:
        result: The exact case.

    Returns:
        The content.
    """
    return Content(
        question=f"How tight are the bounds where all is known? ({result.case}, {result.dim} "
        f"dimension{'' if result.dim == 1 else 's'})",
        answer=_tightness(result.rows),
        remarks=(f"The geometric constant is C = {format_number(result.geometric_constant)}.",),
        tables=(_exact_table(result.rows),),
        terms=(
            ("posterior sampler", "draws from the exact posterior, as the paper's system aims to"),
            ("best decoder", "the decoder with the least radius"),
            _META_CONVERSE,
            *TERMS,
        ),
    )


def _tightness(rows: Sequence[ExactRow]) -> str:
    if not rows:
        return "No SNR was asked for."
    row = min(rows, key=lambda one: (one.outage_probability, -one.snr_db))
    return (
        f"At {format_number(row.snr_db)} dB and P_e = {format_number(row.outage_probability)} the "
        f"best decoder's radius is {format_number(row.radius_best)}; the bounds say at least "
        f"{format_number(row.meta_converse)} (R4), {format_number(row.perception)} (R3) and "
        f"{format_number(row.finite_outage_fano)} (R1) data units."
    )


_EXACT_COLUMNS = {
    "radius_posterior": "posterior sampler",
    "radius_best": "best decoder",
    "meta_converse": "R4 meta-converse",
    **BOUNDS,
}


def _exact_table(rows: Sequence[ExactRow]) -> Table:
    places = place_columns(rows)
    return Table(
        caption="Exact radii and bounds; simulated numbers carry an interval",
        columns=(
            *places,
            *in_data_units(_EXACT_COLUMNS),
        ),
        rows=tuple(
            (
                *place_cells(row, places),
                *(_exact_number(row, name) for name in _EXACT_COLUMNS),
            )
            for row in rows
        ),
    )


def _exact_number(row: ExactRow, name: str) -> str:
    simulated = row.monte_carlo.get(name)
    return told(simulated) if simulated else format_number(getattr(row, name))
