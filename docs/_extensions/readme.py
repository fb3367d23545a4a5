"""The README as home page: its links start at the root, those of the page in ``docs``."""

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

RELATIVE_LINK = re.compile(r"\]\((?!\w+:|#)")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Work on what pages include."""
    app.connect("include-read", links_from_docs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def links_from_docs(app: Sphinx, path: Path, page: str, content: list[str]) -> None:
    """Let every relative link and picture of the README start one folder up."""
    if path == Path("README.md"):
        content[0] = RELATIVE_LINK.sub("](../", content[0])
