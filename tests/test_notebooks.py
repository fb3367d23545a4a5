"""What holds for every notebook as committed; ``make notebooks`` runs them."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
MOST_BYTES = 500_000

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    return notebook


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def parsed(cell):
    return ast.parse(re.sub(r"^%.*$", "", cell.source, flags=re.MULTILINE))


def test_the_notebooks_are_numbered_and_the_readme_lists_them_all():
    numbers = [path.name[:2] for path in NOTEBOOKS]
    assert numbers == sorted(set(numbers))
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[[^]]*\]\((\S+\.ipynb)\) \|", page, flags=re.MULTILINE)
    assert listed == [path.name for path in NOTEBOOKS]


@each_notebook
def test_every_cell_was_run_once_in_order(path):
    cells = code_cells(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


@each_notebook
def test_nothing_failed_or_warned(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr"
            assert "Warning" not in str(output.get("text", ""))


@each_notebook
def test_it_ends_in_assertions_and_says_before_what_they_check(path):
    *_, words, last = read(path).cells
    assert words.cell_type == "markdown"
    assert len(words.source.split()) > 20
    checks = [node for node in ast.walk(parsed(last)) if isinstance(node, ast.Assert)]
    assert len(checks) >= 3
    assert not any(isinstance(check.test, ast.Constant) for check in checks)


@each_notebook
def test_one_variable_near_the_top_sets_the_size(path):
    first, second, *_ = code_cells(path)
    names = [
        node.targets[0].id
        for node in (*parsed(first).body, *parsed(second).body)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    ]
    assert "SIZE" in names


@each_notebook
def test_it_shows_pictures_or_equations(path):
    shown = {
        kind for cell in code_cells(path) for out in cell.outputs for kind in out.get("data", {})
    }
    assert shown & {"image/png", "text/latex", "text/markdown"}


@each_notebook
def test_it_is_small(path):
    assert path.stat().st_size < MOST_BYTES


@each_notebook
def test_nothing_of_the_machine_is_kept(path):
    # nbstripout would take away times of cells, versions, states of widgets.
    verified = subprocess.run(
        [
            str(Path(sys.executable).with_name("nbstripout")), "--verify", "--keep-output",
            "--keep-count", "--keep-id", "--extra-keys", "metadata.language_info", str(path),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert verified.returncode == 0, verified.stdout
    assert read(path).metadata.kernelspec.name == "python3"
    for cell in code_cells(path):
        for output in cell.outputs:
            text = str({**output.get("data", {}), "image/png": ""}) + str(output.get("text", ""))
            assert not re.search(r"/(tmp|var|usr|opt|home|root|Users)/", text)


@each_notebook
def test_links_lead_somewhere(path):
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            for target in re.findall(r"\]\(([^)#:]+)\)", cell.source):
                assert (path.parent / target).exists(), target
