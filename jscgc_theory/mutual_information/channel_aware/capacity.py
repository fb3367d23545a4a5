"""The capacity ceiling R6 of pairs: no input of their mean power carries more."""

import numpy as np

from jscgc_theory.bounds import awgn_capacity_bits
from jscgc_theory.mutual_information.channel_aware.coherent_pairs import CoherentPairs
from jscgc_theory.units import nats_to_bits, power_ratio_to_db

_SMALLEST_RATIO = 1e-90


def capacity_bits(pairs: CoherentPairs) -> float:
    """Return ``n/2 log2(1 + P/sigma^2)``, averaged over the gains if there is fading.

    Args:
        pairs: Coherent pairs; P is the mean power of their inputs per real dimension, about the
            mean.

    Returns:
        Bits.
    """
    power = float(pairs.centred_inputs.var(axis=0, ddof=1).mean())
    ratio = max(power / pairs.noise_variance, _SMALLEST_RATIO)
    if pairs.amplitudes is None:
        return 0.5 * awgn_capacity_bits(power_ratio_to_db(ratio), channel_uses=pairs.n_real)
    per_pair = np.log1p(np.square(pairs.amplitudes) * ratio).sum(axis=1)
    return 0.5 * nats_to_bits(float(per_pair.mean()))
