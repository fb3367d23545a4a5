"""Arguments and options of the group ``model``."""

from typing import Annotated

import typer

from jscgc_theory.cli.options import number, whole_number

RecipeOption = Annotated[
    str, typer.Option("--recipe", metavar="NAME", help="What to train; see jscgc recipes.")
]
RunFolderOption = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Folder of the run. Default: runs/NAME.",
        show_default=False,
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change a setting of the recipe, such as training.n_steps=200; may be repeated.",
        show_default=False,
    ),
]
ResumeOption = Annotated[
    bool, typer.Option("--resume", help="Go on from the newest checkpoint in the folder, if any.")
]
ProcessesOption = Annotated[
    int,
    typer.Option(
        "--processes",
        metavar="N",
        help="Processes that share each batch.",
        parser=whole_number,
    ),
]
DryRunOption = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Say what it will cost in parameters, memory and operations; read and write nothing.",
    ),
]
GpusOption = Annotated[
    int,
    typer.Option(
        "--gpus",
        metavar="N",
        help="GPUs that share what training keeps, in what --dry-run says.",
        parser=whole_number,
    ),
]
SquareOption = Annotated[
    int | None,
    typer.Option(
        "--resize",
        metavar="H",
        help="Send H x H pixels of each image: its shorter side is resized to H, the middle kept.",
        parser=whole_number,
        show_default=False,
    ),
]
ImagesArgument = Annotated[
    str,
    typer.Argument(
        metavar="IMAGES", help="An image, a folder of images, or points in any POINTS format."
    ),
]
CheckpointOption = Annotated[
    str,
    typer.Option(
        "--checkpoint", metavar="DIR", help="Folder of a training run, or of a saved pipeline."
    ),
]
SnrOption = Annotated[
    float, typer.Option("--snr-db", metavar="S", help="Es/N0 in dB.", parser=number)
]
SnrListOption = Annotated[
    list[float] | None,
    typer.Option(
        "--snr-db",
        metavar="S...",
        help="Es/N0 in dB; several may follow. Default: -5 0 5 10.",
        parser=number,
        show_default=False,
    ),
]
StepsOption = Annotated[
    int | None,
    typer.Option(
        "--steps",
        metavar="N",
        help="Steps of the sampler. Default: the recipe's.",
        parser=whole_number,
        show_default=False,
    ),
]
DrawsOption = Annotated[
    int,
    typer.Option("--draws", metavar="K", help="Draws for each source.", parser=whole_number),
]
SamplesOption = Annotated[
    int,
    typer.Option(
        "--samples", metavar="N", help="Sources to send at each SNR.", parser=whole_number
    ),
]
ViewsOption = Annotated[
    int,
    typer.Option("--views", metavar="N", help="Crops of each image.", parser=whole_number),
]
OutOption = Annotated[str, typer.Option("--out", metavar="DIR", help="Where generations go.")]
