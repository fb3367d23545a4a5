"""The answer of ``delta-star``: every radius bound of a data set at given information."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from jscgc_theory.analysis.bound_rows import BoundRow as BoundRow
from jscgc_theory.analysis.bound_rows import (
    bound_row,
    with_meta_converse,
    with_uncertain_information,
)
from jscgc_theory.analysis.curve import Curve
from jscgc_theory.analysis.data_law import DataLaw, coincidence_curve, fit_data_law
from jscgc_theory.analysis.stages import Progress, stage
from jscgc_theory.bounds import awgn_capacity_bits, rayleigh_capacity_bits
from jscgc_theory.covering_numbers import fit_small_ball
from jscgc_theory.errors import InputError
from jscgc_theory.records import Estimate, Notice, Record
from jscgc_theory.validation import (
    as_generator,
    check_nonnegative,
    check_number_list,
    check_probability,
)


class DatasetBound(Record):
    """The whole bound family of a data set."""

    intrinsic_dim: Estimate
    geometric_constant: Estimate
    resolvable_mi_bits: float
    diameter: float
    """Largest distance met between points, in data units (a lower bound on the diameter)."""
    rows: tuple[BoundRow, ...]
    coincidence_curve: Curve
    """K = 1/q against radius."""
    n_points: int
    n_duplicates: int
    ambient_dim: int
    notices: tuple[Notice, ...] = ()


def delta_star(
    points: ArrayLike,
    *,
    mi_bits: float | Sequence[float] | None = None,
    snr_db: float | Sequence[float] | None = None,
    channel_uses: int | None = None,
    fading: Literal["none", "rayleigh"] = "none",
    outage_probability: float | Sequence[float] = (0.1, 0.01),
    generated: ArrayLike | None = None,
    mi_interval_bits: tuple[float, float] | None = None,
    log2_beta: Mapping[float, Estimate] | None = None,
    rng: np.random.Generator | int | None = None,
    progress: Progress | None = None,
) -> DatasetBound:
    """Compute delta* (18) of a data set and the bounds R1, R2 and R3 beside it.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        mi_bits: I(X; Y_hat) in bits, one or several. Alternatively:
        snr_db: SNR in dB, one or several, from which I is the channel's capacity, R6.
        channel_uses: Complex channel uses, with ``snr_db``.
        fading: ``none`` (AWGN) or ``rayleigh`` (ergodic, known at the receiver).
        outage_probability: P_e in (0, 1), one or several.
        generated: Points of the generator's output law; by default it is taken to be the data's
            own, the perceptual constraint of (2) met exactly.
        mi_interval_bits: How uncertain I is, for one information: the low end of every bound but
            R4 is taken at the high end of I, the high end at the low end.
        log2_beta: log2 beta of R4 by outage probability, for one information; see
            :func:`jscgc_theory.mutual_information.velocity.estimated_meta_converse`.
        rng: Generator or seed for subsamples.
        progress: Told the finished fraction.

    Returns:
        One row per information and outage probability.

    Raises:
        InputError: If the cloud or any argument is unusable.

    References:
        JSCGC paper (arXiv 2601.12808), Theorem 1.
    """
    information = _information(mi_bits, snr_db, channel_uses, fading)
    outages = tuple(
        check_probability(outage)
        for outage in check_number_list(outage_probability, name="outage_probability")
    )
    interval = _checked_mi_interval(mi_interval_bits, [mi for mi, _ in information])
    _check_log2_beta(log2_beta, information, outages)
    rng = as_generator(rng)
    law = fit_data_law(points, generated=generated, rng=rng, progress=stage(progress, 0.0, 0.9))
    ball = fit_small_ball(
        law.points,
        law.intrinsic_dim.value,
        law.coincidence.power_law.variance_dim,
        corrected=law.fit.corrected,
        rng=rng,
    )
    rows = tuple(
        bound_row(law, ball, mi, snr, outage) for mi, snr in information for outage in outages
    )
    if interval is not None:
        rows = tuple(with_uncertain_information(row, law, ball, interval) for row in rows)
    if log2_beta is not None:
        rows = tuple(
            with_meta_converse(row, law, log2_beta[row.outage_probability]) for row in rows
        )
    if progress is not None:
        progress(1.0)
    return DatasetBound(
        intrinsic_dim=law.intrinsic_dim,
        geometric_constant=law.geometric_constant(),
        resolvable_mi_bits=law.coincidence.resolvable_mi_bits,
        diameter=law.coincidence.scan.diameter,
        rows=rows,
        coincidence_curve=coincidence_curve(law.perception),
        n_points=len(law.points),
        n_duplicates=law.n_duplicates,
        ambient_dim=law.points.shape[1],
        notices=(*law.notices, *_row_notices(law, rows), *_ceiling_notice(snr_db)),
    )


def _information(
    mi_bits: float | Sequence[float] | None,
    snr_db: float | Sequence[float] | None,
    channel_uses: int | None,
    fading: str,
) -> tuple[tuple[float, float | None], ...]:
    """Return pairs of I in bits and the SNR in dB it belongs to, if any."""
    if (mi_bits is None) == (snr_db is None):
        raise InputError(
            "give either mi_bits, or snr_db with channel_uses; "
            f"got {'both' if mi_bits is not None else 'neither'}"
        )
    if mi_bits is not None:
        if channel_uses is not None:
            raise InputError(f"channel_uses = {channel_uses} goes with snr_db, not with mi_bits")
        listed = check_number_list(mi_bits, name="mi_bits")
        return tuple((check_nonnegative(value, name="mi_bits"), None) for value in listed)
    if channel_uses is None:
        raise InputError("snr_db needs channel_uses, the number of complex channel uses")
    capacities = {"none": awgn_capacity_bits, "rayleigh": rayleigh_capacity_bits}
    if fading not in capacities:
        raise InputError(f"fading = {fading!r} is unknown; use none or rayleigh")
    ratios = check_number_list(snr_db if snr_db is not None else (), name="snr_db")
    return tuple((capacities[fading](value, channel_uses), value) for value in ratios)


def _checked_mi_interval(
    interval: tuple[float, float] | None, informations: Sequence[float]
) -> tuple[float, float] | None:
    if interval is None:
        return None
    if len(informations) != 1:
        raise InputError(
            f"mi_interval_bits = {interval} goes with one information; got {len(informations)}"
        )
    low, high = (check_nonnegative(end, name="mi_interval_bits") for end in interval)
    if not low <= informations[0] <= high:
        raise InputError(
            f"mi_interval_bits = ({low:g}, {high:g}) does not hold mi_bits = {informations[0]:g}; "
            "give its low and its high end"
        )
    return low, high


def _check_log2_beta(
    log2_beta: Mapping[float, Estimate] | None,
    information: Sequence[tuple[float, float | None]],
    outages: Sequence[float],
) -> None:
    if log2_beta is None:
        return
    if len(information) != 1:
        raise InputError(f"log2_beta goes with one information; got {len(information)}")
    missing = [outage for outage in outages if outage not in log2_beta]
    if missing:
        raise InputError(
            f"log2_beta has no entry for outage_probability = {missing[0]:g}; give one for each"
        )


def _row_notices(law: DataLaw, rows: tuple[BoundRow, ...]) -> tuple[Notice, ...]:
    octaves = max(row.extrapolated_octaves for row in rows)
    if octaves == 0.0:
        return ()
    return (
        Notice(
            code="extrapolated",
            message=(
                f"Radii are extrapolated by up to {octaves:.1f} octaves (halvings) below the "
                f"closest of the pairs: {len(law.points)} points resolve "
                f"{law.coincidence.resolvable_mi_bits:.1f} bits."
            ),
        ),
    )


def _ceiling_notice(snr_db: float | Sequence[float] | None) -> tuple[Notice, ...]:
    if snr_db is None:
        return ()
    return (
        Notice(
            code="mi_is_ceiling",
            message=(
                "I is the capacity of the channel, which no system exceeds: the radii are floors "
                "for every system at this SNR and number of channel uses."
            ),
        ),
    )
