r"""Whether the unconditional field belongs to the law of the data.

The data's own denoiser leaves residuals orthogonal to itself,
``E<x_0 - x_hat_u, x_hat_u - E x> = 0`` at every lambda. Rescaling it by its best factor would
lower its loss by ``E<.,.>^2 / E|x_hat_u - E x|^2``: by at least that much the loss gap is
overstated. The two forms of I cannot see this: they agree for any unconditional field beside an
exact conditional one.
"""

import math

import numpy as np

from jscgc_theory.mutual_information.estimator import Z_95
from jscgc_theory.mutual_information.velocity.clustered_mean import Codes
from jscgc_theory.mutual_information.velocity.integrand_sample import IntegrandSample
from jscgc_theory.mutual_information.velocity.lambda_bins import bin_masks, binned
from jscgc_theory.records import Estimate
from jscgc_theory.units import nats_to_bits


def law_misfit(sample: IntegrandSample, codes: Codes) -> Estimate | None:
    """Estimate the least amount by which the loss gap is overstated.

    Args:
        sample: The integrands.
        codes: Source point of each pair.

    Returns:
        Bits, free of the bias that squaring noise gives; negative values are fluctuations about 0.
        Detail ``z_score``: how far the projections lie from 0, all bins together. None
        where only losses are known.
    """
    if sample.law_test is None:
        return None
    bins = bin_masks(sample)
    projection = binned(sample, sample.law_test.residual_projection, codes, bins)
    power = np.maximum(binned(sample, sample.law_test.denoised_power, codes, bins).mean, 1e-300)
    variance = projection.standard_error**2
    nats = float(np.sum(bins.length * (projection.mean**2 - variance) / power))
    spread = np.sum((bins.length / power) ** 2 * 4.0 * projection.mean**2 * variance)
    noise = np.sum((bins.length / power) ** 2 * 2.0 * variance**2)
    error = nats_to_bits(math.sqrt(float(spread + noise)))
    chi_squared = float(np.sum(projection.mean**2 / np.maximum(variance, 1e-300)))
    n_bins = len(bins.length)
    value = nats_to_bits(nats)
    return Estimate(
        value=value,
        standard_error=error,
        interval=(value - Z_95 * error, value + Z_95 * error),
        method="best rescaling of the unconditional denoiser, bin by bin of lambda",
        n_points_used=len(codes),
        details={"z_score": (chi_squared - n_bins) / math.sqrt(2.0 * n_bins)},
    )
