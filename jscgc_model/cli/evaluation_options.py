"""Options of ``jscgc evaluate`` and ``jscgc figures``."""

from typing import Annotated

import typer

from jscgc_theory.cli.options import whole_number

CheckpointsOption = Annotated[
    list[str],
    typer.Option(
        "--checkpoint",
        metavar="[NAME=]DIR",
        help="Folder of a training run, or of a saved pipeline; one for each system. The system "
        "is called NAME, by default as its folder.",
    ),
]
DataOption = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="DATA",
        help="A folder of images, or a Parquet or Arrow table of them. Default: the drawn images "
        "that the systems were trained on.",
        show_default=False,
    ),
]
MetricOption = Annotated[
    list[str] | None,
    typer.Option(
        "--metric",
        metavar="NAME",
        help="Metric to take; may be repeated. Default: all that need no weights, or whose "
        "weights are given.",
        show_default=False,
    ),
]
WeightsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--weights",
        metavar="NAME=PATH",
        help="Weights of a network that metrics use, such as cifar_cnn=runs/cifar_16_judge or "
        "lpips_alex=hub; may be repeated.",
        show_default=False,
    ),
]
ReferenceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--reference",
        metavar="jpeg|webp",
        help="Send image files too, error-free at the capacity of the channel, in as many symbols "
        "as the first system takes; jpeg_without_headers or webp_without_headers to count only "
        "what a receiver could not write itself. May be repeated.",
        show_default=False,
    ),
]
ShorterSideOption = Annotated[
    int | None,
    typer.Option(
        "--resize",
        metavar="H",
        help="Resize the shorter side of images to H pixels.",
        parser=whole_number,
        show_default=False,
    ),
]
EvaluationFolderOption = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Keep every finished row here; the same command goes on where it was stopped.",
        show_default=False,
    ),
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="NAME",
        help="Figure to draw, such as fig4; may be repeated. Default: all.",
        show_default=False,
    ),
]
FiguresFolderOption = Annotated[
    str, typer.Option("--out", metavar="DIR", help="Where figures go.")
]
