"""The Gaussian (log-det) ceiling of the pairs' own covariance."""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.mutual_information.channel_aware.coherent_pairs import (
    CoherentPairs,
    coherent_pairs,
)
from jscgc_theory.mutual_information.channel_aware.gaussian_information import (
    InformationSum,
    column_information,
    gaussian_information,
)
from jscgc_theory.mutual_information.estimator import MIEstimator, bits_estimate
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.units import nats_to_bits

_GAINS_DRAWN = 16
"""Pairs whose gains carry the off-diagonal part; the diagonal part is averaged over all."""


class GaussianCeiling(MIEstimator):
    r"""Upper bound ``1/2 log2 det(I + Sigma_Y / sigma^2)``, R6 of the pairs' own covariance.

    A Gaussian input of the same covariance carries the most; by I-MMSE it is what the best linear
    denoiser proves. The covariance is that of the inputs, the noise being known, and the bias of
    its finite sample is removed (see ``gaussian_information``). With fading it is the mean
    of ``1/2 log2 det(I + D_h Sigma_Y D_h / sigma^2)`` over the gains. With too few pairs for a
    covariance the sum of the columns' own ceilings takes its place (Hadamard), with a notice.

    Args:
        channel: The channel.

    References:
        Cover and Thomas, Elements of Information Theory, 2006, section 9.4.
    """

    def __init__(self, *, channel: KnownChannel) -> None:
        self.channel = channel

    def estimate(self, sample: PairedSample) -> Estimate:
        """Bound I(Y; Y_hat) from above.

        Args:
            sample: Channel inputs and outputs.

        Returns:
            The upper bound with its standard error.
        """
        pairs = coherent_pairs(sample, self.channel)
        found, notices = gaussian_ceiling(pairs), pairs.notices
        name = "log-det of the covariance"
        if found is None:
            found, name = column_ceiling(pairs), "sum of the columns' Gaussian ceilings"
            notices += (_undersampled_notice(pairs),)
        return bits_estimate(
            nats_to_bits(found.nats),
            standard_error=nats_to_bits(found.standard_error_nats),
            method=f"Gaussian ceiling, {name}",
            n_points_used=pairs.n_pairs,
            side="upper_bound",
            notices=notices,
        )


def gaussian_ceiling(pairs: CoherentPairs) -> InformationSum | None:
    """Return the log-det ceiling.

    Args:
        pairs: Coherent pairs.

    Returns:
        Nats with influences; None if there are too few pairs for a covariance.
    """
    if pairs.amplitudes is None:
        return gaussian_information(pairs.centred_inputs, pairs.noise_variance)
    return _faded_ceiling(pairs.centred_inputs, pairs.amplitudes, pairs.noise_variance)


def column_ceiling(pairs: CoherentPairs) -> InformationSum:
    """Return the sum of the columns' own Gaussian ceilings, an upper bound on the log-det.

    Args:
        pairs: Coherent pairs.

    Returns:
        Nats with influences.
    """
    gains = np.ones((1, pairs.n_real)) if pairs.amplitudes is None else pairs.amplitudes
    return column_information(pairs.centred_inputs, np.square(gains) / pairs.noise_variance)


def _faded_ceiling(
    centred: Float[NDArray[np.float64], "n_pairs n_real"],
    amplitudes: Float[NDArray[np.float64], "n_pairs n_real"],
    noise_variance: float,
) -> InformationSum | None:
    """Average the log-det over the gains of some pairs, its diagonal part over those of all."""
    variances = centred.var(axis=0, ddof=1)
    diagonal = 0.5 * np.log1p(np.square(amplitudes) * variances / noise_variance).sum(axis=1)
    drawn = np.linspace(0, len(centred) - 1, min(_GAINS_DRAWN, len(centred))).astype(np.int64)
    excess = np.empty(len(drawn))
    influence = diagonal - diagonal.mean()
    for place, row in enumerate(drawn):
        found = gaussian_information(centred * amplitudes[row], noise_variance)
        if found is None:
            return None
        excess[place] = found.nats - diagonal[row]
        influence = influence + found.influence / len(drawn)
    spread = float(excess.var(ddof=1)) / len(drawn)
    return InformationSum(float(diagonal.mean() + excess.mean()), influence, spread)


def _undersampled_notice(pairs: CoherentPairs) -> Notice:
    message = (
        f"{pairs.n_pairs} pairs are too few for the covariance of {pairs.n_real} real dimensions; "
        "the sum over single columns, which ignores their correlations, takes its place. "
        f"Give more than {math.ceil(1.5 * pairs.n_real)} pairs for the tighter bound."
    )
    return Notice(code="covariance_undersampled", message=message)
