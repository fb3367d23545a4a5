"""Builds a page and its figures beside the destination, then moves them there."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jscgc_theory.errors import InputError
from jscgc_theory.plotting import Picture, pictures, save_figure
from jscgc_theory.records import RunRecord
from jscgc_theory.records.run_record import installed_versions
from jscgc_theory.report.evidence import notices_in
from jscgc_theory.report.page import (
    Page,
    elapsed_text,
    paragraphs_of,
    provenance,
    render,
    shown_section,
)
from jscgc_theory.report.section import Section

PAGE_NAME = "report.html"


def build_report(
    title: str,
    intro: str,
    sections: Sequence[Section],
    folder: Path,
    run_record: RunRecord | None,
) -> Path:
    """Build a page and its figures, then move them into place.

    Args:
        title: Title of the page.
        intro: Paragraphs before the first section, maybe none.
        sections: The sections.
        folder: Where the files go.
        run_record: The run behind the results, if one is to be shown.

    Returns:
        The path of the page.

    Raises:
        InputError: If the folder's name belongs to a file.
    """
    told = set(notices_in([section.result for section in sections]))
    warnings = run_record.warnings if run_record is not None else ()
    # What no section's own result says stands at the top of the page, in its first section.
    notices = [notice for notice in warnings if notice not in told]
    drawn = [_pictures(section, place, len(sections)) for place, section in enumerate(sections)]
    shown = tuple(
        shown_section(f"part-{place + 1}", section, figures, notices if place == 0 else ())
        for place, (section, figures) in enumerate(zip(sections, drawn, strict=True))
    )
    page = Page(
        title=title,
        intro=paragraphs_of(intro),
        sections=shown,
        version=installed_versions().get("jscgc", ""),
        run=run_record,
        elapsed=elapsed_text(run_record) if run_record is not None else "",
        provenance=provenance(run_record) if run_record is not None else (),
    )
    return _publish(render(page), [picture for one in drawn for picture in one], folder)


def _pictures(section: Section, place: int, n_sections: int) -> tuple[Picture, ...]:
    if section.result is None:
        return ()
    prefix = f"{place + 1}_" if n_sections > 1 else ""
    return tuple(
        replace(picture, name=f"{prefix}{picture.name}") for picture in pictures(section.result)
    )


def _publish(html: str, figures: Sequence[Picture], folder: Path) -> Path:
    if folder.exists() and not folder.is_dir():
        raise InputError(f"folder = {str(folder)!r} is a file; name a folder for the report")
    folder.parent.mkdir(parents=True, exist_ok=True)
    # In the same parent, hence on the same file system, where a move is one step.
    building = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for picture in figures:
            save_figure(picture.figure, building / f"{picture.name}.pdf")
        page = building / PAGE_NAME
        page.write_bytes(html.encode("utf-8", "backslashreplace"))
        page.chmod(0o644)
        folder.mkdir(exist_ok=True)
        for file in sorted(building.iterdir(), key=lambda path: path.name == PAGE_NAME):
            os.replace(file, folder / file.name)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return folder / PAGE_NAME
