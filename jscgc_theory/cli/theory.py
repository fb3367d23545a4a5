"""The group ``theory``: from points to dimension, covering, bounds and verdicts.

Each command imports its analysis after its input is checked, so that bad input is answered at
once.
"""

from typing import TYPE_CHECKING

import typer

from jscgc_theory.cli.command import Work, add_command
from jscgc_theory.cli.options import (
    OutageOption,
    PointsArgument,
    ResizeOption,
)
from jscgc_theory.cli.theory_options import (
    CaseArgument,
    ChannelUsesOption,
    DaskOption,
    DimOption,
    EstimatorOption,
    FadingOption,
    GainsOption,
    GeneratedArgument,
    GeneratedOption,
    GroupOption,
    KnownSnrOption,
    MiBitsListOption,
    MiBitsOption,
    NoiseVarianceOption,
    PairedXArgument,
    PairedYArgument,
    ResumeOption,
    SnrOption,
    SourceArgument,
)

if TYPE_CHECKING:
    import jscgc_theory.cli.running

GROUP = "Theory"
_DEMO = "jscgc demo --quick"
_SPHERE = "results/demo/sphere"
DEFAULT_OUTAGES = (0.1, 0.01)


def add_theory_commands(app: typer.Typer) -> None:
    """Add the commands of this group.

    Args:
        app: The application.
    """
    examples: dict[Work, str] = {
        dimension: f"{_DEMO} && jscgc dimension {_SPHERE}.npy",
        covering: f"{_DEMO} && jscgc covering {_SPHERE}.npy",
        mi: f"{_DEMO} && jscgc mi {_SPHERE}.npy {_SPHERE}_generated.npy",
        delta_star: f"{_DEMO} && jscgc delta-star {_SPHERE}.npy --mi-bits 4 8 --outage 0.1",
        check: f"{_DEMO} && jscgc check {_SPHERE}.npy {_SPHERE}_generated.npy --mi-bits 4.49",
        exact: "jscgc exact sphere --dim 2 --snr-db 0 5 10 --outage 0.1 0.01",
    }
    for work, example in examples.items():
        name = work.__name__.replace("_", "-")
        add_command(app, name, group=GROUP, example=example)(work)


def dimension(
    run: "jscgc_theory.cli.running.Run",
    points: PointsArgument,
    estimator: EstimatorOption = None,
    resize: ResizeOption = None,
    dask: DaskOption = None,
    resume: ResumeOption = None,
) -> "jscgc_theory.cli.running.Outcome":
    """Estimate the intrinsic dimension of points: one row an estimator, intervals, scale scan.

    Millions of points: --dask spreads the search for neighbours, --resume goes on with one that
    was killed; the answer is the same.
    """
    from jscgc_theory.cli.results import documented_results
    from jscgc_theory.cli.running import Outcome

    names = [name.strip() for entry in estimator or [] for name in entry.split(",")]
    array = run.load(points, resize=resize)
    from jscgc_theory.analysis.dimension_report import dimension as analyse

    result = analyse(
        array,
        estimators=names or None,
        rng=run.rng,
        dask=dask,
        resume=resume,
        progress=run.progress("intrinsic dimension"),
    )
    return Outcome(result, documented_results("dimension", result))


def covering(
    run: "jscgc_theory.cli.running.Run", points: PointsArgument, resize: ResizeOption = None
) -> "jscgc_theory.cli.running.Outcome":
    """Measure covering, packing and coincidence curves, and the constant C of K = C r^-d."""
    from jscgc_theory.cli.results import documented_results
    from jscgc_theory.cli.running import Outcome

    array = run.load(points, resize=resize)
    from jscgc_theory.analysis.covering_report import covering as analyse

    result = analyse(array, rng=run.rng, progress=run.progress("covering"))
    return Outcome(result, documented_results("covering", result))


def mi(
    run: "jscgc_theory.cli.running.Run",
    x: PairedXArgument,
    y: PairedYArgument,
    estimator: EstimatorOption = None,
    noise_variance: NoiseVarianceOption = None,
    snr_db: KnownSnrOption = None,
    gains: GainsOption = None,
) -> "jscgc_theory.cli.running.Outcome":
    """Estimate the mutual information of paired samples, and say which estimator to believe.

    If Y is the output of a known channel with input X, say so by --noise-variance or --snr-db:
    only then are hundreds of bits within reach.
    """
    from jscgc_theory.cli.channel_arguments import check_known_channel
    from jscgc_theory.cli.pairs import load_gains
    from jscgc_theory.cli.results import documented_results
    from jscgc_theory.cli.running import Outcome

    check_known_channel(noise_variance, snr_db, gains)
    names = [name.strip() for entry in estimator or [] for name in entry.split(",")]
    first, second = run.load(x), run.load(y)
    known_gains = None if gains is None else load_gains(run, gains)
    from jscgc_theory.analysis.mi_report import mi as analyse

    result = analyse(
        first,
        second,
        estimators=names or None,
        noise_variance=noise_variance,
        snr_db=snr_db,
        gains=known_gains,
        rng=run.rng,
        progress=run.progress("mutual information"),
    )
    return Outcome(result, documented_results("mi", result))


def delta_star(
    run: "jscgc_theory.cli.running.Run",
    points: PointsArgument,
    mi_bits: MiBitsListOption = None,
    snr_db: SnrOption = None,
    channel_uses: ChannelUsesOption = None,
    fading: FadingOption = "none",
    outage: OutageOption = None,
    generated: GeneratedOption = None,
    resize: ResizeOption = None,
) -> "jscgc_theory.cli.running.Outcome":
    """Bound the radius of every system on these data, from I or from SNR and channel uses.

    Give the information as --mi-bits, or the channel as --snr-db with --channel-uses; the answer
    is delta* and the whole family of bounds at every outage probability.
    """
    from jscgc_theory.cli.channel_arguments import check_information, check_outages
    from jscgc_theory.cli.results import documented_results
    from jscgc_theory.cli.running import Outcome

    check_information(mi_bits, snr_db, channel_uses, fading)
    outages = check_outages(outage or DEFAULT_OUTAGES)
    array = run.load(points, resize=resize)
    other = None if generated is None else run.load(generated, resize=resize)
    from jscgc_theory.analysis.dataset_bound import delta_star as analyse

    result = analyse(
        array,
        mi_bits=mi_bits,
        snr_db=snr_db,
        channel_uses=channel_uses,
        fading=fading,
        outage_probability=outages,
        generated=other,
        rng=run.rng,
        progress=run.progress("bounds"),
    )
    return Outcome(result, documented_results("delta-star", result), {"outage": outages})


def check(
    run: "jscgc_theory.cli.running.Run",
    source: SourceArgument,
    generated: GeneratedArgument,
    mi_bits: MiBitsOption,
    outage: OutageOption = None,
    group: GroupOption = None,
    resize: ResizeOption = None,
) -> "jscgc_theory.cli.running.Outcome":
    """Hold a system's measured radius against every bound: holds, violated or undecided."""
    from jscgc_theory.cli.channel_arguments import check_mi_bits, check_outages
    from jscgc_theory.cli.pairs import load_pairs
    from jscgc_theory.cli.results import documented_results
    from jscgc_theory.cli.running import Outcome

    check_mi_bits(mi_bits)
    outages = check_outages(outage or DEFAULT_OUTAGES)
    pairs = load_pairs(run, source, generated, group, resize)
    from jscgc_theory.analysis.bound_check import check as analyse

    result = analyse(
        pairs.source,
        pairs.generated,
        mi_bits=mi_bits,
        outage_probability=outages,
        groups=pairs.groups,
        rng=run.rng,
        progress=run.progress("radius and bounds"),
    )
    return Outcome(result, documented_results("check", result), {"outage": outages})


def exact(
    run: "jscgc_theory.cli.running.Run",
    case: CaseArgument,
    dim: DimOption,
    snr_db: SnrOption = None,
    outage: OutageOption = None,
) -> "jscgc_theory.cli.running.Outcome":
    """Compute the cases where all is known exactly: information, radii, bounds."""
    from jscgc_theory.cli.channel_arguments import check_exact, check_outages
    from jscgc_theory.cli.results import documented_results
    from jscgc_theory.cli.running import Outcome

    ratios = check_exact(dim, snr_db)
    outages = check_outages(outage or DEFAULT_OUTAGES)
    from jscgc_theory.analysis.exact_case import exact as analyse

    result = analyse(
        case,
        dim=dim,
        snr_db=ratios,
        outage_probability=outages,
        rng=run.rng,
        progress=run.progress("exact case"),
    )
    return Outcome(result, documented_results("exact", result), {"outage": outages})
