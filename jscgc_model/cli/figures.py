"""``jscgc figures``: the paper's figures from committed records."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import jscgc_model
from jscgc_model.report.figure_list import DrawnFigure, FigureList
from jscgc_theory.errors import InputError
from jscgc_theory.plotting import save_figure

if TYPE_CHECKING:
    from jscgc_theory.cli.running import Run

_ROOM = "paper_figs"
_ENDINGS = ("pdf", "png")


def figures_command(run: "Run", names: Sequence[str] | None, out: Path) -> FigureList:
    """Draw figures as vectors and as pixels.

    Args:
        run: The command at work.
        names: Scripts to run, by the beginning of their names; None for all.
        out: Folder for the figures.

    Returns:
        What was drawn.

    Raises:
        InputError: If there are no scripts, or none of a name.
    """
    folder = scripts_folder()
    scripts = _chosen(sorted(folder.glob("fig*.py")), names or ())
    progress, drawn = run.progress("figures"), []
    for place, script in enumerate(scripts):
        for name, figure in _loaded(script).figures(folder).items():
            files = [str(save_figure(figure, out / f"{name}.{end}")) for end in _ENDINGS]
            drawn.append(DrawnFigure(name=name, script=script.name, files=tuple(files)))
        progress((place + 1.0) / len(scripts))
    scripts_used = {one.script for one in drawn}
    return FigureList(
        figures=tuple(drawn),
        without_record=tuple(one.name for one in scripts if one.name not in scripts_used),
    )


def scripts_folder() -> Path:
    """Return where the scripts and records lie.

    Returns:
        ``paper_figs`` here, or else beside the packages.

    Raises:
        InputError: If there is neither.
    """
    beside = Path(str(jscgc_model.__file__)).parents[1] / _ROOM
    for folder in (Path(_ROOM), beside):
        if any(folder.glob("fig*.py")):
            return folder
    raise InputError(
        f"there is no {_ROOM} here with scripts of figures; run jscgc figures in a checkout of "
        "the repository"
    )


def _chosen(scripts: Sequence[Path], names: Sequence[str]) -> list[Path]:
    for name in names:
        if not any(script.stem.startswith(name) for script in scripts):
            there = ", ".join(script.stem for script in scripts)
            raise InputError(f"--only {name} names no figure; choose from {there}")
    return [one for one in scripts if not names or one.stem.startswith(tuple(names))]


def _loaded(script: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{_ROOM}.{script.stem}", script)
    if spec is None or spec.loader is None:
        raise InputError(f"{script} cannot be loaded; restore it")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
