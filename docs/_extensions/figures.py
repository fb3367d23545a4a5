"""Above each caption of ``paper_figs/README.md`` the figure that ``make figures`` drew for it."""

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.logging import getLogger
from sphinx.util.typing import ExtensionMetadata

PAGE = "paper_figs/README"
DRAWN = Path("results/figures")
CAPTION = re.compile(r"^\*\*Fig\. (\d+)\.\*\*", re.MULTILINE)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Work on the page as it is read."""
    app.connect("source-read", show_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def show_figures(app: Sphinx, page: str, source: list[str]) -> None:
    """Put figures above their captions; each leads to the PDF that goes into a paper."""
    if page == PAGE:
        app.env.note_reread()
        source[0] = CAPTION.sub(lambda found: _figures(app, found[1]) + found[0], source[0])


def _figures(app: Sphinx, number: str) -> str:
    drawn = sorted((Path(app.srcdir) / DRAWN).glob(f"fig{number}_*.png"))
    if not drawn:
        getLogger(__name__).warning("Fig. %s is not drawn; run make figures", number)
    return "".join(
        f"![Figure {number}](/{DRAWN}/{file.name})\n\n"
        f"[{file.stem}.pdf](/{DRAWN}/{file.stem}.pdf)\n\n"
        for file in drawn
    )
