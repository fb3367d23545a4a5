"""What the reader of a variational value should know, by rules computed from the fit."""

import math
from typing import Any

import numpy as np

from jscgc_theory.mutual_information.critics.fit_record import CrossFit
from jscgc_theory.records import Notice
from jscgc_theory.units import nats_to_bits

RELATIVE_TOLERANCE = 0.05
TOLERANCE_BITS = 0.05
"""What a value may miss in silence: the larger of both."""
MISSING_PER_GAIN = 1.75
"""What InfoNCE misses, as a multiple of what the last doubling of its batch added: on Gaussian
pairs of 1, 4 and 25 dimensions with their optimal critic this tells 5 % missing from less."""
LEAST_EFFECTIVE_SHARE = 0.1
"""Kish's effective share of the pairs that must carry the product mean: above it Gaussian pairs
with their optimal critic keep within their standard error."""


def training_notices(fit: CrossFit, value_bits: float) -> tuple[Notice, ...]:
    """Say if a training diverged or was cut off while it still gained.

    Args:
        fit: The fits of all folds.
        value_bits: The reported value.

    Returns:
        At most one notice of each kind.
    """
    found = []
    diverged = sum(training.outcome == "diverged" for training in fit.trainings)
    if diverged:
        message = (
            f"Training diverged in {diverged} of {len(fit.trainings)} folds; the best critic "
            "before that is reported. A smaller learning_rate may give a higher value."
        )
        found.append(Notice(code="training_diverged", message=message))
    gains = [t.late_gain_nats for t in fit.trainings if t.outcome == "out_of_steps"]
    gain_bits = nats_to_bits(max(gains, default=0.0))
    if gain_bits > _tolerance(value_bits):
        message = (
            f"Training stopped at max_steps while its last evaluations still gained "
            f"{gain_bits:.2g} bits; the dependence may be stronger than reported. Raise max_steps."
        )
        found.append(Notice(code="not_converged", message=message))
    return tuple(found)


def ceiling_evidence(
    fit: CrossFit, value_bits: float
) -> tuple[tuple[Notice, ...], dict[str, Any]]:
    """Say if a contrastive value is held down by log2 of its batch.

    What is still missing is judged by what the last doubling of the batch added: where the
    missing part falls like a power of the batch, from 1/m (weak dependence) to not at all
    (saturation), it is at least that gain.

    Args:
        fit: The fits of all folds; its diagnostics are the contributions at half the batch.
        value_bits: The reported value.

    Returns:
        One notice or none, and the evidence.
    """
    ceiling_bits = math.log2(fit.smallest_block)
    gain_bits = value_bits - nats_to_bits(float(fit.diagnostics.mean()))
    details = {"ceiling_bits": ceiling_bits, "gain_of_last_doubling_bits": gain_bits}
    if MISSING_PER_GAIN * gain_bits <= _tolerance(value_bits):
        return (), details
    message = (
        f"The value still grew by {gain_bits:.2g} bits as the held-out batch doubled to "
        f"{fit.smallest_block} pairs, whose log2, {ceiling_bits:.3g} bits, it cannot exceed: take "
        "it as a lower bound only. Use more pairs, or a parametric, channel-aware or velocity "
        "estimator."
    )
    return (Notice(code="log_batch_ceiling", message=message),), details


def product_evidence(fit: CrossFit) -> tuple[tuple[Notice, ...], dict[str, Any]]:
    """Say if few pairs dominate the mean of e^T over the products.

    Args:
        fit: The fits of all folds; its diagnostics are what each pair carries of that mean.

    Returns:
        One notice or none, and the evidence.
    """
    share = float(1.0 / np.mean(np.square(fit.diagnostics)))
    details = {"effective_product_share": share}
    if share >= LEAST_EFFECTIVE_SHARE:
        return (), details
    message = (
        f"The mean of e^T over the products rests on an effective {share:.2g} of the pairs: the "
        "value may miss I on either side by more than its standard error says. Use InfoNCE, or "
        "a parametric, channel-aware or velocity estimator."
    )
    return (Notice(code="product_expectation_unreliable", message=message),), details


def _tolerance(value_bits: float) -> float:
    return max(TOLERANCE_BITS, RELATIVE_TOLERANCE * value_bits)
