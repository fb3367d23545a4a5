"""The group ``start``: the demonstration."""

from typing import TYPE_CHECKING, Annotated

import typer

from jscgc_theory.cli.command import add_command

if TYPE_CHECKING:
    import jscgc_theory.cli.running

GROUP = "Start"


def add_start_commands(app: typer.Typer) -> None:
    """Add the commands of this group.

    Args:
        app: The application.
    """
    add_command(app, "demo", group=GROUP, example="jscgc demo --quick")(demo)


def demo(
    run: "jscgc_theory.cli.running.Run",
    out: Annotated[
        str, typer.Option("--out", metavar="DIR", help="Where records, figures and page go.")
    ] = "results/demo",
    quick: Annotated[
        bool, typer.Option("--quick", help="Use fewer points and train shortly.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Train until it has converged.")] = False,
) -> "jscgc_theory.cli.running.Outcome":
    """Run the main job on embedded data with known truth: page, figures, records.

    Dimension, covering and bounds of a sphere and of drawn images, the exact case, and a perfect
    generator held against every bound over the SNR. Where the system is installed (extra model),
    one is trained on drawn images and held against them too. Needs no download and no GPU.
    """
    from pathlib import Path

    from jscgc_theory.cli.demo_files import demonstrate
    from jscgc_theory.cli.demo_plug_ins import Effort
    from jscgc_theory.cli.output_targets import check_writable_folder
    from jscgc_theory.errors import InputError

    check_writable_folder(out)
    if quick and full:
        raise InputError("--quick and --full exclude each other; give one of them")
    effort: Effort = "quick" if quick else "full" if full else "usual"
    return demonstrate(run, Path(out), effort)
