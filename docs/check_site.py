"""Follow every link within the built site, anchors included: ``check_site.py FOLDER``."""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

LINKING = {"href", "src", "data"}


def broken_links(site: Path) -> Iterator[str]:
    """Find links that lead nowhere.

    Args:
        site: Folder of the built pages.

    Yields:
        The page and the link, one line for each.
    """
    for page in sorted(site.rglob("*.html")):
        if "_static" in page.parts:
            continue
        for link in _links(page):
            if not _leads_somewhere(page, link):
                yield f"{page.relative_to(site)}: {link}"


def _links(page: Path) -> set[str]:
    return {
        str(tag[name]) for tag in _tags(page) for name in LINKING if isinstance(tag.get(name), str)
    }


def _leads_somewhere(page: Path, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    target = page.parent / unquote(parts.path) if parts.path else page
    if target.is_dir():
        target /= "index.html"
    if not target.exists():
        return False
    return not parts.fragment or unquote(parts.fragment) in _anchors(target.resolve())


@cache
def _anchors(page: Path) -> frozenset[str]:
    return frozenset(str(tag["id"]) for tag in _tags(page) if tag.get("id"))


@cache
def _tags(page: Path) -> tuple[Tag, ...]:
    text = page.read_text(encoding="utf-8")
    return tuple(BeautifulSoup(text, "html.parser").find_all(True))


if __name__ == "__main__":
    found = list(broken_links(Path(sys.argv[1]).resolve()))
    sys.exit("\n".join(found) or 0)
