"""What a page says about a result, before any markup: question, answer, tables, terms."""

import math
from dataclasses import dataclass
from functools import singledispatch

from jscgc_theory.records import Estimate, Record
from jscgc_theory.records.formatting import format_estimate, format_number


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of ready text; units stand in the column heads."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    folded: bool = False
    """Whether the table waits behind its caption; for the data behind a figure."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """Everything a page says about one result, apart from figures and warnings."""

    question: str
    """The question the result answers, in plain words."""
    answer: str
    """The answer in one sentence, interval included."""
    remarks: tuple[str, ...] = ()
    """What the answer rests on or does not say, a sentence each."""
    tables: tuple[Table, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    """Words of the tables explained."""


@singledispatch
def content_of(result: Record) -> Content:
    """Return what a page says about a result.

    Args:
        result: Any record; a type that has no page of its own is listed field by field.

    Returns:
        The content.
    """
    name = type(result).__name__
    rows = tuple((field, _plain(value)) for field, value in result)
    return Content(
        question=f"Result: {name}",
        answer=f"A {name} with {len(rows)} fields.",
        tables=(Table(caption="Fields", columns=("field", "value"), rows=rows),),
    )


def _plain(value: object) -> str:
    if isinstance(value, Estimate):
        return told(value)
    if isinstance(value, float):
        return format_number(value)
    return str(value)


def told(estimate: Estimate) -> str:
    """Return an estimate as ``value [low, high]``.

    Args:
        estimate: The estimate.

    Returns:
        Plain text, in powers of two where floating-point numbers do not hold the estimate.
    """
    text = format_estimate(estimate.value, estimate.interval)
    logs = estimate.details.get("log2_interval")
    held = all(0.0 < number < math.inf for number in (estimate.value, *estimate.ends))
    if logs is None or held:
        return text
    logs_text = format_estimate(estimate.details["log2_value"], (logs[0], logs[1]))
    value, low, high = logs_text.translate(str.maketrans("", "", "[],")).split()
    return f"2^{value} [2^{low}, 2^{high}]"


def told_in_words(estimate: Estimate) -> str:
    """Return an estimate for a sentence, its confidence said.

    Args:
        estimate: The estimate.

    Returns:
        Such as ``2.01 (95 % interval 1.95 to 2.07)``.
    """
    text = told(estimate)
    if estimate.interval is None:
        return f"{text} (no interval)"
    value, ends = text[:-1].split(" [")
    low, high = ends.split(", ")
    return f"{value} ({format_number(100.0 * estimate.confidence)} % interval {low} to {high})"
