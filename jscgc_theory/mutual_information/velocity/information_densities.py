"""The information density i(x; y_hat), pair by pair, from one velocity field."""

from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.mutual_information.velocity.clustered_mean import Codes, source_codes
from jscgc_theory.mutual_information.velocity.field import SourcePairs, VelocityField
from jscgc_theory.mutual_information.velocity.integrand_sample import (
    IntegrandSample,
    LawTest,
    sample_integrands,
)
from jscgc_theory.mutual_information.velocity.range_search import (
    information_has_decayed,
    search_range,
)
from jscgc_theory.mutual_information.velocity.summary import (
    summarise,
    weight_with_tails,
)
from jscgc_theory.mutual_information.velocity.tails import lower_tail, upper_tail
from jscgc_theory.mutual_information.velocity.velocity_gap import check_power_of_two
from jscgc_theory.mutual_information.velocity.velocity_information import VelocityInformation
from jscgc_theory.records import Notice, Record
from jscgc_theory.units import BITS_PER_NAT
from jscgc_theory.validation import as_generator


class InformationDensities(Record):
    """Estimated ``i(x; y_hat) = log2 p(x|y_hat)/p(x)`` of each pair."""

    density_bits: tuple[float, ...]
    """Mean of the two halves."""
    half_bits: tuple[tuple[float, ...], tuple[float, ...]]
    """Two independent readings of every pair, each from half of the draws."""
    source_codes: tuple[int, ...]
    """Number of the source point of each pair."""
    information: VelocityInformation
    """I(X; Y_hat) from the same draws, with disagreement and notices."""

    @property
    def standard_error_bits(self) -> tuple[float, ...]:
        """Monte-Carlo error of each density, from its own two halves (one degree of freedom)."""
        first, second = (np.array(half) for half in self.half_bits)
        return tuple((0.5 * np.abs(first - second)).tolist())

    @property
    def noise_bits(self) -> float:
        """Root mean square of the Monte-Carlo errors."""
        return float(np.sqrt(np.mean(np.square(self.standard_error_bits))))

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the reader must know."""
        return self.information.notices


def information_densities(
    field: VelocityField,
    x: ArrayLike,
    y_hat: ArrayLike,
    *,
    rng: Any = None,
    n_draws: int = 256,
    t_range: tuple[float, float] | None = None,
) -> InformationDensities:
    r"""Estimate the information density of each pair, the loss gap averaged over noise alone.

    ``i(x; y_hat) = (1/ln 2) int (1-t)^2 E_n(|u - v_u|^2 - |u - v_c|^2) dlambda``;
    its mean over pairs is I.

    Args:
        field: ``v(x_t, t, y_hat)``; with y_hat None the field of the same data's marginal law.
        x: Held-out source points, shape (n_pairs, x_dim).
        y_hat: Their received signals, shape (n_pairs, y_dim).
        rng: Generator or seed.
        n_draws: Draws of (t, noise) for each pair, a power of two of at least 4.
        t_range: Times the field may be asked at; None for all.

    Returns:
        The densities in bits with each pair's Monte-Carlo error.

    Raises:
        InputError: If the pairs, the range or the field's answers are unusable.

    References:
        Kong, Brekelmans and Ver Steeg, "Information-theoretic diffusion", ICLR 2023.
    """
    pairs = SourcePairs.from_arrays(x, y_hat)
    draws = check_power_of_two(n_draws, minimum=4)
    generator = as_generator(rng)
    lambda_range = search_range(field, pairs, t_range, generator, is_last=information_has_decayed)
    halves = [
        sample_integrands(field, pairs, lambda_range, draws // 2, generator) for _ in range(2)
    ]
    sample, codes = _joined(*halves), source_codes(pairs.x)
    bits = _densities_of_halves(sample, codes, pairs.total_variance)
    return InformationDensities(
        density_bits=tuple(bits.mean(axis=0).tolist()),
        half_bits=(tuple(bits[0].tolist()), tuple(bits[1].tolist())),
        source_codes=tuple(codes.tolist()),
        information=summarise(sample, codes, pairs.total_variance),
    )


def _densities_of_halves(
    sample: IntegrandSample, codes: Codes, total_variance: float
) -> Float[NDArray[np.float64], "2 n_pairs"]:
    lower = lower_tail(sample, codes)
    upper = upper_tail(sample, codes, total_variance)
    weighted = weight_with_tails(sample, lower, upper) * sample.loss_gap
    halves = weighted.reshape(len(weighted), 2, -1).sum(axis=2)
    # A half's weights add to half of the range.
    return np.asarray(2.0 * BITS_PER_NAT * halves.T)


def _joined(first: IntegrandSample, second: IntegrandSample) -> IntegrandSample:
    def both(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([a, b], axis=1)

    law_test = None
    if first.law_test is not None and second.law_test is not None:
        law_test = LawTest(*map(both, first.law_test, second.law_test))
    return IntegrandSample(
        log_odds=both(first.log_odds, second.log_odds),
        weight=0.5 * both(first.weight, second.weight),
        unconditional=both(first.unconditional, second.unconditional),
        conditional=both(first.conditional, second.conditional),
        squared=both(first.squared, second.squared),
        law_test=law_test,
        lambda_range=first.lambda_range,
    )
