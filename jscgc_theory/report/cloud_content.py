"""What a page says about the dimension and the covering of a data set."""

from jscgc_theory.analysis.covering_report import CoveringReport, Curve
from jscgc_theory.analysis.dimension_report import DimensionReport
from jscgc_theory.covering_numbers import CoveringCertificate
from jscgc_theory.records import Estimate
from jscgc_theory.records.formatting import format_estimate, format_number
from jscgc_theory.report.content import Content, Table, content_of, told, told_in_words


@content_of.register(DimensionReport)
def dimension_content(result: DimensionReport) -> Content:
    """Return what a page says about a ``DimensionReport``.

    Args:
        result: The report.

    Returns:
        The content.
    """
    plateau = [point.radius for point in result.scale_scan if point.on_plateau]
    if plateau:
        scale = (
            f"The reading is stable for scales from {format_number(min(plateau))} "
            f"to {format_number(max(plateau))} data units."
        )
    else:
        scale = "No range of scales with a stable reading was found: d depends on the scale."
    return Content(
        question="How many dimensions do the data really have?",
        answer=f"Locally the data vary in {told_in_words(result.intrinsic_dim)} dimensions.",
        remarks=(_cloud(result.n_points, result.ambient_dim, result.n_duplicates), scale),
        tables=(_estimators(result), _scan(result)),
        terms=(
            (
                "intrinsic dimension d",
                "the number of directions in which the data vary at small scale: the number of "
                "points within radius r grows as r to the power d",
            ),
            ("scale", "the median distance to the k-th nearest neighbour"),
        ),
    )


def _cloud(n_points: int, ambient_dim: int, n_duplicates: int) -> str:
    points = f"{n_points} points with {ambient_dim} coordinates each"
    if n_duplicates == 0:
        return f"The data are {points}; no row repeats another."
    return f"The data are {points}; {n_duplicates} repeated rows were settled first."


def _estimators(result: DimensionReport) -> Table:
    named = {"recommended": result.intrinsic_dim, **result.estimates}
    return Table(
        caption="Intrinsic dimension by estimator",
        columns=("estimator", "d", "method", "points used"),
        rows=tuple(
            (name, told(one), one.method, str(one.n_points_used)) for name, one in named.items()
        ),
    )


def _scan(result: DimensionReport) -> Table:
    return Table(
        caption="Dimension by scale",
        columns=("neighbour k", "scale (data units)", "d", "on the plateau"),
        rows=tuple(
            (
                str(point.n_neighbours),
                format_number(point.radius),
                format_estimate(point.intrinsic_dim, point.interval),
                "yes" if point.on_plateau else "no",
            )
            for point in result.scale_scan
        ),
        folded=True,
    )


@content_of.register(CoveringReport)
def covering_content(result: CoveringReport) -> Content:
    """Return what a page says about a ``CoveringReport``.

    Args:
        result: The report.

    Returns:
        The content.
    """
    reading = result.geometric_constant.details.get("reading", "volume")
    return Content(
        question="How many balls of a given radius does it take to cover the data?",
        answer=(
            f"About K = C r^-d balls of radius r, with d = {told_in_words(result.intrinsic_dim)} "
            f"and C = {told_in_words(result.geometric_constant)}, in the {reading} reading of K."
        ),
        remarks=(
            _cloud(result.n_points, result.ambient_dim, result.n_duplicates),
            f"The sample resolves {format_number(result.resolvable_mi_bits)} bits: every count "
            "beyond 2 to that power is extrapolated.",
            "The three readings of K differ by constants up to 2^d and are kept apart.",
        ),
        tables=(
            _readings(result.readings),
            _certificates(result.certificates),
            _points(result.curves),
        ),
        terms=(
            ("volume reading", "K = 1/q, q the probability that two points lie within r"),
            ("covering reading", "K is the least number of balls of radius r that cover the data"),
            ("packing reading", "K is the largest number of points more than r apart"),
        ),
    )


def _readings(readings: dict[str, Estimate]) -> Table:
    return Table(
        caption="Geometric constant C by reading of K",
        columns=("reading", "C (data units^d)", "method", "points used"),
        rows=tuple(
            (name, told(one), one.method, str(one.n_points_used)) for name, one in readings.items()
        ),
    )


def _certificates(certificates: tuple[CoveringCertificate, ...]) -> Table:
    return Table(
        caption="Covering from both sides: balls placed on half of the points",
        columns=(
            "radius (data units)",
            "balls at least",
            "balls placed",
            "they miss a new point with probability",
            "balls for all, by Chao",
        ),
        rows=tuple(
            (
                format_number(one.radius),
                str(one.covering_at_least),
                str(one.covering_at_most),
                told(one.missed_share),
                format_number(one.chao_count),
            )
            for one in certificates
        ),
    )


def _points(curves: dict[str, Curve]) -> Table:
    return Table(
        caption="The curves point by point",
        columns=("curve", "radius (data units)", "count K", "standard error of K"),
        rows=tuple(row for name, curve in curves.items() for row in curve_rows(name, curve)),
        folded=True,
    )


def curve_rows(name: str, curve: Curve) -> tuple[tuple[str, ...], ...]:
    """Return a curve as rows of a table.

    Args:
        name: What to call it.
        curve: The curve.

    Returns:
        Rows of name, radius, count and standard error.
    """
    errors = curve.standard_error or (None,) * len(curve.radius)
    return tuple(
        (
            name,
            format_number(radius),
            format_number(count),
            "not given" if error is None else format_number(error),
        )
        for radius, count, error in zip(curve.radius, curve.count, errors, strict=True)
    )
