"""The answer of ``mi``: a recommended mutual information, why it, and the other estimates."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from jscgc_theory.analysis.stages import Progress
from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.estimator import MIEstimator
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.selection import recommend
from jscgc_theory.records import Estimate, Notice, Record
from jscgc_theory.validation import as_generator, check_positive


class MIReport(Record):
    """Mutual information of paired samples by several estimators."""

    mi_bits: Estimate
    """The recommended answer, in bits."""
    recommended: str
    """Name of the estimator it comes from."""
    why: str
    """Why that one, in words."""
    estimates: dict[str, Estimate]
    """Every estimate that was made, in bits."""
    n_pairs: int
    """Distinct pairs."""
    n_duplicates: int
    x_dim: int
    y_dim: int
    noise_variance: float | None = None
    """sigma^2 per real dimension, if the channel was given."""
    notices: tuple[Notice, ...] = ()


def mi(
    x: ArrayLike,
    y: ArrayLike,
    *,
    estimators: Sequence[str] | None = None,
    noise_variance: float | None = None,
    snr_db: float | None = None,
    gains: ArrayLike | None = None,
    rng: np.random.Generator | int | None = None,
    progress: Progress | None = None,
) -> MIReport:
    """Estimate I(X; Y) of paired samples and say which estimator to believe.

    If the channel from x to y is given (y = h x + noise, by ``noise_variance`` or ``snr_db``), the
    estimators that use it are run; they alone reach hundreds of bits.

    Args:
        x: Shape (n_pairs, x_dim) or (n_pairs,); complex columns count as two, real parts first.
        y: Shape (n_pairs, y_dim) or (n_pairs,).
        estimators: Names to run instead of the recommended procedure (see ``MI_ESTIMATORS``); the
            first is then the answer.
        noise_variance: Known noise variance per real dimension of y. Alternatively:
        snr_db: Known Es/N0 in dB per complex symbol of unit power.
        gains: Known complex fading gains, shape (n_pairs, n_symbols).
        rng: Generator or seed for splits and training.
        progress: Told the finished fraction.

    Returns:
        The recommended estimate, the reason, and all estimates.

    Raises:
        InputError: If the samples or an argument are unusable or a name is unknown.
    """
    from jscgc_theory.mutual_information.catalogue import make_mi_estimator

    channel = known_channel(noise_variance, snr_db, gains)
    rng = as_generator(rng)
    sample = PairedSample.from_arrays(x, y)
    if estimators is None:
        choice = recommend(sample, channel, rng=rng, progress=progress)
        found, answer, why = choice.estimates, choice.name, choice.why
    else:
        chosen = dict(make_mi_estimator(name, channel=channel, rng=rng) for name in estimators)
        found = _run(chosen, sample, progress)
        answer, why = next(iter(chosen)), "The first of the estimators asked for."
    return MIReport(
        mi_bits=found[answer],
        recommended=answer,
        why=why,
        estimates=found,
        n_pairs=sample.n_pairs,
        n_duplicates=sample.n_duplicates,
        x_dim=sample.x_dim,
        y_dim=sample.y_dim,
        noise_variance=None if channel is None else channel.noise_variance,
        notices=(*sample.notices, *found[answer].notices),
    )


def known_channel(
    noise_variance: float | None, snr_db: float | None, gains: ArrayLike | None
) -> KnownChannel | None:
    """Return the channel that the arguments describe, None if they describe none.

    Args:
        noise_variance: Noise variance per real dimension, or None.
        snr_db: Es/N0 in dB per complex symbol of unit power, or None.
        gains: Complex gains, shape (n_pairs, n_symbols), or None.

    Returns:
        The channel.

    Raises:
        InputError: If both or neither of noise and SNR are given where one is needed.
    """
    if noise_variance is not None and snr_db is not None:
        raise InputError(
            f"noise_variance = {noise_variance:g} and snr_db = {snr_db:g} are both given; "
            "give one of them"
        )
    if noise_variance is not None:
        check_positive(noise_variance, name="noise_variance")
        return KnownChannel.from_noise_variance(noise_variance, gains)
    if snr_db is not None:
        return KnownChannel.from_snr_db(snr_db, gains)
    if gains is not None:
        raise InputError("gains are given without noise_variance or snr_db; give one of them")
    return None


def _run(
    chosen: dict[str, MIEstimator], sample: PairedSample, progress: Progress | None
) -> dict[str, Estimate]:
    found: dict[str, Estimate] = {}
    for finished, (name, estimator) in enumerate(chosen.items()):
        found[name] = estimator.estimate(sample)
        if progress is not None:
            progress((finished + 1) / len(chosen))
    return found
