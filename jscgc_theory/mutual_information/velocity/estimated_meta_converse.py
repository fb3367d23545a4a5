"""R4's beta from estimated information densities, freed of the bias that their noise gives."""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.bounds import meta_converse_log2_beta
from jscgc_theory.mutual_information.estimator import Z_95
from jscgc_theory.mutual_information.velocity.clustered_mean import clustered_means
from jscgc_theory.mutual_information.velocity.information_densities import InformationDensities
from jscgc_theory.mutual_information.velocity.summary import excess, overstatement
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.units import BITS_PER_NAT
from jscgc_theory.validation import check_probability

# What the second order leaves, as a share of the square of what was taken away, in bits: 0.25 on
# spheres whose densities carry 2 bits of noise, less with less noise.
_SECOND_ORDER = 0.25
_LARGE_CORRECTION_BITS = 0.5

_Values = Float[NDArray[np.float64], " n_pairs"]


def estimated_meta_converse(
    densities: InformationDensities, outage_probability: float
) -> Estimate:
    r"""Estimate ``log2 beta_a``, ``beta_a = E[2^-i ; i > g] + boundary``, ``a = 1 - P_e``.

    Statement R4. Noise of variance v in each i moves log2 beta by about c v; half of the draws
    give 2 v, so ``2 log2 beta(all) - mean of log2 beta(halves)`` is free of it to first order.

    Args:
        densities: Estimated information densities.
        outage_probability: P_e in (0, 1).

    Returns:
        log2 beta in bits, at most 0. The interval allows for the sampling of pairs, for
        Monte-Carlo noise, and for what the fields' own disagreement says of their error. With
        an estimated i it is an estimate of R4, not a bound.

    Raises:
        InputError: If P_e is unusable.

    References:
        Polyanskiy, Poor and Verdu, IEEE Trans. Inf. Theory 56(5), 2010.
    """
    outage = check_probability(outage_probability)
    whole = np.array(densities.density_bits)
    halves = [np.array(half) for half in densities.half_bits]
    plain, plain_error = meta_converse_log2_beta(whole, outage)
    of_halves = [meta_converse_log2_beta(half, outage)[0] for half in halves]
    correction = plain - 0.5 * sum(of_halves)
    influence = 2.0 * _influence(whole, plain, outage) - 0.5 * sum(
        _influence(half, value, outage) for half, value in zip(halves, of_halves, strict=True)
    )
    codes = np.array(densities.source_codes, dtype=np.int64)
    error = float(clustered_means(influence[:, None], codes).standard_error[0])
    value, error = min(0.0, plain + correction), max(error, plain_error)
    known = math.isfinite(error)
    return Estimate(
        value=value,
        interval=_interval(value, error, correction, densities) if known else None,
        standard_error=error if known else None,
        method="meta-converse R4 with an estimated information density: an estimate, not a bound",
        n_points_used=len(whole),
        notices=densities.notices + _notices(correction, known, len(whole), outage),
        details={
            "outage_probability": outage,
            "noise_bits": densities.noise_bits,
            "noise_correction_bits": correction,
        },
    )


def _influence(density: _Values, log2_beta: float, outage: float) -> _Values:
    """Return what each pair adds to log2 beta; by the envelope theorem g may be held fixed."""
    rank = min(math.floor(outage * density.size + 1e-9), density.size - 1)
    threshold = float(np.partition(density, rank)[rank])
    lost = 1.0 - np.exp2(-np.maximum(density - threshold, 0.0))
    return np.asarray(-BITS_PER_NAT * lost / 2.0 ** (log2_beta + threshold))


def _interval(
    value: float, error: float, correction: float, densities: InformationDensities
) -> tuple[float, float]:
    information = densities.information
    reach = Z_95 * error + _SECOND_ORDER * correction**2 + excess(information.disagreement_bits)
    overstated = overstatement(information.misfit_bits)
    return value - reach, min(0.0, value + reach + overstated)


def _notices(correction: float, known: bool, n_pairs: int, outage: float) -> tuple[Notice, ...]:
    notices = []
    if not known:
        message = (
            f"{n_pairs} pairs are too few to reach the quantile of the information density at "
            f"P_e = {outage:g}; add pairs"
        )
        notices.append(Notice(code="too_few_pairs", message=message))
    if abs(correction) > _LARGE_CORRECTION_BITS:
        message = (
            f"Monte-Carlo noise of the densities moved log2 beta by {-correction:+.2g} bits, "
            "taken away to first order only; raise n_draws"
        )
        notices.append(Notice(code="noisy_densities", message=message))
    return tuple(notices)
