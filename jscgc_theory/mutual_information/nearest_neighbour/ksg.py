"""The nearest-neighbour estimator of mutual information."""

import numpy as np

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.estimator import MIEstimator, bits_estimate
from jscgc_theory.mutual_information.nearest_neighbour.block_error import block_standard_error
from jscgc_theory.mutual_information.nearest_neighbour.ksg_notices import (
    NO_INTERVAL,
    bias_notice,
    discrete_notice,
    ties_notice,
)
from jscgc_theory.mutual_information.nearest_neighbour.marginal_scores import (
    MARGINALS,
    rescaled,
    tied_share,
)
from jscgc_theory.mutual_information.nearest_neighbour.neighbour_counts import neighbour_counts
from jscgc_theory.mutual_information.nearest_neighbour.non_uniformity import non_uniformity_bits
from jscgc_theory.mutual_information.nearest_neighbour.smoothing_trend import (
    COARSENING,
    SmoothingTrend,
)
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.validation import as_generator, check_count

ALGORITHMS = (1, 2)


class KSG(MIEstimator):
    r"""Mutual information from distances to nearest neighbours.

    With k neighbours in the joint space under the maximum norm, algorithm 1 of Kraskov et al.
    (2004, eq. 8) is I = psi(k) + psi(N) - <psi(n_x + 1) + psi(n_y + 1)>, where n_x counts points
    whose x is strictly nearer than the k-th neighbour. The estimate misses what varies within a
    neighbourhood. Its trend over k, 4k and 8k neighbours says how much (``smoothing_trend``):
    half of what a smooth density would have to come is added, and the standard error holds the
    spread over disjoint blocks together with the doubt that remains. Where that doubt exceeds
    5 % and 0.05 bit, the notice ``ksg_biased`` says so and no interval is claimed.

    Args:
        n_neighbours: k.
        algorithm: 1 or 2 of Kraskov et al.
        marginals: Scale of the columns: ``normal`` scores of their ranks, ``standardised``, or
            ``raw``. I is the same for all; on heavy tails normal scores are the most accurate.
        non_uniformity_correction: Whether to add the local non-uniformity correction of Gao et
            al. (2015), for pairs that lie close to a curve or surface. No interval is claimed.
        rng: Orders equal values and draws blocks; a generator or a seed.

    References:
        Kraskov, Stoegbauer, Grassberger. Estimating mutual information. Physical Review E 69
        (2004), 066138.
    """

    def __init__(
        self,
        *,
        n_neighbours: int = 5,
        algorithm: int = 1,
        marginals: str = "normal",
        non_uniformity_correction: bool = False,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.n_neighbours = n_neighbours
        self.algorithm = algorithm
        self.marginals = marginals
        self.non_uniformity_correction = non_uniformity_correction
        self.rng = rng

    def estimate(self, sample: PairedSample) -> Estimate:
        """Estimate I(X; Y) in bits.

        Args:
            sample: Distinct pairs.

        Returns:
            The estimate; the detail ``ksg_bits`` is the textbook value at k.

        Raises:
            InputError: If a setting is unusable or the pairs are too few for k.
        """
        self._check(sample)
        rng = as_generator(self.rng)
        scaled = self._scaled(sample, rng)
        trend = self._trend(scaled, COARSENING)
        thinness = self._thinness_bits(scaled)
        sampling_error = block_standard_error(
            sample, lambda block: self._block_value(block, rng), rng
        )
        ties = tied_share(sample.x), tied_share(sample.y)
        notices = self._notices(sample, trend, ties)
        error = float(np.hypot(sampling_error, trend.doubt_bits))
        return bits_estimate(
            trend.value_bits + thinness,
            standard_error=None if notices else error,
            method=f"nearest neighbours (KSG algorithm {self.algorithm}, k = {self.n_neighbours})",
            n_points_used=sample.n_pairs,
            notices=notices,
            ksg_bits=trend.fine_bits,
            rise_bits=trend.rise_bits,
            earlier_rise_bits=trend.earlier_rise_bits,
            smoothing_doubt_bits=trend.doubt_bits,
            sampling_error_bits=sampling_error,
            non_uniformity_bits=thinness,
            tied_share=max(ties),
            marginals=self.marginals,
        )

    def _notices(
        self, sample: PairedSample, trend: SmoothingTrend, ties: tuple[float, float]
    ) -> tuple[Notice, ...]:
        found = (
            bias_notice(trend),
            ties_notice(max(ties)) if self.marginals != "normal" else None,
            discrete_notice(sample.n_duplicates, sample.n_pairs, min(ties)),
            NO_INTERVAL if self.non_uniformity_correction else None,
        )
        return tuple(notice for notice in found if notice is not None)

    def _scaled(self, sample: PairedSample, rng: np.random.Generator) -> PairedSample:
        return PairedSample(
            rescaled(sample.x, self.marginals, rng, name="x"),
            rescaled(sample.y, self.marginals, rng, name="y"),
        )

    def _trend(self, scaled: PairedSample, coarsening: tuple[int, ...]) -> SmoothingTrend:
        k = self.n_neighbours
        scales = tuple(factor * k for factor in coarsening)
        counts = neighbour_counts(scaled.x, scaled.y, scales, self.algorithm)
        return SmoothingTrend.of(*counts, k, self.algorithm, scaled.x_dim + scaled.y_dim)

    def _block_value(self, block: PairedSample, rng: np.random.Generator) -> float:
        return self._trend(self._scaled(block, rng), COARSENING[:2]).value_bits

    def _thinness_bits(self, scaled: PairedSample) -> float:
        if not self.non_uniformity_correction:
            return 0.0
        dim = scaled.x_dim + scaled.y_dim
        if self.n_neighbours <= dim:
            raise InputError(
                f"n_neighbours = {self.n_neighbours} does not span the {dim} columns of x and y, "
                f"which the non-uniformity correction needs; use at least {2 * dim}"
            )
        return non_uniformity_bits(np.hstack([scaled.x, scaled.y]), self.n_neighbours)

    def _check(self, sample: PairedSample) -> None:
        k = check_count(self.n_neighbours, name="n_neighbours")
        if self.algorithm not in ALGORITHMS:
            raise InputError(f"algorithm = {self.algorithm!r} is unknown; use 1 or 2")
        if self.marginals not in MARGINALS:
            raise InputError(f"marginals = {self.marginals!r} is unknown; use one of {MARGINALS}")
        needed = COARSENING[-1] * k + 2
        if sample.n_pairs < needed:
            raise InputError(
                f"{sample.n_pairs} pairs are too few for n_neighbours = {k}; give at least "
                f"{needed}, or fewer neighbours"
            )
