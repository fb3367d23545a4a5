"""The command ``jscgc``: one file per group of commands, heavy imports inside the commands."""

from jscgc_theory.cli.entry import main as main
