"""Arguments and options that several commands share."""

from typing import Annotated

import typer


def number(text: str | float) -> float:
    """Read a number off the command line.

    Args:
        text: What the user wrote, or a default.

    Returns:
        The number.

    Raises:
        typer.BadParameter: If it is none.
    """
    try:
        return float(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a number; give one such as 0.1") from error


def whole_number(text: str | int) -> int:
    """Read a whole number off the command line.

    Args:
        text: What the user wrote, or a default.

    Returns:
        The number.

    Raises:
        typer.BadParameter: If it is none.
    """
    try:
        return int(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a whole number; give one such as 4") from error


COMMON_PANEL = "Options of every command"

PointsArgument = Annotated[
    str,
    typer.Argument(
        metavar="POINTS",
        help="Points: .npy, .npz[:key], .csv, .parquet[:column], .h5:key, .pt[:key], "
        ".safetensors[:key], an IDX file, or a folder of images.",
        show_default=False,
    ),
]
ResizeOption = Annotated[
    int | None,
    typer.Option(
        "--resize",
        metavar="H",
        help="Resize images to H x H.",
        parser=whole_number,
        show_default=False,
    ),
]
OutageOption = Annotated[
    list[float] | None,
    typer.Option(
        "--outage",
        metavar="P...",
        help="Outage probabilities in (0, 1); several may follow. Default: 0.1 0.01.",
        parser=number,
        show_default=False,
    ),
]
JsonOption = Annotated[
    str | None,
    typer.Option(
        "--json",
        metavar="PATH",
        help="Write the record as JSON; - for stdout.",
        rich_help_panel=COMMON_PANEL,
        show_default=False,
    ),
]
ReportOption = Annotated[
    str | None,
    typer.Option(
        "--report",
        metavar="DIR",
        help="Write one self-contained HTML page and its vector figures.",
        rich_help_panel=COMMON_PANEL,
        show_default=False,
    ),
]
SeedOption = Annotated[
    int,
    typer.Option(
        "--seed",
        metavar="N",
        help="Seed of all randomness.",
        parser=whole_number,
        rich_help_panel=COMMON_PANEL,
    ),
]
QuietOption = Annotated[
    bool,
    typer.Option(
        "--quiet", help="No progress and no warnings on stderr.", rich_help_panel=COMMON_PANEL
    ),
]
DebugOption = Annotated[
    bool,
    typer.Option("--debug", help="Show the traceback of an error.", rich_help_panel=COMMON_PANEL),
]
