"""From records to one page of HTML, figures inside, nothing fetched from anywhere."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jinja2
from markupsafe import Markup

from jscgc_theory.plotting import Picture, figure_bytes
from jscgc_theory.records import Notice, RunRecord
from jscgc_theory.records.formatting import format_number
from jscgc_theory.report.all_contents import Table, content_of
from jscgc_theory.report.evidence import methods_table, notices_in, value_text
from jscgc_theory.report.section import Section

_MOST_WARNINGS_OF_A_KIND = 3


@dataclass(frozen=True, kw_only=True)
class ShownFigure:
    """A figure as the page carries it."""

    uri: str
    file: str
    caption: str
    description: str


@dataclass(frozen=True, kw_only=True)
class ShownSection:
    """A section as the page carries it."""

    anchor: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    answer: str = ""
    warnings: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    figures: tuple[ShownFigure, ...] = ()
    tables: tuple[Table, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything the template needs."""

    title: str
    intro: tuple[str, ...]
    sections: tuple[ShownSection, ...]
    version: str
    run: RunRecord | None = None
    elapsed: str = ""
    provenance: tuple[Table, ...] = ()


def paragraphs_of(text: str) -> tuple[str, ...]:
    """Split text at empty lines.

    Args:
        text: Plain text.

    Returns:
        The paragraphs, line breaks inside them turned into spaces.
    """
    parts = (" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n"))
    return tuple(part for part in parts if part)


def shown_section(
    anchor: str,
    section: Section,
    pictures: Sequence[Picture],
    notices: Sequence[Notice] = (),
) -> ShownSection:
    """Return a section ready for the template.

    Args:
        anchor: Its identifier within the page.
        section: Heading, text and result.
        pictures: Figures of its result, their names unique within the page.
        notices: Further warnings to show with it.

    Returns:
        The section.
    """
    if section.result is None:
        return ShownSection(
            anchor=anchor,
            heading=section.heading,
            paragraphs=paragraphs_of(section.text),
            warnings=_told_once(notices_in(list(notices))),
        )
    content = content_of(section.result)
    methods = methods_table(section.result)
    return ShownSection(
        anchor=anchor,
        heading=section.heading,
        paragraphs=paragraphs_of(section.text),
        answer=content.answer,
        warnings=_told_once(notices_in(list(notices), section.result)),
        remarks=content.remarks,
        figures=tuple(_shown(picture) for picture in pictures),
        tables=(*content.tables, methods) if methods.rows else content.tables,
        terms=content.terms,
    )


def _told_once(notices: Sequence[Notice]) -> tuple[str, ...]:
    by_code: dict[str, list[str]] = {}
    for notice in notices:
        by_code.setdefault(notice.code, []).append(notice.message)
    told: list[str] = []
    for messages in by_code.values():
        told += messages[:_MOST_WARNINGS_OF_A_KIND]
        further = len(messages) - _MOST_WARNINGS_OF_A_KIND
        if further > 0:
            told.append(f"({further} more of this kind are in the record.)")
    return tuple(told)


def _shown(picture: Picture) -> ShownFigure:
    return ShownFigure(
        uri=svg_uri(picture),
        file=f"{picture.name}.pdf",
        caption=picture.caption,
        description=picture.description,
    )


def svg_uri(picture: Picture) -> str:
    """Return a figure as a data URI that needs no file beside the page.

    Args:
        picture: The figure.

    Returns:
        An SVG in base64.
    """
    content = figure_bytes(picture.figure, "svg")
    # The layout is found by now; to find it again for the vector file takes most of its time.
    picture.figure.set_layout_engine("none")
    return "data:image/svg+xml;base64," + base64.b64encode(content).decode("ascii")


def provenance(run: RunRecord) -> tuple[Table, ...]:
    """Return where a result comes from: inputs, settings, versions.

    Args:
        run: The record of the run.

    Returns:
        Three tables, that of the inputs only if there were any.
    """
    inputs = Table(
        caption="Inputs",
        columns=("file", "points N", "coordinates D", "SHA-256"),
        rows=tuple(
            (one.path, str(one.n_points), str(one.ambient_dim), one.sha256) for one in run.inputs
        ),
    )
    seed = "none" if run.seed is None else str(run.seed)
    settings = {"seed": seed, **run.settings}
    tables = (
        _pairs("Settings", "setting", "value", settings),
        _pairs("Versions", "package", "version", run.versions),
    )
    return (inputs, *tables) if run.inputs else tables


def _pairs(caption: str, name: str, value: str, entries: Mapping[str, object]) -> Table:
    rows = tuple((key, value_text(entry)) for key, entry in entries.items())
    return Table(caption=caption, columns=(name, value), rows=rows)


def elapsed_text(run: RunRecord) -> str:
    """Return how long a run took, for people.

    Args:
        run: The record of the run.

    Returns:
        Such as ``12.3 s``.
    """
    return f"{format_number(run.elapsed_s, 3)} s"


def render(page: Page) -> str:
    """Return a page as HTML, every text escaped.

    Args:
        page: The page.

    Returns:
        The HTML.
    """
    loader = jinja2.PackageLoader("jscgc_theory", "report")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined
    )
    style = Markup(loader.get_source(environment, "report.css")[0])
    return environment.get_template("page.html.jinja").render(page=page, style=style)
