"""Words, units and columns that the pages about radius bounds share."""

from collections.abc import Mapping, Sequence

from jscgc_theory.analysis.dataset_bound import BoundRow
from jscgc_theory.analysis.exact_case import ExactRow
from jscgc_theory.records import Estimate
from jscgc_theory.records.formatting import format_estimate, format_number
from jscgc_theory.report.content import told

BOUNDS = {
    "perception": "R3 perception",
    "small_ball": "R2 small ball",
    "finite_outage_fano": "R1 finite-outage Fano",
    "delta_star": "delta* (18)",
}
META_CONVERSE = {"meta_converse": "R4 meta-converse"}
TERMS = (
    (
        "outage probability P_e",
        "the fraction of transmissions that may miss by more than the radius",
    ),
    (
        "R3 perception",
        "least radius of any system whose outputs follow the output law that was measured (the "
        "data's own law unless generated points were given)",
    ),
    (
        "R4 meta-converse",
        "least radius of such a system from the whole law of the information density; where that "
        "law is estimated, an estimate and no bound",
    ),
    ("R2 small ball", "least radius of any system at all, whatever its outputs look like"),
    ("R1 finite-outage Fano", "Fano's inequality at this P_e with the power law K = C r^-d"),
    (
        "delta* (18)",
        "the paper's bound, a statement for P_e to 0: at a finite P_e a system may lie below it",
    ),
    ("information I", "mutual information between the data and what the receiver gets, in bits"),
)


def bounds_of(rows: Sequence[BoundRow]) -> dict[str, str]:
    """Return the bounds of rows with their names, R4 if any row has it.

    Args:
        rows: The rows.

    Returns:
        Names of columns by field.
    """
    known = any(row.meta_converse is not None for row in rows)
    return {**(META_CONVERSE if known else {}), **BOUNDS}


def terms_of(rows: Sequence[BoundRow]) -> tuple[tuple[str, str], ...]:
    """Return the words to explain beside rows.

    Args:
        rows: The rows.

    Returns:
        Terms and their meaning, R4 only where any row has it.
    """
    absent = () if "meta_converse" in bounds_of(rows) else META_CONVERSE.values()
    return tuple((term, meaning) for term, meaning in TERMS if term not in absent)


def place_columns(rows: Sequence[BoundRow | ExactRow]) -> tuple[str, ...]:
    """Return the heads of the columns that say which row it is.

    Args:
        rows: All rows.

    Returns:
        Information, SNR where any row has one, outage probability.
    """
    snr = ("SNR (dB)",) if any(row.snr_db is not None for row in rows) else ()
    return ("I (bits)", *snr, "P_e")


def place_cells(row: BoundRow | ExactRow, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells under :func:`place_columns`.

    Args:
        row: The row.
        columns: The heads.

    Returns:
        As many cells.
    """
    snr = "none" if row.snr_db is None else format_number(row.snr_db)
    middle = (snr,) if "SNR (dB)" in columns else ()
    interval = row.mi_interval_bits if isinstance(row, BoundRow) else None
    information = format_estimate(row.mi_bits, interval)
    return (information, *middle, format_number(row.outage_probability))


def bound_cell(row: BoundRow, name: str) -> str:
    """Return a bound with its interval.

    Args:
        row: The row.
        name: Field of the bound.

    Returns:
        Plain text, empty where the row lacks it.
    """
    bound: Estimate | None = getattr(row, name)
    return "" if bound is None else told(bound)


def in_data_units(labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return heads of columns of radii, unit included.

    Args:
        labels: What stands in each column.

    Returns:
        The heads.
    """
    return tuple(f"{label} (data units)" for label in labels.values())
