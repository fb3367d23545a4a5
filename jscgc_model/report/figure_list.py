"""Which figures were drawn, and what is said of it."""

from jscgc_theory.records import Record
from jscgc_theory.report.content import Content, Table, content_of


class DrawnFigure(Record):
    """A figure of the paper."""

    name: str
    script: str
    """The file that drew it."""
    files: tuple[str, ...]


class FigureList(Record):
    """Figures drawn from committed records."""

    figures: tuple[DrawnFigure, ...]
    without_record: tuple[str, ...]
    """Scripts that found no record to draw from."""


@content_of.register(FigureList)
def figure_list_content(result: FigureList) -> Content:
    """Return what is said about a ``FigureList``.

    Args:
        result: The list.

    Returns:
        The content, one row a figure.
    """
    missing = f"No record yet for {', '.join(result.without_record)}."
    return Content(
        question="Which figures were drawn?",
        answer=f"{len(result.figures)} figures, each as vectors and as pixels.",
        remarks=(missing,) if result.without_record else (),
        tables=(
            Table(
                caption="Figures",
                columns=("figure", "drawn by", "files"),
                rows=tuple((one.name, one.script, ", ".join(one.files)) for one in result.figures),
            ),
        ),
    )
