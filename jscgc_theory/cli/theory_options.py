"""Arguments and options of the group ``theory``."""

from typing import Annotated, Literal

import typer

from jscgc_theory.cli.options import number, whole_number

SnrOption = Annotated[
    list[float] | None,
    typer.Option(
        "--snr-db",
        metavar="S...",
        help="Signal-to-noise ratio in dB; several may follow.",
        parser=number,
        show_default=False,
    ),
]
EstimatorOption = Annotated[
    list[str] | None,
    typer.Option(
        "--estimator",
        metavar="NAME",
        help="Estimator to run; may be repeated. Default: the recommended set.",
        show_default=False,
    ),
]
MiBitsListOption = Annotated[
    list[float] | None,
    typer.Option(
        "--mi-bits",
        metavar="B...",
        help="Mutual information I(X; Y) in bits; several may follow.",
        parser=number,
        show_default=False,
    ),
]
ChannelUsesOption = Annotated[
    int | None,
    typer.Option(
        "--channel-uses",
        metavar="N",
        help="Complex channel uses; with --snr-db.",
        parser=whole_number,
        show_default=False,
    ),
]
FadingOption = Annotated[
    Literal["none", "rayleigh"],
    typer.Option("--fading", help="Fading of the channel; with --snr-db."),
]
GeneratedOption = Annotated[
    str | None,
    typer.Option(
        "--generated",
        metavar="POINTS",
        help="Points of the generator, where its law differs from the data's.",
        show_default=False,
    ),
]
SourceArgument = Annotated[
    str, typer.Argument(metavar="SOURCE", help="Source points.", show_default=False)
]
GeneratedArgument = Annotated[
    str,
    typer.Argument(metavar="GENERATED", help="Generated points, row by row.", show_default=False),
]
MiBitsOption = Annotated[
    float,
    typer.Option(
        "--mi-bits",
        metavar="B",
        help="Mutual information I(X; Y) of the system in bits.",
        parser=number,
        show_default=False,
    ),
]
GroupOption = Annotated[
    str | None,
    typer.Option(
        "--group",
        metavar="COLUMN",
        help="Which rows are draws from one source point: a column of SOURCE "
        "(.csv, .parquet), or a file of whole numbers.",
        show_default=False,
    ),
]
CaseArgument = Annotated[
    Literal["sphere", "torus", "gaussian"],
    typer.Argument(metavar="sphere|torus|gaussian", help="The case.", show_default=False),
]
DimOption = Annotated[
    int,
    typer.Option(
        "--dim",
        metavar="D",
        help="Intrinsic dimension.",
        parser=whole_number,
        show_default=False,
    ),
]
PairedXArgument = Annotated[
    str, typer.Argument(metavar="X", help="First of the pair, a row a pair: a file of numbers.")
]
PairedYArgument = Annotated[
    str, typer.Argument(metavar="Y", help="Second of the pair, as many rows as X.")
]
NoiseVarianceOption = Annotated[
    float | None,
    typer.Option(
        "--noise-variance",
        metavar="V",
        help="The channel is known: Y is X plus Gaussian noise of this variance per real column.",
        parser=number,
        show_default=False,
    ),
]
KnownSnrOption = Annotated[
    float | None,
    typer.Option(
        "--snr-db",
        metavar="S",
        help="The channel is known: Es/N0 in dB per complex symbol of unit power.",
        parser=number,
        show_default=False,
    ),
]
GainsOption = Annotated[
    str | None,
    typer.Option(
        "--gains",
        metavar="FILE",
        help="Known fading gains of the channel: real parts, then imaginary parts, a row a pair.",
        show_default=False,
    ),
]
DaskOption = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADDRESS",
        help="Address of a Dask scheduler whose workers search for neighbours, such as "
        "tcp://host:8786.",
        show_default=False,
    ),
]
ResumeOption = Annotated[
    str | None,
    typer.Option(
        "--resume",
        metavar="DIR",
        help="Keep finished blocks of the search for neighbours here, and go on from them.",
        show_default=False,
    ),
]
