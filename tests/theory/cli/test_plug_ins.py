"""Commands of other packages join; a broken one leaves the rest as they are."""

import sys
from importlib.metadata import EntryPoint

import pytest

from jscgc_theory.cli import main, plugins


def add_hello(app):
    @app.command("hello", rich_help_panel="Model")
    def hello(times: list[int] | None = None) -> None:
        """Say hello."""
        sys.stdout.write(f"hello {times}\n")


def add_broken(app):
    raise RuntimeError("no\nluck")


@pytest.fixture
def install(monkeypatch):
    def install(*values: str) -> None:
        found = [
            EntryPoint(name=value.partition(":")[2] or value, value=value, group="jscgc.commands")
            for value in values
        ]
        monkeypatch.setattr(plugins, "entry_points", lambda group: found)

    return install


def test_a_plug_in_adds_its_command(install, capsys):
    install(f"{__name__}:add_hello")
    assert main(["hello", "--times", "1", "-2"]) == 0
    assert capsys.readouterr().out == "hello [1, -2]\n"
    assert main(["--help"]) == 0
    assert "hello" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (f"{__name__}:add_broken", "RuntimeError: no luck"),
        ("a_package_nobody_has:add", "ModuleNotFoundError"),
        (f"{__name__}:nothing_there", "AttributeError"),
    ],
)
def test_a_broken_plug_in_is_left_out_with_one_line(install, capsys, value, reason):
    install(value, f"{__name__}:add_hello")
    assert main(["--help"]) == 0
    captured = capsys.readouterr()
    assert "delta-star" in captured.out
    assert "hello" in captured.out
    assert captured.err.count("\n") == 1
    assert captured.err.startswith(f"warning: the commands of {value} are left out")
    assert reason in captured.err


def test_theory_commands_load_no_plug_in(install, capsys):
    install(f"{__name__}:add_broken")
    assert main(["dimension", "--help"]) == 0
    assert capsys.readouterr().err == ""
