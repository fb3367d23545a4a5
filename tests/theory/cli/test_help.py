"""Help: grouped, each page ending in an example, and quick to come."""

import re
import subprocess
import sys

import pytest

from jscgc_theory.cli import main

COMMANDS = ["demo", "dimension", "covering", "delta-star", "check", "exact"]


def plain(text: str) -> str:
    return " ".join(re.sub(r"[^\x20-\x7e]+", " ", text).split())


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_commands_are_listed_in_groups(capsys, arguments):
    assert main(arguments) == 0
    text = plain(capsys.readouterr().out).partition("Show this message and exit.")[2]
    places = [text.index(f" {word} ") for word in ("Start", "demo", "Theory", *COMMANDS[1:])]
    assert places == sorted(places)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_help_ends_with_an_example_and_has_the_common_options(capsys, command):
    assert main([command, "--help"]) == 0
    text = plain(capsys.readouterr().out)
    example = text.rpartition("Example:")[2]
    assert f"jscgc {command}" in example
    for option in ("--json", "--report", "--seed", "--quiet", "--debug"):
        assert option in text


def test_version(capsys):
    assert main(["--version"]) == 0
    assert re.fullmatch(r"jscgc \d+\.\d+\S*\n", capsys.readouterr().out)


def test_help_loads_nothing_heavy():
    heavy = ["numpy", "pandas", "scipy", "sklearn", "faiss", "matplotlib", "torch"]
    program = (
        "import sys; from jscgc_theory.cli import main; main(['dimension', '--help']); "
        f"print(sorted(set({heavy}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == "[]\n"
