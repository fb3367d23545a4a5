"""The commands of the model, joined to ``jscgc`` through the entry-point group."""

from jscgc_model.cli.commands import add_commands as add_commands
