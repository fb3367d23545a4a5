"""What holds for the pages before a site is made of them; ``make docs-links`` judges the site."""

import ast
import importlib.util
import inspect
import re
import unicodedata
from fnmatch import fnmatch
from pathlib import Path

import pytest

from jscgc_theory import bounds
from jscgc_theory.plotting import figure_bytes

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
# Arguments of bounds that are no symbols: plain words, or symbols under a logarithm or a suffix.
WORDS = {
    "a", "b", "p", "covariance", "diameter", "radius", "sensitivities", "weights",
    "radius_at_log2_probability", "log2_probability", "mi_bits_standard_error",
}  # fmt: skip


def module_at(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entries_of_toctrees(page):
    trees = re.findall(r"```\{toctree\}\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL)
    lines = [line for tree in trees for line in tree.splitlines() if line]
    return [line for line in lines if not line.startswith(":")]


def pages_in_toctrees():
    for page in (DOCS / "index.md", DOCS / "api" / "theory.md", DOCS / "api" / "model.md"):
        for entry in entries_of_toctrees(page):
            yield (page.parent / entry).resolve().relative_to(ROOT).as_posix()


def test_every_page_and_notebook_has_its_place_in_the_site():
    pages = [*DOCS.glob("*.md"), *DOCS.glob("api/*.md"), *(ROOT / "notebooks").glob("*.ipynb")]
    names = [page.relative_to(ROOT).with_suffix("").as_posix() for page in pages]
    patterns = [*pages_in_toctrees(), "docs/index"]
    assert [name for name in names if not any(fnmatch(name, one) for one in patterns)] == []


def test_every_entry_of_a_toctree_leads_to_a_page():
    for entry in pages_in_toctrees():
        assert any(ROOT.glob(f"{entry}.*")), f"{entry} is no page"


@pytest.mark.parametrize("name", [name for name in dir(bounds) if name.endswith("_bound")])
def test_every_symbol_of_a_bound_stands_in_the_notation(name):
    notation = (DOCS / "notation.md").read_text(encoding="utf-8")
    for argument in inspect.signature(getattr(bounds, name)).parameters:
        assert argument in WORDS or f"`{argument.removeprefix('log2_')}`" in notation


def cited_works():
    for package in ("jscgc_theory", "jscgc_model"):
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                    text = ast.get_docstring(node) or ""
                    section = text.partition("References:\n")[2].partition("\n\n")[0]
                    yield from ((path.name, work) for work in works_of(section))


def works_of(section):
    """Yield what the entry of each work must hold: its arXiv number, or first author and year."""
    for part in re.findall(r".*?(?:\d{4}\.\d{4,5}|\b(?:1[89]\d|20[0-2])\d\b)", plain(section)):
        if number := re.search(r"\d{4}\.\d{4,5}", part):
            yield (number[0],)
        elif name := re.search(r"[A-Z][\w'-]+", part.replace("IEEE", "")):
            yield name[0], part[-4:]


def plain(text):
    letters = unicodedata.normalize("NFKD", " ".join(text.split()))
    return letters.encode("ascii", "ignore").decode()


def test_what_docstrings_cite_stands_in_the_references():
    entries = (DOCS / "references.bib").read_text(encoding="utf-8").split("\n@")
    entries = [plain(entry) for entry in entries]
    works = set(cited_works())
    assert len(works) > 60
    missing = [work for work in works if not any(held(work[1], entry) for entry in entries)]
    assert missing == []


def held(marks, entry):
    return all(mark in entry for mark in marks)


def test_the_picture_of_the_readme_is_current():
    script = module_at(DOCS / "images" / "radius_over_snr.py")
    assert figure_bytes(script.draw(), "svg") == script.PICTURE.read_bytes()
    assert script.PICTURE.stat().st_size < 150_000


def test_the_readme_fits_one_screen():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 50
    assert text.count("](docs/images/") == 1


@pytest.fixture
def site(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "index.html").write_text('<h1 id="top"></h1><a href="folder/page.html#here">x</a>')
    (tmp_path / "folder" / "page.html").write_text('<p id="here"><a href="../index.html#top">')
    return tmp_path


def test_links_that_lead_somewhere_are_no_fault(site):
    assert list(module_at(DOCS / "check_site.py").faults(site)) == []


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ('<a href="none.html">', "leads nowhere: none.html"),
        ('<a href="index.html#none">', "leads nowhere: index.html#none"),
        ('<a href="#none">', "leads nowhere: #none"),
        ('<img src="none.png">', "leads nowhere: none.png"),
        ('<script src="//cdn.invalid/x.js">', "loads from a network: //cdn.invalid/x.js"),
        ('<link href="https://cdn.invalid/x.css">', "from a network: https://cdn.invalid/x.css"),
    ],
)
def test_a_broken_link_is_found(site, link, fault):
    (site / "new.html").write_text(link)
    (found,) = module_at(DOCS / "check_site.py").faults(site)
    assert found.startswith("new.html")
    assert found.endswith(fault)
