"""What a page says about radius bounds: of a data set, of a checked system, of an exact case."""

from collections import Counter
from collections.abc import Sequence

from jscgc_theory.analysis.bound_check import BoundCheck, CheckRow
from jscgc_theory.analysis.dataset_bound import BoundRow, DatasetBound
from jscgc_theory.analysis.exact_case import ExactCase, ExactRow
from jscgc_theory.records.formatting import format_number
from jscgc_theory.report.cloud_content import curve_rows
from jscgc_theory.report.content import Content, Table, content_of, told, told_in_words

_BOUNDS = {
    "perception": "R3 perception",
    "small_ball": "R2 small ball",
    "finite_outage_fano": "R1 finite-outage Fano",
    "delta_star": "delta* (18)",
}
_TERMS = (
    (
        "outage probability P_e",
        "the fraction of transmissions that may miss by more than the radius",
    ),
    (
        "R3 perception",
        "least radius of any system whose outputs follow the output law that was measured (the "
        "data's own law unless generated points were given)",
    ),
    ("R2 small ball", "least radius of any system at all, whatever its outputs look like"),
    ("R1 finite-outage Fano", "Fano's inequality at this P_e with the power law K = C r^-d"),
    (
        "delta* (18)",
        "the paper's bound, a statement for P_e to 0: at a finite P_e a system may lie below it",
    ),
    ("information I", "mutual information between the data and what the receiver gets, in bits"),
)
_META_CONVERSE = (
    "R4 meta-converse",
    "least radius of any decoder, from the whole law of the information density",
)


def _bound_columns(rows: Sequence[BoundRow | ExactRow]) -> tuple[str, ...]:
    snr = ("SNR (dB)",) if any(row.snr_db is not None for row in rows) else ()
    return ("I (bits)", *snr, "P_e")


def _bound_place(row: BoundRow | ExactRow, columns: tuple[str, ...]) -> tuple[str, ...]:
    snr = "none" if row.snr_db is None else format_number(row.snr_db)
    middle = (snr,) if "SNR (dB)" in columns else ()
    return (format_number(row.mi_bits), *middle, format_number(row.outage_probability))


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
        terms=_TERMS,
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
    if row.vacuous is not None:
        return f"{at} the bounds say nothing: {row.vacuous.rstrip('.')}."
    return (
        f"{at} the radius is at least {told_in_words(row.perception)} data units (R3, outputs "
        "that follow the data's law)."
    )


def _extrapolation(result: DatasetBound) -> str:
    octaves = max((row.extrapolated_octaves for row in result.rows), default=0.0)
    if octaves <= 0.0:
        return "Every radius below is read from pairs of points, none is extrapolated."
    return (
        "Beyond that the radii are extrapolated by the power law, here by up to "
        f"{format_number(octaves, 2)} halvings of the radius."
    )


def _bounds_table(rows: Sequence[BoundRow]) -> Table:
    places = _bound_columns(rows)
    units = tuple(f"{label} (data units)" for label in _BOUNDS.values())
    return Table(
        caption="Radius bounds with intervals",
        columns=(*places, *units, "extrapolated (octaves)", "remark"),
        rows=tuple(
            (
                *_bound_place(row, places),
                *(told(getattr(row, name)) for name in _BOUNDS),
                format_number(row.extrapolated_octaves, 2),
                row.vacuous or "",
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
        terms=(("measured radius", "the (1 - P_e) quantile of the distance"), *_TERMS),
    )


def _tally(rows: Sequence[CheckRow]) -> str:
    counted: Counter[tuple[bool, str]] = Counter(
        (name == "delta_star", verdict.verdict)
        for row in rows
        for name, verdict in row.verdicts.items()
    )
    finite = ", ".join(_times(counted, False, word) for word in _VERDICTS)
    sentence = f"Bounds at finite P_e: {finite}."
    if any(of_delta_star for of_delta_star, _ in counted):
        paper = ", ".join(_times(counted, True, word) for word in _VERDICTS)
        sentence += f" The paper's delta* (18), stated for P_e to 0: {paper}."
    return sentence


_VERDICTS = ("holds", "undecided", "violated")


def _times(counted: Counter[tuple[bool, str]], of_delta_star: bool, word: str) -> str:
    return f"{counted[of_delta_star, word]} {word}"


def _measured_table(rows: Sequence[CheckRow]) -> Table:
    places = _bound_columns(rows)
    units = tuple(f"{label} (data units)" for label in _BOUNDS.values())
    return Table(
        caption="Measured radius and bounds, with intervals",
        columns=(*places, "measured radius (data units)", *units, "remark"),
        rows=tuple(
            (
                *_bound_place(row, places),
                told(row.measured_radius),
                *(told(getattr(row, name)) for name in _BOUNDS),
                row.vacuous or "",
            )
            for row in rows
        ),
    )


def _verdict_table(rows: Sequence[CheckRow]) -> Table:
    places = _bound_columns(rows)
    return Table(
        caption="Verdicts",
        columns=(*places, "bound", "verdict", "margin (radius over bound, minus one)", "reason"),
        rows=tuple(
            (
                *_bound_place(row, places),
                _BOUNDS.get(name, name),
                verdict.verdict,
                format_number(verdict.margin, 3),
                verdict.reason,
            )
            for row in rows
            for name, verdict in row.verdicts.items()
        ),
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
            *_TERMS,
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
    **_BOUNDS,
}


def _exact_table(rows: Sequence[ExactRow]) -> Table:
    return Table(
        caption="Exact radii and bounds; simulated numbers carry an interval",
        columns=(
            *_bound_columns(rows),
            *(f"{label} (data units)" for label in _EXACT_COLUMNS.values()),
        ),
        rows=tuple(
            (
                *_bound_place(row, _bound_columns(rows)),
                *(_exact_number(row, name) for name in _EXACT_COLUMNS),
            )
            for row in rows
        ),
    )


def _exact_number(row: ExactRow, name: str) -> str:
    simulated = row.monte_carlo.get(name)
    return told(simulated) if simulated else format_number(getattr(row, name))
