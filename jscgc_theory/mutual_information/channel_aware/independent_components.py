"""The sum over components: an upper bound on I, and I itself where they are independent."""

import math

import numpy as np

from jscgc_theory.mutual_information.channel_aware.coherent_pairs import (
    CoherentPairs,
    coherent_pairs,
)
from jscgc_theory.mutual_information.channel_aware.component_sums import BasisSum, basis_sums
from jscgc_theory.mutual_information.channel_aware.independence import (
    dependences_seen,
    undetected_nats,
)
from jscgc_theory.mutual_information.channel_aware.least_upper_bound import least_upper_bound
from jscgc_theory.mutual_information.estimator import MIEstimator, bits_estimate
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate
from jscgc_theory.units import bits_to_nats, nats_to_bits
from jscgc_theory.validation import as_generator

_TOLERATED_SHARE = 0.05
_TOLERATED_BITS = 0.05
_SAME = 2.0
"""Standard errors within which a simpler basis is as good as the least."""


class IndependentComponents(MIEstimator):
    r"""Upper bound ``I <= sum_k I(Y_k; Y_k + N_k)`` over the components of an orthogonal basis.

    White noise stays white under a rotation, so ``h(Y_hat) <= sum_k h(Y_hat_k)`` gives the bound,
    with equality for independent components. Each term is exact up to sampling, since the law of
    an output component is that of its input smoothed by the known noise: constellations need no
    model. The bases are the native columns, the native complex symbols (two columns at once), the
    principal components, and a rotation found by FastICA on half of the pairs; the least sum is
    answered. Under fading, only the native ones.

    If no test sees a dependence between the components of the least basis, the sum is answered
    as an estimate of I. The tests see correlations of values and squares, a common scale, and
    low-dimensional or repeated inputs; they do not see parities, so a channel code across the
    components must be known to be absent.

    Args:
        channel: The channel.
        test_independence: Whether to look for dependences; without, the answer is a bound.
        rng: Splits and shuffles; a generator or a seed.
    """

    def __init__(
        self,
        *,
        channel: KnownChannel,
        test_independence: bool = True,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.channel = channel
        self.test_independence = test_independence
        self.rng = rng

    def estimate(self, sample: PairedSample) -> Estimate:
        """Bound I(Y; Y_hat) by a sum, or estimate it where the components are independent.

        Args:
            sample: Channel inputs and outputs.

        Returns:
            The upper bound, or the estimate.
        """
        pairs = coherent_pairs(sample, self.channel)
        rng = as_generator(self.rng)
        sums = basis_sums(pairs, rng)
        if self.test_independence:
            simplest = _simplest_of_the_least(sums)
            seen = _dependences(pairs, simplest, rng)
            if not seen:
                return _answer(pairs, simplest, sums, side="estimate")
            return _answer(pairs, None, sums, side="upper_bound", dependences=seen)
        return _answer(pairs, None, sums, side="upper_bound")


def _simplest_of_the_least(sums: list[BasisSum]) -> BasisSum:
    least = min(sums, key=lambda basis: basis.information.nats)
    for basis in sums:
        distance = basis.information.nats - least.information.nats
        error = math.hypot(
            basis.information.standard_error_nats, least.information.standard_error_nats
        )
        if distance <= _SAME * error:
            return basis
    return least


def _dependences(pairs: CoherentPairs, basis: BasisSum, rng: np.random.Generator) -> list[str]:
    """Say what keeps the sum from being I itself."""
    if not basis.resolved:
        return ["components not resolved"]
    seen = dependences_seen(
        basis.coordinates, basis.blocks, decorrelated=basis.decorrelated, rng=rng
    )
    n_components = int(basis.blocks.max()) + 1
    power = float(np.square(basis.coordinates).mean())
    if pairs.amplitudes is not None:
        power *= float(np.square(pairs.amplitudes).mean())
    unseen = undetected_nats(
        len(basis.coordinates), n_components, power / (power + pairs.noise_variance)
    )
    tolerated = max(_TOLERATED_SHARE * basis.information.nats, bits_to_nats(_TOLERATED_BITS))
    if n_components > 1 and unseen > tolerated:
        seen.append("too few pairs to see a dependence that matters")
    return seen


def _answer(
    pairs: CoherentPairs, certified: BasisSum | None, sums: list[BasisSum], **details: object
) -> Estimate:
    values = [nats_to_bits(basis.information.nats) for basis in sums]
    errors = [nats_to_bits(basis.information.standard_error_nats) for basis in sums]
    if certified is not None:
        place = [basis.name for basis in sums].index(certified.name)
        value, error = values[place], errors[place]
        method = f"sum over {sums[place].name}, no dependence seen"
    else:
        value, error, place = least_upper_bound(values, errors)
        method = f"sum over {sums[place].name}"
    side = details.pop("side")
    return bits_estimate(
        value,
        standard_error=error,
        method=method,
        n_points_used=pairs.n_pairs,
        side="estimate" if side == "estimate" else "upper_bound",
        notices=pairs.notices,
        basis=sums[place].name,
        sums_bits={basis.name: v for basis, v in zip(sums, values, strict=True)},
        **details,
    )
