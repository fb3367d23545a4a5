"""Writes a report: one page that stands alone, and its figures as vectors beside it."""

import os
from collections.abc import Sequence
from pathlib import Path

from jscgc_theory.records import Record, RunRecord
from jscgc_theory.report.section import Section


def write_report(run_record: RunRecord, result: Record, folder: str | os.PathLike[str]) -> Path:
    """Write a report about one result.

    Args:
        run_record: The run that gave it: inputs, settings, versions, warnings.
        result: The result.
        folder: Folder for ``report.html`` and the figures; files appear there only when every
            one is complete, the page last. Other files in it stay.

    Returns:
        The path of the page.

    Raises:
        InputError: If the folder's name belongs to a file.
    """
    # Matplotlib, Jinja2 and the analyses load here, not when the command line starts.
    from jscgc_theory.report.all_contents import content_of
    from jscgc_theory.report.build import build_report

    title = content_of(result).question
    sections = [Section(heading="", result=result)]
    return build_report(title, "", sections, Path(folder), run_record)


def write_report_sections(
    title: str,
    intro: str,
    sections: Sequence[Section],
    folder: str | os.PathLike[str],
    *,
    run_record: RunRecord | None = None,
) -> Path:
    """Write a report of several results, one section each.

    Args:
        title: Title of the page.
        intro: What the page is about; paragraphs are separated by empty lines.
        sections: Heading, text and result of each part.
        folder: Folder for ``report.html`` and the figures, as in :func:`write_report`.
        run_record: The run that gave the results; its inputs, settings, versions and warnings
            are then shown.

    Returns:
        The path of the page.

    Raises:
        InputError: If the folder's name belongs to a file.
    """
    from jscgc_theory.report.build import build_report

    return build_report(title, intro, sections, Path(folder), run_record)
