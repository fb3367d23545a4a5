"""The mutual information of coordinate-wise monotone maps of Gaussian pairs."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from jscgc_theory.mutual_information.estimator import bits_estimate
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric.gaussian import gaussian_information_bits
from jscgc_theory.mutual_information.parametric.gaussian_model import GaussianModel
from jscgc_theory.mutual_information.parametric.misfit import (
    misfit_bits,
    misfit_notices,
    tolerance_bits,
)
from jscgc_theory.mutual_information.parametric.model import (
    JointModel,
    Matrix,
    ParametricMI,
    Vector,
)
from jscgc_theory.mutual_information.parametric.normal_scores import RankTransform
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.units import nats_to_bits

_BLUR_UNCERTAINTY = 0.5
"""Of the correction for the resolution of ranks, as a share of it."""


@dataclass(frozen=True)
class GaussianCopulaModel(JointModel):
    """A Gaussian law of the normal scores of the coordinates."""

    x_ranks: RankTransform
    y_ranks: RankTransform
    gaussian: GaussianModel

    def scores(self, sample: PairedSample) -> PairedSample:
        """Return the normal scores of pairs among those the model was fitted to."""
        x, y = self.x_ranks.levels(sample.x), self.y_ranks.levels(sample.y)
        return PairedSample(special.ndtri(x), special.ndtri(y))

    def log_ratio_nats(self, sample: PairedSample) -> Vector:
        """Return the log density ratio of each pair, that of its scores."""
        return self.gaussian.log_ratio_nats(self.scores(sample))

    def all_pairs_log_ratio_nats(self, sample: PairedSample) -> Matrix:
        """Return the log density ratio of each x with each y."""
        return self.gaussian.all_pairs_log_ratio_nats(self.scores(sample))


class GaussianCopulaMI(ParametricMI):
    r"""I of pairs with a Gaussian copula: the Gaussian answer on normal scores.

    I does not change under maps of single coordinates, so the answer is exact for every
    coordinate-wise monotone map of a Gaussian pair (asinh, cube, distribution functions),
    whatever the maps. Normal-scores correlations have the same influence on I as ordinary ones
    (Klaassen and Wellner 1997), hence the same standard error.

    References:
        Klaassen, Wellner. Efficient estimation in the bivariate normal copula model. 1997.
    """

    model_: GaussianCopulaModel

    def fit_model(self, sample: PairedSample) -> GaussianCopulaModel:
        """Fit the law of the scores.

        Args:
            sample: Distinct pairs, more than the dimensions they fill.

        Returns:
            The fitted law.

        Raises:
            InputError: If there are too few pairs, or the scores hold an exact linear relation.
        """
        ranks = RankTransform.of(sample.x), RankTransform.of(sample.y)
        levels = ranks[0].levels(sample.x), ranks[1].levels(sample.y)
        scores = PairedSample(special.ndtri(levels[0]), special.ndtri(levels[1]))
        return GaussianCopulaModel(*ranks, GaussianModel.of(scores))

    def estimate(self, sample: PairedSample) -> Estimate:
        """Estimate the mutual information under a Gaussian copula, and test the copula.

        Args:
            sample: Distinct pairs.

        Returns:
            The estimate in bits.

        Raises:
            InputError: If there are too few pairs, or the scores hold an exact linear relation.
        """
        model = self.model_ = self.fit_model(sample)
        scores = model.scores(sample)
        plain, first_error, bias = gaussian_information_bits(model.gaussian, scores)
        blur = rank_blur_bits(model.gaussian, sample.n_pairs)
        value = plain + blur
        misfit = misfit_bits(model.gaussian.residuals(scores), value)
        return bits_estimate(
            value,
            standard_error=float(np.hypot(first_error, _BLUR_UNCERTAINTY * blur)),
            method="Gaussian law of normal scores, bias of the log-determinants removed",
            n_points_used=sample.n_pairs,
            notices=_blur_notices(blur, value)
            + misfit_notices(
                "not_gaussian_copula",
                "a Gaussian law even with every coordinate made normal",
                misfit,
                "Use StudentMI for heavy tails, MixtureMI or a nearest-neighbour estimator "
                "otherwise.",
            ),
            bias_removed_bits=bias,
            rank_blur_bits=blur,
        )


def rank_blur_bits(model: GaussianModel, n_pairs: int) -> float:
    r"""Return how much the information of ranks falls short.

    Near a point u the ranks of X and of Y count sets that differ in a share phi(u) s
    sqrt(2/pi) of the pairs, s^2 = 1 - rho^2, so v - rho u carries the extra variance
    s sqrt(2/pi) / (n phi(u)). Over the range of n scores, 2 sqrt(2 log n) wide, its mean is s w
    with w = (4 / sqrt(pi)) sqrt(log n) / n, so s^2 + s w is what is seen for s^2, and log s reads
    asinh(w / 2s) too high. The factor rho^2 lets it vanish with the dependence.

    Args:
        model: The Gaussian law of the scores.
        n_pairs: Pairs behind the ranks.

    Returns:
        The shortfall in bits, summed over the canonical directions.
    """
    half_width = 2.0 * np.sqrt(np.log(n_pairs) / np.pi) / n_pairs
    shares = np.square(model.correlations) * np.arcsinh(half_width / model.sines)
    return nats_to_bits(float(shares.sum()))


def _blur_notices(blur: float, value: float) -> tuple[Notice, ...]:
    if blur <= tolerance_bits(value):
        return ()
    message = (
        f"Ranks cannot resolve a relation this close: about {blur:.2g} bits were lost to them "
        "and put back by an approximation. Use GaussianMI, or add pairs."
    )
    return (Notice(code="rank_resolution", message=message),)
