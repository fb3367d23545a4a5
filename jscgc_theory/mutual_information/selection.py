"""Which of several estimates of I(X; Y) to believe: the recommended procedure."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.advice import NEIGHBOUR_DIMS
from jscgc_theory.mutual_information.catalogue import make_mi_estimator
from jscgc_theory.mutual_information.channel_aware import KnownChannelMI
from jscgc_theory.mutual_information.channel_aware.trained_denoiser import TrainedDenoiser
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate

_MODELS = ("gaussian", "gaussian_copula", "student_t", "student_copula")
_TRAINED = ("trained_velocity_gap", "deep_cca", "donsker_varadhan")
_LEAST = "its bounds do not close, and this is the least upper one"
_HARMLESS = frozenset({"duplicates_dropped", "subsampled"})
"""Notices that do not put an answer in doubt."""
_SHARE, _BITS = 0.05, 0.05
"""An answer is precise enough if its standard error is below half the larger of these."""


@dataclass(frozen=True)
class Choice:
    """All estimates made, the one to believe, and why."""

    name: str
    why: str
    estimates: dict[str, Estimate]


def recommend(
    sample: PairedSample,
    channel: KnownChannel | None,
    *,
    rng: np.random.Generator,
    progress: Callable[[float], None] | None = None,
) -> Choice:
    """Estimate I(X; Y) by the procedure that fits what is known.

    With a known channel its own estimators answer. Otherwise the first that stands is taken, in
    the order of how little they assume to be learned: laws of few parameters, nearest neighbours,
    mixtures; each tests its own assumptions and says so if they fail. If none stands, networks
    are trained, and if the trained field does not stand either, the greatest lower bound that
    held-out pairs confirm is the answer.

    Args:
        sample: Distinct pairs.
        channel: What is known of the channel from x to y, if anything.
        rng: Randomness of splits and training.
        progress: Told the finished fraction.

    Returns:
        The choice.
    """
    if channel is not None:
        return _through_the_channel(sample, channel, rng)
    neighbours = ("ksg",) if sample.x_dim + sample.y_dim <= NEIGHBOUR_DIMS else ()
    quick = (*_MODELS, *neighbours, "mixture")
    found = _run(quick, sample, rng, progress, 0.0, 0.3)
    name = first_standing(found)
    if name is None and find_spec("torch") is not None:
        found |= _run(_TRAINED, sample, rng, progress, 0.3, 1.0)
        name = first_standing(found)
    if progress is not None:
        progress(1.0)
    if name is not None:
        return Choice(name, _why_standing(name, found), found)
    return greatest_lower_bound(found)


def _run(
    names: tuple[str, ...],
    sample: PairedSample,
    rng: np.random.Generator,
    progress: Callable[[float], None] | None,
    start: float,
    stop: float,
) -> dict[str, Estimate]:
    """Run some estimators; one that refuses the sample is left out."""
    found: dict[str, Estimate] = {}
    for finished, name in enumerate(names):
        try:
            found[name] = make_mi_estimator(name, rng=rng)[1].estimate(sample)
        except InputError:
            continue
        finally:
            if progress is not None:
                progress(start + (stop - start) * (finished + 1) / len(names))
    return found


def _through_the_channel(
    sample: PairedSample, channel: KnownChannel, rng: np.random.Generator
) -> Choice:
    """Answer from the known channel; train a denoiser where the quick bounds do not close."""
    answer = KnownChannelMI(channel=channel, rng=rng).estimate(sample)
    found = {"known_channel": answer}
    if side_of(answer) == "estimate":
        why = "The channel is known and its bounds close: the answer lies between them."
        return Choice("known_channel", why, found)
    if find_spec("torch") is None or channel.gains is not None:
        return Choice("known_channel", f"The channel is known; {_LEAST}.", found)
    found["trained_denoiser"] = TrainedDenoiser(channel=channel, rng=rng).estimate(sample)
    name = min(found, key=lambda one: found[one].value)
    why = f"The channel is known; {_LEAST}, the trained denoiser's among them."
    return Choice(name, why, found)


def first_standing(estimates: dict[str, Estimate]) -> str | None:
    """Return the first estimate that nothing speaks against.

    An estimate stands if it claims I itself with an interval, no notice puts it in doubt, and
    no lower bound exceeds it, nor an upper one falls below it, by more than their errors.

    Args:
        estimates: Estimates by name, the preferred ones first.

    Returns:
        Its name, or None if none stands.
    """
    return next((name for name in estimates if _stands(name, estimates)), None)


def _stands(name: str, estimates: dict[str, Estimate]) -> bool:
    estimate = estimates[name]
    if side_of(estimate) != "estimate" or estimate.interval is None:
        return False
    if _is_doubted(estimate):
        return False
    return not any(_contradicts(other, estimate) for other in estimates.values())


def _is_doubted(estimate: Estimate) -> bool:
    return any(notice.code not in _HARMLESS for notice in estimate.notices)


def _contradicts(bound: Estimate, estimate: Estimate) -> bool:
    gap = bound.value - estimate.value
    allowance = 3.0 * math.hypot(_error(bound), _error(estimate)) + _tolerance(estimate)
    side = side_of(bound)
    return (side == "lower_bound" and gap > allowance) or (
        side == "upper_bound" and -gap > allowance
    )


def side_of(estimate: Estimate) -> str:
    """Return what an estimate claims.

    Args:
        estimate: An estimate of I.

    Returns:
        ``estimate``, ``lower_bound`` or ``upper_bound``.
    """
    return str(estimate.details.get("side", "estimate"))


def _error(estimate: Estimate) -> float:
    return math.inf if estimate.standard_error is None else estimate.standard_error


def _tolerance(estimate: Estimate) -> float:
    return max(_SHARE * abs(estimate.value), _BITS)


def _why_standing(name: str, found: dict[str, Estimate]) -> str:
    doubted = [other for other in found if other != name and not _stands(other, found)]
    why = "It assumes least of those whose assumptions passed their tests."
    if doubted:
        why += f" Not believed here: {', '.join(doubted)}."
    return why


def greatest_lower_bound(found: dict[str, Estimate]) -> Choice:
    """Choose among lower bounds where no estimate of I itself stands.

    Args:
        found: Estimates by name.

    Returns:
        The greatest bound that its own estimator does not doubt; of doubted ones the greatest.
    """
    bounds = {name: one for name, one in found.items() if side_of(one) == "lower_bound"}
    if not bounds:
        name = max(found, key=lambda other: -len(found[other].notices))
        return Choice(name, "No estimate stands: see its warnings.", found)
    # A bound that its own estimator doubts may exceed I; one without doubts comes first.
    undoubted = {name: one for name, one in bounds.items() if not _is_doubted(one)}
    name = max(undoubted or bounds, key=lambda other: bounds[other].value)
    why = (
        "No estimator of I itself stands, so this is the greatest lower bound that pairs not "
        "used in training confirm; I may lie above it."
    )
    doubted = sorted(bounds.keys() - undoubted.keys() - {name})
    if doubted:
        why += f" Not believed here: {', '.join(doubted)}."
    return Choice(name, why, found)
