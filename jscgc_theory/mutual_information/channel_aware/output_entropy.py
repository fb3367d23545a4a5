"""h(Y_hat) - h(N) with a density model of the output: an upper bound by cross-entropy."""

import math
import warnings
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy.special import logsumexp

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.channel_aware.coherent_pairs import (
    CoherentPairs,
    coherent_pairs,
)
from jscgc_theory.mutual_information.estimator import MIEstimator, bits_estimate
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import as_generator, check_count

_Vector = Float[NDArray[np.float64], " n_pairs"]


class OutputEntropy(MIEstimator):
    r"""Upper bound ``-E log2 q(Y_hat) - h(N)`` for a Gaussian mixture q, on held-out pairs.

    Any density q bounds h(Y_hat) by its cross-entropy. The mixture is fitted to the inputs of one
    half of the pairs and smoothed by the known noise; the other half judges it, and the halves
    change places. One component is the Gaussian model. Under fading the components are diagonal,
    and each output is judged by the density at its own gains.

    Args:
        channel: The channel.
        n_components: Gaussians in the mixture.
        rng: Splits and starts the fit; a generator or a seed.
    """

    def __init__(
        self,
        *,
        channel: KnownChannel,
        n_components: int = 1,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.channel = channel
        self.n_components = n_components
        self.rng = rng

    def estimate(self, sample: PairedSample) -> Estimate:
        """Bound I(Y; Y_hat) from above by the cross-entropy of held-out outputs.

        Args:
            sample: Channel inputs and outputs.

        Returns:
            The upper bound with its standard error.

        Raises:
            InputError: If half of the pairs are fewer than the components.
        """
        pairs = coherent_pairs(sample, self.channel)
        count = check_count(self.n_components, name="n_components")
        if pairs.n_pairs < 2 * count + 2:
            raise InputError(
                f"n_components = {count} is too many for {pairs.n_pairs} pairs, half of which "
                "fit the mixture; give fewer components or more pairs"
            )
        rng = as_generator(self.rng)
        order = rng.permutation(pairs.n_pairs)
        halves = np.array_split(order, 2)
        density = np.empty(pairs.n_pairs)
        for fitted, judged in (halves, halves[::-1]):
            model = _fit(pairs.take(fitted), count, int(rng.integers(2**31)))
            density[judged] = _log_density(model, pairs.take(judged))
        log_normaliser = 0.5 * pairs.n_real * math.log(2.0 * math.pi * pairs.noise_variance)
        noise = pairs.outputs - _signal(pairs)
        # The noise of these very pairs in place of its mean takes its chance out of both terms.
        own = -log_normaliser - 0.5 * np.square(noise).sum(axis=1) / pairs.noise_variance
        gain = own - density
        return bits_estimate(
            nats_to_bits(float(gain.mean())),
            standard_error=nats_to_bits(float(gain.std(ddof=1)) / math.sqrt(pairs.n_pairs)),
            method=f"cross-entropy of a mixture of {count} Gaussians, held out",
            n_points_used=pairs.n_pairs,
            side="upper_bound",
            notices=pairs.notices,
        )


def _signal(pairs: CoherentPairs) -> Float[NDArray[np.float64], "n_pairs n_real"]:
    if pairs.amplitudes is None:
        return pairs.inputs
    return np.asarray(pairs.amplitudes * pairs.inputs)


def _fit(pairs: CoherentPairs, n_components: int, seed: int) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    # The noise is what regularises the covariances: they are those of the unfaded outputs.
    model = GaussianMixture(
        n_components,
        covariance_type="full" if pairs.amplitudes is None else "diag",
        reg_covar=pairs.noise_variance,
        random_state=seed,
    )
    with warnings.catch_warnings():
        # Any density gives a bound, and constellations have fewer distinct points than clusters.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(pairs.inputs)
    return model


def _log_density(model: Any, pairs: CoherentPairs) -> _Vector:
    if pairs.amplitudes is None:
        return np.asarray(model.score_samples(pairs.outputs))
    power = np.square(pairs.amplitudes)
    terms = np.empty((pairs.n_pairs, len(model.weights_)))
    for place, (weight, mean, seen) in enumerate(
        zip(model.weights_, model.means_, model.covariances_, strict=True)
    ):
        spread = power * np.maximum(seen - pairs.noise_variance, 0.0) + pairs.noise_variance
        distance = np.square(pairs.outputs - pairs.amplitudes * mean) / spread
        terms[:, place] = math.log(weight) - 0.5 * (np.log(2.0 * math.pi * spread) + distance).sum(
            axis=1
        )
    return np.asarray(logsumexp(terms, axis=1))
