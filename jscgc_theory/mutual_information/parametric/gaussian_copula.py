"""The mutual information of coordinate-wise monotone maps of Gaussian pairs."""

from dataclasses import dataclass

from scipy import special

from jscgc_theory.mutual_information.estimator import bits_estimate
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric.gaussian import gaussian_information_bits
from jscgc_theory.mutual_information.parametric.gaussian_model import GaussianModel
from jscgc_theory.mutual_information.parametric.misfit import misfit_bits, misfit_notices
from jscgc_theory.mutual_information.parametric.model import (
    JointModel,
    Matrix,
    ParametricMI,
    Vector,
)
from jscgc_theory.mutual_information.parametric.normal_scores import RankTransform
from jscgc_theory.records import Estimate


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
        value, standard_error, bias = gaussian_information_bits(model.gaussian, scores)
        misfit = misfit_bits(model.gaussian.residuals(scores), value)
        return bits_estimate(
            value,
            standard_error=standard_error,
            method="Gaussian law of normal scores, bias of the log-determinants removed",
            n_points_used=sample.n_pairs,
            notices=misfit_notices(
                "not_gaussian_copula",
                "a Gaussian law even with every coordinate made normal",
                misfit,
                "Use StudentMI for heavy tails, MixtureMI or a nearest-neighbour estimator "
                "otherwise.",
            ),
            bias_removed_bits=bias,
        )
