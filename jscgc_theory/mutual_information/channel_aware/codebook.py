"""The codebook sandwich: the sample's own inputs as codewords under the true likelihood."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.mutual_information.channel_aware.coherent_pairs import (
    CoherentPairs,
    coherent_pairs,
)
from jscgc_theory.mutual_information.estimator import Z_95, MIEstimator, bits_estimate
from jscgc_theory.mutual_information.known_channel import KnownChannel
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import as_generator, check_count

CLOSED_SHARE = 0.05
CLOSED_BITS = 0.05
"""The sandwich is closed if its sides differ by at most the larger of these."""
_VALUES_PER_BLOCK = 4_000_000

_Vector = Float[NDArray[np.float64], " n_pairs"]


@dataclass(frozen=True)
class Sandwich:
    """Both sides with their standard errors, in bits."""

    lower: float
    lower_error: float
    upper: float
    upper_error: float

    @property
    def closed(self) -> bool:
        """Whether the sides agree closely enough to be an estimate together."""
        middle = 0.5 * (self.lower + self.upper)
        return self.upper - self.lower <= max(CLOSED_SHARE * middle, CLOSED_BITS)


class CodebookSandwich(MIEstimator):
    r"""Lower and upper bound from the mixture of all inputs of the sample.

    With M inputs y_j as codewords and f_ij = log p(y_hat_i | y_j), the lower bound (InfoNCE) is
    ``mean_i [f_ii - log (1/M) sum_j exp f_ij]`` and the upper one leaves the own codeword out,
    ``mean_i [f_ii - log (1/(M-1)) sum_{j != i} exp f_ij]``. To first order in 1/M they err
    equally far to either side, so where they are close their middle is the estimate and the
    interval holds both with their errors. The lower bound never exceeds log2 M.

    Args:
        channel: The channel.
        max_codewords: M at most; more pairs are subsampled.
        rng: Chooses the subsample; a generator or a seed.

    References:
        Poole, Ozair, van den Oord, Alemi, Tucker. On variational bounds of mutual information.
        ICML 2019, equations (10) and (13).
    """

    def __init__(
        self,
        *,
        channel: KnownChannel,
        max_codewords: int = 20_000,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.channel = channel
        self.max_codewords = max_codewords
        self.rng = rng

    def estimate(self, sample: PairedSample) -> Estimate:
        """Bound I(Y; Y_hat) from both sides, or estimate it where they meet.

        Args:
            sample: Channel inputs and outputs.

        Returns:
            An estimate if the sides are close, otherwise the lower bound and a notice.
        """
        pairs = coherent_pairs(sample, self.channel)
        limit = check_count(self.max_codewords, name="max_codewords", minimum=20)
        notices = pairs.notices
        if pairs.n_pairs > limit:
            notices += (_subsampled_notice(pairs.n_pairs, limit),)
            rows = as_generator(self.rng).choice(pairs.n_pairs, limit, replace=False)
            pairs = pairs.take(np.sort(rows))
        return _as_estimate(codebook_sandwich(pairs), pairs.n_pairs, notices)


def codebook_sandwich(pairs: CoherentPairs) -> Sandwich:
    """Return both sides of the sandwich.

    Args:
        pairs: Coherent pairs; all inputs are codewords.

    Returns:
        Bounds and errors in bits.
    """
    n_codewords = pairs.n_pairs
    lower, upper = np.empty(n_codewords), np.empty(n_codewords)
    # How often a codeword is taken for another's output moves the mean too: its influence.
    lower_use, upper_use = np.zeros(n_codewords), np.zeros(n_codewords)
    step = max(1, _VALUES_PER_BLOCK // n_codewords)
    for start in range(0, n_codewords, step):
        rows = np.arange(start, min(start + step, n_codewords))
        scores = _log_likelihoods(pairs, rows)
        own = scores[np.arange(len(rows)), rows].copy()
        lower[rows] = own + math.log(n_codewords) - _take_log_sum(scores.copy(), lower_use)
        scores[np.arange(len(rows)), rows] = -np.inf
        upper[rows] = own + math.log(n_codewords - 1) - _take_log_sum(scores, upper_use)
    return Sandwich(*_mean_and_error(lower, lower_use), *_mean_and_error(upper, upper_use))


def _log_likelihoods(
    pairs: CoherentPairs, rows: NDArray[np.int64]
) -> Float[NDArray[np.float64], "n_rows n_pairs"]:
    """Return log p(output_i | input_j) up to a constant of each row."""
    inputs = pairs.centred_inputs
    shift = pairs.inputs[0] - inputs[0]
    scale = 1.0 / pairs.noise_variance
    if pairs.amplitudes is None:
        scores = ((pairs.outputs[rows] - shift) * scale) @ inputs.T
        scores -= (0.5 * scale) * np.einsum("jk,jk->j", inputs, inputs)
        return np.asarray(scores)
    amplitudes = pairs.amplitudes[rows]
    centred = amplitudes * (pairs.outputs[rows] - amplitudes * shift)
    scores = (centred * scale) @ inputs.T
    scores -= (0.5 * scale * np.square(amplitudes)) @ np.square(inputs).T
    return np.asarray(scores)


def _take_log_sum(
    scores: Float[NDArray[np.float64], "n_rows n_pairs"], use: _Vector
) -> Float[NDArray[np.float64], " n_rows"]:
    """Return the log-sum-exp of every row; overwrite the scores and add the weights to ``use``."""
    largest = scores.max(axis=1)
    scores -= largest[:, None]
    np.exp(scores, out=scores)
    total = scores.sum(axis=1)
    use += (1.0 / total) @ scores
    return np.asarray(largest + np.log(total))


def _mean_and_error(values: _Vector, use: _Vector) -> tuple[float, float]:
    influence = values - use
    error = float(influence.std(ddof=1)) / math.sqrt(len(values))
    return nats_to_bits(float(values.mean())), nats_to_bits(error)


def _as_estimate(sandwich: Sandwich, n_codewords: int, notices: tuple[Notice, ...]) -> Estimate:
    parts: dict[str, Any] = {
        "lower_bits": sandwich.lower,
        "lower_standard_error": sandwich.lower_error,
        "upper_bits": sandwich.upper,
        "upper_standard_error": sandwich.upper_error,
        "log2_codewords": math.log2(n_codewords),
    }
    method = f"codebook of {n_codewords} inputs under the true likelihood"
    if not sandwich.closed:
        return bits_estimate(
            sandwich.lower,
            standard_error=sandwich.lower_error,
            method=f"{method}, lower side",
            n_points_used=n_codewords,
            side="lower_bound",
            notices=(*notices, _saturated_notice(sandwich, n_codewords)),
            **parts,
        )
    low = max(0.0, sandwich.lower - Z_95 * sandwich.lower_error)
    high = max(low, sandwich.upper + Z_95 * sandwich.upper_error)
    return bits_estimate(
        0.5 * (sandwich.lower + sandwich.upper),
        standard_error=max(sandwich.lower_error, sandwich.upper_error),
        method=f"{method}, both sides",
        n_points_used=n_codewords,
        notices=notices,
        **parts,
    ).model_copy(update={"interval": (low, high)})


def _saturated_notice(sandwich: Sandwich, n_codewords: int) -> Notice:
    message = (
        f"The lower bound of {n_codewords} codewords cannot exceed log2 {n_codewords} = "
        f"{math.log2(n_codewords):.1f} bits and reads {sandwich.lower:.2f}; the upper one reads "
        f"{sandwich.upper:.2f}. The codebook is too small for this information: use an upper "
        "bound, or the component sum."
    )
    return Notice(code="codebook_saturated", message=message)


def _subsampled_notice(n_pairs: int, limit: int) -> Notice:
    message = (
        f"{limit} of {n_pairs} pairs were drawn as the codebook, since its cost grows with the "
        "square of its size; raise max_codewords to use more."
    )
    return Notice(code="codebook_subsampled", message=message)
