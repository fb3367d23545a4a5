"""What a page with several results is made of."""

from dataclasses import dataclass

from jscgc_theory.records import Record


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a page with several results: what was asked, what was found."""

    heading: str
    text: str = ""
    """Paragraphs, separated by empty lines."""
    result: Record | None = None
