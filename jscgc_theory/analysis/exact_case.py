"""The answer of ``exact``: cases whose information, radii and bounds are known."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from pydantic import Field

from jscgc_theory.analysis.exact_simulation import ExactDraws
from jscgc_theory.bounds import (
    finite_outage_log2_probability,
    log2_delta_star_bound,
    perception_bound,
    small_ball_bound,
)
from jscgc_theory.bounds.power_law import exp2_saturating
from jscgc_theory.errors import InputError
from jscgc_theory.records import Estimate, Notice, Record
from jscgc_theory.sources import (
    ExactChannel,
    LinearGaussianChannel,
    SphereChannel,
    TorusChannel,
)
from jscgc_theory.validation import (
    as_generator,
    check_count,
    check_number_list,
    check_probability,
)

_CHANNELS: dict[str, Callable[[int, float], ExactChannel]] = {
    "sphere": SphereChannel,
    "torus": TorusChannel,
    "gaussian": LinearGaussianChannel.isotropic,
}


class ExactRow(Record):
    """One case at one SNR and one outage probability; plain numbers."""

    snr_db: float
    outage_probability: float
    mi_bits: float
    radius_posterior: float
    """Radius of the exact posterior sampler, by quadrature."""
    radius_best: float
    """Radius of the best decoder whose outputs lie in the support of the source."""
    small_ball: float
    """R2 from the exact S(r), centres in the support of the source."""
    perception: float
    """R3 from the exact q(r)."""
    meta_converse: float
    """R4 from the exact beta_a and q(r)."""
    finite_outage_fano: float
    """R1 with K = 1/q(r) exactly, not by the power law."""
    delta_star: float
    """(18) with C = lim r^d / q(r)."""
    monte_carlo: dict[str, Estimate] = Field(default_factory=dict)
    """A simulation of mi_bits, both radii and meta_converse beside the exact values."""


class ExactCase(Record):
    """An exactly known source and channel over a grid of SNR and outage probability."""

    case: str
    """``sphere``, ``torus`` or ``gaussian``."""
    dim: int
    geometric_constant: float
    """C = lim r^d / q(r)."""
    rows: tuple[ExactRow, ...]
    notices: tuple[Notice, ...] = ()


def exact(
    case: str,
    *,
    dim: int,
    snr_db: float | Sequence[float],
    outage_probability: float | Sequence[float] = (0.1, 0.01),
    n_draws: int = 20_000,
    rng: np.random.Generator | int | None = None,
    progress: Callable[[float], None] | None = None,
) -> ExactCase:
    """Compute information, radii and bounds of a case in which everything is known.

    The numbers of a row are deterministic (quadrature, or convolution on a lattice for the
    torus); a simulation stands beside them. The SNR is per real dimension: unit input power and
    noise variance ``10^(-SNR/10)`` per real dimension.

    Args:
        case: ``sphere`` (S^d in R^(d+1), chordal distance), ``torus`` (d circles in R^(2d)) or
            ``gaussian`` (the standard normal vector of R^d).
        dim: Intrinsic dimension d.
        snr_db: One SNR or several, per real dimension, in dB.
        outage_probability: One P_e or several.
        n_draws: Draws of the simulation at each SNR; 0 for none.
        rng: Source of randomness of the simulation.
        progress: Told the finished fraction.

    Returns:
        One row for each SNR and P_e.

    Raises:
        InputError: If the case is unknown or a number is out of range.

    >>> row = exact("sphere", dim=2, snr_db=5.0, outage_probability=0.1, n_draws=0).rows[0]
    >>> round(row.mi_bits, 3), round(row.perception, 3), round(row.radius_posterior, 3)
    (2.885, 0.552, 0.955)
    """
    channels = _channels(case, dim, check_number_list(snr_db, name="snr_db"))
    listed = check_number_list(outage_probability, name="outage_probability")
    outages = [check_probability(one) for one in listed]
    n_draws = check_count(n_draws, name="n_draws", minimum=0)
    generator = as_generator(rng)
    rows: list[ExactRow] = []
    for done, channel in enumerate(channels, start=1):
        draws = ExactDraws(channel, n_draws, generator) if n_draws else None
        rows.extend(_row(channel, outage, draws) for outage in outages)
        if progress is not None:
            progress(done / len(channels))
    return ExactCase(
        case=case,
        dim=channels[0].dim,
        geometric_constant=channels[0].geometric_constant,
        rows=tuple(rows),
        notices=_notices(case, rows),
    )


def _channels(case: str, dim: int, ratios: Sequence[float]) -> list[ExactChannel]:
    if case not in _CHANNELS:
        raise InputError(f"case = {case!r} is unknown; choose one of {', '.join(_CHANNELS)}")
    channels = [_CHANNELS[case](dim, snr_db) for snr_db in ratios]
    if not math.isfinite(channels[0].geometric_constant):
        raise InputError(
            f"dim = {dim} is too large for the case {case}: its geometric constant "
            f"2^{channels[0].log2_geometric_constant:.0f} exceeds floating point; lower dim"
        )
    return channels


def _row(channel: ExactChannel, outage: float, draws: ExactDraws | None) -> ExactRow:
    mi_bits = channel.mutual_information_bits()
    log2_constant = channel.log2_geometric_constant
    inverse = channel.radius_at_log2_probability
    return ExactRow(
        snr_db=channel.snr_db,
        outage_probability=outage,
        mi_bits=mi_bits,
        radius_posterior=channel.radius_posterior(outage),
        radius_best=channel.radius_best(outage),
        small_ball=small_ball_bound(
            mi_bits, outage, channel.small_ball_radius_at_log2_probability
        ),
        perception=perception_bound(mi_bits, outage, inverse),
        meta_converse=inverse(channel.log2_beta(outage)),
        finite_outage_fano=inverse(finite_outage_log2_probability(mi_bits, outage)),
        delta_star=exp2_saturating(log2_delta_star_bound(mi_bits, channel.dim, log2_constant)),
        monte_carlo=draws.estimates(outage) if draws else {},
    )


def _notices(case: str, rows: Sequence[ExactRow]) -> tuple[Notice, ...]:
    return (*_delta_star_notice(rows), _decoder_notice(case))


def _delta_star_notice(rows: Sequence[ExactRow]) -> tuple[Notice, ...]:
    above = [row for row in rows if row.delta_star > row.radius_posterior]
    if not above:
        return ()
    worst = max(above, key=lambda row: row.delta_star / row.radius_posterior)
    message = (
        f"delta* of (18) speaks of P_e -> 0: in {len(above)} of {len(rows)} rows it lies above "
        f"the radius of the exact posterior sampler, most at {worst.snr_db:g} dB and "
        f"P_e = {worst.outage_probability:g}, where it is {worst.delta_star:.3g} against "
        f"{worst.radius_posterior:.3g}"
    )
    return (Notice(code="delta_star_above_radius", message=message),)


def _decoder_notice(case: str) -> Notice:
    if case == "gaussian":
        return Notice(
            code="decoder_outside_perception",
            message="The best decoder is the posterior mean, whose outputs spread less than the "
            "source: small_ball binds it, perception and meta_converse (read from q) bind "
            "generators that meet the perceptual constraint, such as the posterior sampler.",
        )
    return Notice(
        code="outputs_in_support",
        message=f"small_ball and radius_best speak of outputs on the {case}; a decoder that may "
        "leave it, such as the posterior mean, can have a smaller radius.",
    )
