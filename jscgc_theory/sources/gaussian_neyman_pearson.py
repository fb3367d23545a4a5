"""The Neyman-Pearson test between joint law and product law of the linear Gaussian channel."""

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.sources.gaussian_quadratic_form import GaussianQuadraticForm
from jscgc_theory.units import nats_to_bits


def gaussian_log2_beta(
    snr_per_mode: Float[NDArray[np.float64], " n_modes"],
    mi_bits: float,
    outage_probability: float,
) -> float:
    """Return log2 of the product-law probability of the test that rejects P_e.

    With c_j^2 = s_j/(1 + s_j), s_j the SNR of mode j, the information density is
    ``i ln 2 = I ln 2 + sum_j c_j (a_j^2 - b_j^2)/2`` with a, b standard normal: again a
    quadratic form, whose tail tilted by e^-i is beta.

    Args:
        snr_per_mode: s_j.
        mi_bits: I.
        outage_probability: Joint-law probability of rejection.

    Returns:
        log2 beta.
    """
    swing = np.sqrt(snr_per_mode / (1.0 + snr_per_mode))
    if not swing.any():
        return nats_to_bits(math.log1p(-outage_probability))
    form = GaussianQuadraticForm(np.concatenate([0.5 * swing, -0.5 * swing]))
    threshold = form.value_at_log_tail(math.log(outage_probability), upper=False)
    log_tail = form.log_tail(threshold, upper=True, tilt=1.0)
    return min(0.0, nats_to_bits(log_tail) - mi_bits)
