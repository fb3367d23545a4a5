"""Follow every link within the built site, anchors included: ``check_site.py FOLDER``."""

import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

WHERE_LINKS_STAND = {"href", "src", "data"}


class Page(HTMLParser):
    """What a page links to, what it loads, and its anchors."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the links and anchor of one tag."""
        for name, value in attrs:
            if value and name == "id":
                self.anchors.add(value)
            elif value and name in WHERE_LINKS_STAND:
                self.links.add(value)
                if tag != "a":
                    self.loaded.add(value)


def faults(site: Path) -> Iterator[str]:
    """Find links that lead nowhere, and what pages would load from a network.

    Args:
        site: Folder of the built pages.

    Yields:
        The page and the link, one line for each.
    """
    for file in sorted(site.rglob("*.html")):
        if "_static" in file.parts:
            continue
        page, name = read(file), file.relative_to(site)
        yield from (f"{name} leads nowhere: {one}" for one in page.links if not _leads(file, one))
        yield from (f"{name} loads from a network: {one}" for one in page.loaded if _is_far(one))


@cache
def read(file: Path) -> Page:
    """Return a page, read once."""
    return Page(file)


def _is_far(link: str) -> bool:
    return bool(urlsplit(link).netloc)


def _leads(file: Path, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    target = file.parent / unquote(parts.path) if parts.path else file
    if target.is_dir():
        target /= "index.html"
    if not target.exists():
        return False
    return not parts.fragment or unquote(parts.fragment) in read(target.resolve()).anchors


if __name__ == "__main__":
    sys.exit("\n".join(faults(Path(sys.argv[1]).resolve())) or 0)
