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

_EXACT_COLUMNS = {
    "radius_posterior": "posterior sampler",
    "radius_best": "best decoder",
    "meta_converse": "R4 meta-converse",
    **BOUNDS,
}
_SIMULATED = {
    "mi_bits": "I (bits)",
    **{name: f"{label} (data units)" for name, label in _EXACT_COLUMNS.items()},
}
_EXACT_TERMS = {
    "posterior sampler": "draws from the exact posterior, as the paper's system aims to",
    "best decoder": "the decoder with the least radius among those that answer with source points",
    **dict(TERMS),
    "R4 meta-converse": "least radius, from the whole law of the information density",
    "R1 finite-outage Fano": "Fano's inequality at this P_e with K = 1/q(r) known exactly",
}


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
        tables=(_exact_table(result.rows), *_simulation_tables(result.rows)),
        terms=tuple(_EXACT_TERMS.items()),
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


def _exact_table(rows: Sequence[ExactRow]) -> Table:
    places = place_columns(rows)
    return Table(
        caption="Exact radii and bounds",
        columns=(*places, *in_data_units(_EXACT_COLUMNS)),
        rows=tuple(
            (
                *place_cells(row, places),
                *(format_number(getattr(row, name)) for name in _EXACT_COLUMNS),
            )
            for row in rows
        ),
    )


def _simulation_tables(rows: Sequence[ExactRow]) -> tuple[Table, ...]:
    places = place_columns(rows)
    lines = tuple(
        (*place_cells(row, places), _SIMULATED.get(name, name), told(one), _exact_text(row, name))
        for row in rows
        for name, one in row.monte_carlo.items()
    )
    if not lines:
        return ()
    columns = (*places, "quantity", "simulated", "exact")
    caption = "Simulation beside the exact values"
    return (Table(caption=caption, columns=columns, rows=lines, folded=True),)


def _exact_text(row: ExactRow, name: str) -> str:
    value = getattr(row, name, None)
    return format_number(value) if isinstance(value, float) else "none"
