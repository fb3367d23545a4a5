"""What holds for the repository as a whole."""

import doctest
import inspect
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

import jscgc_theory

ROOT = Path(__file__).resolve().parent.parent
HEAVY = (
    "torch", "pandas", "matplotlib", "sklearn", "skdim", "faiss", "numba", "scipy.stats",
    "h5py", "pyarrow", "PIL",
)  # fmt: skip


def run(*command, **kwargs):
    return subprocess.run(command, capture_output=True, text=True, check=False, **kwargs)


def tracked_files():
    listed = run("git", "ls-files", "-z", cwd=ROOT)
    assert listed.returncode == 0, listed.stderr
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_the_layers_are_kept():
    linted = run(str(Path(sys.executable).with_name("lint-imports")), "--no-cache", cwd=ROOT)
    assert linted.returncode == 0, linted.stdout[-3000:] + linted.stderr


def test_the_readme_example_runs():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    assert blocks, "the README shows no Python example"
    namespace = {"__name__": "readme"}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), namespace)


@pytest.mark.parametrize(
    "page", sorted(path.name for path in (ROOT / "docs").glob("*.md") if path.is_file())
)
def test_the_examples_of_the_docs_are_true(page):
    failed, _ = doctest.testfile(str(ROOT / "docs" / page), module_relative=False)
    assert failed == 0


def test_links_between_pages_lead_somewhere():
    for page in tracked_files():
        if page.suffix != ".md":
            continue
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("name", jscgc_theory.__all__)
def test_every_public_name_explains_itself(name):
    value = getattr(jscgc_theory, name)
    assert (value.__doc__ or "").strip(), f"{name} has no docstring"
    if inspect.isclass(value):
        inherited = {base.__doc__ for base in value.__mro__[1:]}
        assert value.__doc__ not in inherited, f"{name} only inherits its docstring"


def test_the_architecture_page_shows_the_layers_as_they_are_checked():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = [
        contract["layers"]
        for contract in config["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    ]
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    diagrams = re.findall(r"```text\n(.*?)```", page, flags=re.DOTALL)
    assert [[line.strip() for line in one.splitlines()] for one in diagrams] == layers


def test_the_commands_on_the_pages_parse():
    from typer.main import get_command

    from jscgc_theory.cli.argument_lists import spread_numbers
    from jscgc_theory.cli.entry import build_app

    pages = [page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md")]
    text = "\n".join(pages).replace("\\\n", " ")
    lines = re.findall(r"^(?:\.venv/bin/)?jscgc (.+)$", text, flags=re.MULTILINE)
    commands = get_command(build_app(with_plug_ins=True)).commands
    assert lines
    for line in lines:
        name, *arguments = shlex.split(line, comments=True)
        options = commands[name].params
        repeatable = {flag for one in options if getattr(one, "multiple", 0) for flag in one.opts}
        commands[name].make_context(name, spread_numbers(arguments, repeatable))


def test_the_commands_are_functions_too():
    assert {"delta_star", "dimension", "covering", "check", "exact"} <= set(jscgc_theory.__all__)


@pytest.mark.parametrize("module", ["jscgc_theory", "jscgc_theory.cli"])
def test_importing_stays_light(module):
    code = f"import sys, {module}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    imported = run(sys.executable, "-c", code)
    assert imported.returncode == 0, imported.stderr
    assert imported.stdout.split() == []


def test_one_version_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.*)$", citation, flags=re.MULTILINE) == [project["version"]]
    assert version("jscgc") == project["version"]


def test_every_pinned_extra_has_its_pin():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = project["dependencies"]
    for extra in ("dev", "docs", "model", "notebooks"):
        wanted = wanted + extras[extra]
    pins = re.findall(r"^([^#=\s]+)==\S+$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    pinned = {normal_name(name) for name in pins}
    names = {normal_name(re.split(r"[<>=!~\[ ]", requirement)[0]) for requirement in wanted}
    assert names <= pinned


def normal_name(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_file_knows_the_machine_it_was_written_on():
    machine_path = re.compile(r"/(work|root|home|farm|Users)/\w|/tmp/[a-z]")
    for path in tracked_files():
        if path.suffix in {".png", ".pdf", ".npy", ".npz", ".woff2"}:
            continue
        found = machine_path.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{path.relative_to(ROOT)} holds {found.group()}"


def test_the_wheel_holds_types_and_templates(tmp_path):
    source = tmp_path / "source"
    for path in tracked_files():
        copy = source / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    built = run(
        sys.executable, "-m", "pip", "wheel", str(source), "--no-deps", "--no-index",
        "--no-build-isolation", "--quiet", "--wheel-dir", str(tmp_path),
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("jscgc-*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    assert {"jscgc_theory/py.typed", "jscgc_model/py.typed"} <= held
    data = {
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if path.is_relative_to(ROOT / "jscgc_theory") and path.suffix != ".py"
    }
    assert data <= held
    assert any(name.endswith(".jinja") for name in held)
    assert not any(name.startswith("tests/") for name in held)
