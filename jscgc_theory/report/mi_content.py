"""What a page says about the mutual information of paired samples."""

from jscgc_theory.analysis.mi_report import MIReport
from jscgc_theory.records import Estimate
from jscgc_theory.records.formatting import format_number
from jscgc_theory.report.content import Content, Table, content_of, told, told_in_words

_CLAIMS = {
    "estimate": "I itself",
    "lower_bound": "I is at least this",
    "upper_bound": "I is at most this",
}


@content_of.register(MIReport)
def mi_content(result: MIReport) -> Content:
    """Return what a page says about an ``MIReport``.

    Args:
        result: The report.

    Returns:
        The content.
    """
    return Content(
        question="How much does one of the pair tell about the other?",
        answer=_answer(result.mi_bits),
        remarks=(_pairs(result), f"Recommended: {result.recommended}. {result.why}"),
        tables=(_estimators(result),),
        terms=(
            (
                "mutual information I(X; Y)",
                "how many bits knowing y saves, on average, in describing x; 0 for independent "
                "samples, infinite if y determines x",
            ),
            (
                "lower and upper bound",
                "an answer that says nothing of the other side: I may lie far above a lower bound",
            ),
        ),
    )


def _answer(estimate: Estimate) -> str:
    side = estimate.details.get("side", "estimate")
    if side == "lower_bound":
        return f"The pairs share at least {format_number(estimate.value)} bits{_error(estimate)}."
    if side == "upper_bound":
        return f"The pairs share at most {format_number(estimate.value)} bits{_error(estimate)}."
    return f"The pairs share {told_in_words(estimate)} bits."


def _error(estimate: Estimate) -> str:
    if estimate.standard_error is None:
        return ""
    return f" (standard error {format_number(estimate.standard_error)})"


def _pairs(result: MIReport) -> str:
    columns = f"{result.x_dim} columns of X and {result.y_dim} of Y"
    told_channel = (
        "the channel between them is not known"
        if result.noise_variance is None
        else f"the channel is known, with noise variance {format_number(result.noise_variance)} "
        "per real column"
    )
    repeated = f"; {result.n_duplicates} repeated pairs were dropped" * bool(result.n_duplicates)
    return f"There are {result.n_pairs} pairs of {columns}; {told_channel}{repeated}."


def _estimators(result: MIReport) -> Table:
    return Table(
        caption="Mutual information by estimator",
        columns=("estimator", "I (bits)", "standard error", "claims", "method", "warnings"),
        rows=tuple(
            (
                name,
                told(one),
                "" if one.standard_error is None else format_number(one.standard_error),
                _CLAIMS[one.details.get("side", "estimate")],
                one.method,
                ", ".join(notice.code for notice in one.notices),
            )
            for name, one in result.estimates.items()
        ),
    )
