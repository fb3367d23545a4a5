"""From sampled integrands to the two forms of I, their disagreement and the recommendation."""

import math
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from jscgc_theory.mutual_information.estimator import Z_95, bits_estimate
from jscgc_theory.mutual_information.velocity.clustered_mean import (
    ClusteredMeans,
    Codes,
    clustered_means,
)
from jscgc_theory.mutual_information.velocity.integrand_sample import Draws, IntegrandSample
from jscgc_theory.mutual_information.velocity.lambda_bins import BinnedMeans, bin_masks, binned
from jscgc_theory.mutual_information.velocity.law_misfit import law_misfit
from jscgc_theory.mutual_information.velocity.tails import (
    Tail,
    last_stretch,
    lower_tail,
    upper_tail,
)
from jscgc_theory.mutual_information.velocity.trust import information_notices, is_cut_off
from jscgc_theory.mutual_information.velocity.velocity_information import (
    IntegrandCurve,
    VelocityInformation,
)
from jscgc_theory.records import Estimate
from jscgc_theory.units import BITS_PER_NAT, nats_to_bits


class BothForms(NamedTuple):
    """Squared form and loss gap of each pair, tails included, in nats."""

    means: ClusteredMeans
    lower: Tail
    upper: Tail


def summarise(sample: IntegrandSample, codes: Codes, total_variance: float) -> VelocityInformation:
    """Integrate, extrapolate the tails and compare the two forms.

    Args:
        sample: The integrands.
        codes: Source point of each pair.
        total_variance: ``tr Cov(x)``.

    Returns:
        The record.
    """
    forms = both_forms(sample, codes, total_variance)
    errors = forms.means.standard_error
    disagreement = _disagreement(forms.means, len(codes))
    misfit = law_misfit(sample, codes)
    squared, gap = (
        _form(name, forms.means.mean[k], errors[k], len(codes))
        for k, name in enumerate(("velocity gap (squared form)", "loss gap"))
    )
    return VelocityInformation(
        mi_bits=_recommended(forms, disagreement, misfit, len(codes)),
        squared_form_bits=squared,
        loss_gap_bits=gap,
        disagreement_bits=disagreement,
        misfit_bits=misfit,
        curve=_curve(sample, codes),
        t_range=(float(expit(sample.lambda_range[0])), float(expit(sample.lambda_range[1]))),
        lower_tail_bits=nats_to_bits(forms.lower.value),
        lower_tail_bound_bits=nats_to_bits(forms.lower.bound),
        upper_tail_bits=nats_to_bits(forms.upper.value),
        upper_tail_bound_bits=nats_to_bits(forms.upper.bound),
    )


def both_forms(sample: IntegrandSample, codes: Codes, total_variance: float) -> BothForms:
    """Integrate both forms over lambda, pair by pair, and average.

    Args:
        sample: The integrands.
        codes: Source point of each pair.
        total_variance: ``tr Cov(x)``.

    Returns:
        Means of (squared form, loss gap) with their joint covariance.
    """
    lower = lower_tail(sample, codes)
    upper = upper_tail(sample, codes, total_variance)
    weight = weight_with_tails(sample, lower, upper)
    totals = [(weight * values).sum(axis=1) for values in (sample.squared, sample.loss_gap)]
    return BothForms(clustered_means(np.stack(totals, axis=1), codes), lower, upper)


def weight_with_tails(sample: IntegrandSample, lower: Tail, upper: Tail) -> Draws:
    """Return the weight of each draw when the last stretches also stand for the tails.

    Args:
        sample: The integrands.
        lower: Tail at t -> 0.
        upper: Tail at t -> 1.

    Returns:
        Weights.
    """
    weight = sample.weight
    for tail, at_lower_end in ((lower, True), (upper, False)):
        if tail.share > 0.0:
            weight = weight + tail.share * last_stretch(sample, at_lower_end=at_lower_end)
    return weight


def _form(name: str, nats: float, error: float, n_pairs: int) -> Estimate:
    return bits_estimate(
        nats_to_bits(float(nats)),
        standard_error=nats_to_bits(float(error)),
        method=name,
        n_points_used=n_pairs,
    )


def _disagreement(means: ClusteredMeans, n_pairs: int) -> Estimate:
    contrast = np.array([1.0, -1.0]) * BITS_PER_NAT
    value = float(contrast @ means.mean)
    error = math.sqrt(max(0.0, float(contrast @ means.covariance @ contrast)))
    return Estimate(
        value=value,
        standard_error=error,
        interval=(value - Z_95 * error, value + Z_95 * error),
        method="squared form less loss gap",
        n_points_used=n_pairs,
    )


def excess(disagreement: Estimate) -> float:
    """Return the part of the disagreement that Monte-Carlo error does not explain, in bits.

    Args:
        disagreement: Squared form less loss gap.

    Returns:
        How far 0 lies outside its 95 % interval.
    """
    error = disagreement.standard_error or 0.0
    return max(0.0, abs(disagreement.value) - Z_95 * error)


def overstatement(misfit: Estimate | None) -> float:
    """Return by how much I may be overstated for all that is known of the unconditional field.

    Args:
        misfit: Least overstatement by a wrong unconditional field.

    Returns:
        The upper end of its interval, in bits, at least 0.
    """
    return 0.0 if misfit is None or misfit.interval is None else max(0.0, misfit.interval[1])


def _recommended(
    forms: BothForms, disagreement: Estimate, misfit: Estimate | None, n_pairs: int
) -> Estimate:
    """Combine the forms: ``gap + b (squared - gap)``, of least variance if they agree.

    b falls to 0, the loss gap alone, as the disagreement leaves its Monte-Carlo error behind: the
    loss gap's errors of the two fields cancel in part, the squared form's add up.
    """
    squared, gap = (float(value) for value in forms.means.mean)
    covariance = forms.means.covariance
    variance = covariance[0, 0] + covariance[1, 1] - 2.0 * covariance[0, 1]
    share = 0.0
    if 0.0 < variance < math.inf:
        share = min(1.0, max(0.0, float((covariance[1, 1] - covariance[0, 1]) / variance)))
        share *= min(1.0, 4.0 * float(variance) / max((squared - gap) ** 2, 1e-300))
    mix = np.array([share, 1.0 - share])
    value = nats_to_bits(float(mix @ forms.means.mean))
    error = nats_to_bits(math.sqrt(float(mix @ covariance @ mix)))
    apart = excess(disagreement)
    estimate = bits_estimate(
        value,
        standard_error=error,
        method="loss gap and velocity gap, combined for least variance where they agree",
        n_points_used=n_pairs,
        side="lower_bound" if is_cut_off(value, forms.lower) else "estimate",
        notices=information_notices(value, disagreement, misfit, forms.lower, forms.upper),
        squared_form_share=share,
        disagreement_excess_bits=apart,
    )
    if estimate.interval is None:
        return estimate
    low = max(0.0, estimate.interval[0] - apart - overstatement(misfit))
    return estimate.model_copy(update={"interval": (low, estimate.interval[1] + apart)})


def _curve(sample: IntegrandSample, codes: Codes) -> IntegrandCurve:
    masks = bin_masks(sample)
    squared: BinnedMeans = binned(sample, sample.squared, codes, masks)
    gap = binned(sample, sample.loss_gap, codes, masks)
    return IntegrandCurve(
        log_odds=tuple(masks.centre.tolist()),
        squared_form_bits=tuple((BITS_PER_NAT * squared.mean).tolist()),
        squared_form_error_bits=tuple((BITS_PER_NAT * squared.standard_error).tolist()),
        loss_gap_bits=tuple((BITS_PER_NAT * gap.mean).tolist()),
        loss_gap_error_bits=tuple((BITS_PER_NAT * gap.standard_error).tolist()),
    )
