"""The estimators of mutual information by name."""

import inspect
from importlib import import_module
from importlib.util import find_spec

import numpy as np

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.advice import NEIGHBOUR_DIMS
from jscgc_theory.mutual_information.estimator import MIEstimator
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample

_ROOM = "jscgc_theory.mutual_information"
_FROM_SAMPLES = {
    "gaussian": ("parametric", "GaussianMI"),
    "gaussian_copula": ("parametric", "GaussianCopulaMI"),
    "student_t": ("parametric", "StudentMI"),
    "student_copula": ("parametric", "StudentCopulaMI"),
    "mixture": ("parametric", "MixtureMI"),
    "ksg": ("nearest_neighbour", "KSG"),
    "latent": ("latent", "LatentMI"),
}
_TRAINED = {
    "trained_velocity_gap": ("fields", "TrainedVelocityGap"),
    "deep_cca": ("deep_correlation", "DeepCCA"),
    "infonce": ("critics", "InfoNCE"),
    "nwj": ("critics", "NWJ"),
    "donsker_varadhan": ("critics", "DonskerVaradhan"),
    "smile": ("critics", "SMILE"),
}
_FROM_CHANNEL = {
    "known_channel": ("channel_aware", "KnownChannelMI"),
    "codebook": ("channel_aware", "CodebookSandwich"),
    "gaussian_ceiling": ("channel_aware", "GaussianCeiling"),
    "independent_components": ("channel_aware", "IndependentComponents"),
    "output_entropy": ("channel_aware", "OutputEntropy"),
}
_WHERE = {**_FROM_SAMPLES, **_TRAINED, **_FROM_CHANNEL}
_ALIASES = {"cca": "gaussian", "mine": "donsker_varadhan", "dv": "donsker_varadhan"}

MI_ESTIMATORS = tuple(_WHERE)
"""All names that :func:`make_mi_estimator` knows."""


def make_mi_estimator(
    name: str, *, channel: KnownChannel | None = None, rng: np.random.Generator | None = None
) -> tuple[str, MIEstimator]:
    """Return an estimator by its name, whatever the case.

    Args:
        name: One of ``MI_ESTIMATORS``; ``cca`` means ``gaussian``, ``mine`` and ``dv`` mean
            ``donsker_varadhan``.
        channel: What is known of the channel, for the estimators that need it.
        rng: Randomness of splits and training.

    Returns:
        The canonical name and the estimator with its default settings.

    Raises:
        InputError: If there is no such estimator, or it needs a channel and none is given.
    """
    key = name.strip().lower().replace("-", "_")
    key = _ALIASES.get(key, key)
    if key not in _WHERE:
        raise InputError(
            f"estimator = {name!r} is unknown; choose from {', '.join(MI_ESTIMATORS)}"
        )
    if key in _FROM_CHANNEL and channel is None:
        raise InputError(
            f"estimator {key} needs the channel; give its noise variance or its SNR in dB"
        )
    room, kind = _WHERE[key]
    make = getattr(import_module(f"{_ROOM}.{room}"), kind)
    known = {"channel": channel, "rng": rng}
    accepted = inspect.signature(make).parameters
    return key, make(**{what: value for what, value in known.items() if what in accepted})


def names_that_apply(sample: PairedSample, *, channel_is_known: bool) -> tuple[str, ...]:
    """Return the names of the estimators that make sense for a sample.

    Args:
        sample: Distinct pairs.
        channel_is_known: Whether the channel estimators can be run.

    Returns:
        Names, networks only where torch is installed.
    """
    dims = sample.x_dim + sample.y_dim
    own = [name for name in _FROM_SAMPLES if name != "ksg" or dims <= NEIGHBOUR_DIMS]
    trained = list(_TRAINED) if find_spec("torch") is not None else []
    return (*own, *trained, *(_FROM_CHANNEL if channel_is_known else ()))
