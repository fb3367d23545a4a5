"""The mutual information of pairs through a mixture of Gaussian laws."""

import warnings
from typing import Any

import numpy as np
from scipy import special

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.estimator import bits_estimate
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric.held_out_bound import folds
from jscgc_theory.mutual_information.parametric.misfit import misfit_bits, misfit_notices
from jscgc_theory.mutual_information.parametric.mixture_model import Mixture, MixtureModel
from jscgc_theory.mutual_information.parametric.model import Matrix, ParametricMI, Residuals
from jscgc_theory.mutual_information.parametric.normal_scores import RankTransform
from jscgc_theory.records import Estimate
from jscgc_theory.units import nats_to_bits
from jscgc_theory.validation import as_generator, check_count

_VALIDATION_SHARE = 0.25
_RIDGE = 1e-6
_PATIENCE = 2
"""Doublings beyond the best that are still tried: two may be poor where four are good."""


class MixtureMI(ParametricMI):
    r"""I = mean of log2 p(x, y)/(p(x) p(y)) over held-out pairs, p a fitted Gaussian mixture.

    The mixture lives on normal scores of the coordinates, so that tails and units do no harm.
    The number of components, doubled from 1, is the one of greatest likelihood on a validation
    part; the ratio is evaluated on folds the mixture was not fitted to, so more components
    cannot inflate it. The residuals of the held-out pairs tell whether the mixture is the law.

    Args:
        max_components: Most components tried.
        n_folds: Folds of the cross-fit.
        rng: Generator or seed: deals the folds and starts the fits.
    """

    model_: MixtureModel

    def __init__(
        self,
        *,
        max_components: int = 32,
        n_folds: int = 5,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.max_components = max_components
        self.n_folds = n_folds
        self.rng = rng

    def fit_model(self, sample: PairedSample) -> MixtureModel:
        """Fit the mixture, its number of components chosen on a validation part.

        Args:
            sample: Distinct pairs.

        Returns:
            The fitted law.

        Raises:
            InputError: If a setting is out of range or there are too few pairs.
        """
        rng = as_generator(self.rng)
        return self._fitted(sample, self._likeliest_number(sample, rng), rng)

    def estimate(self, sample: PairedSample) -> Estimate:
        """Estimate the mutual information under a mixture, and test the mixture.

        Args:
            sample: Distinct pairs.

        Returns:
            The estimate in bits.

        Raises:
            InputError: If a setting is out of range or there are too few pairs.
        """
        rng = as_generator(self.rng)
        number = self._likeliest_number(sample, rng)
        parts, ratios = [], []
        for fitted, held_out in folds(sample, rng, self.n_folds):
            model = self._fitted(fitted, number, rng)
            ratios.append(model.log_ratio_nats(held_out))
            parts.append(model.residuals(held_out))
        self.model_ = model
        ratio = np.concatenate(ratios)
        value = nats_to_bits(float(ratio.mean()))
        misfit = misfit_bits(_stacked(parts), value)
        return bits_estimate(
            value,
            standard_error=nats_to_bits(float(ratio.std()) / np.sqrt(sample.n_pairs)),
            method=f"Gaussian mixture of normal scores, {number} components, cross-fitted",
            n_points_used=sample.n_pairs,
            notices=misfit_notices(
                "not_a_mixture",
                f"a mixture of {number} Gaussian laws",
                misfit,
                "Use a nearest-neighbour estimator in few dimensions, or add pairs.",
            ),
            n_components=number,
        )

    def _likeliest_number(self, sample: PairedSample, rng: np.random.Generator) -> int:
        """Double the number of components while the held-out likelihood rises."""
        most = check_count(self.max_components, name="max_components")
        validation, fitted = sample.split(_VALIDATION_SHARE, rng)
        ranks = RankTransform.of(fitted.x), RankTransform.of(fitted.y)
        train, test = _scores(fitted, *ranks), _scores(validation, *ranks)
        heights: dict[int, float] = {}
        for number in _doublings(min(most, len(train) // (2 * train.shape[1] + 2))):
            heights[number] = float(_fit_components(train, number, rng).score(test))
            best = max(heights, key=heights.__getitem__)
            if number > _PATIENCE * best:
                break
        if not heights:
            raise InputError(
                f"{sample.n_pairs} pairs in {train.shape[1]} dimensions are too few for a "
                "mixture; add pairs or reduce the dimensions first"
            )
        return best

    def _fitted(self, sample: PairedSample, number: int, rng: np.random.Generator) -> MixtureModel:
        ranks = RankTransform.of(sample.x), RankTransform.of(sample.y)
        found = _fit_components(_scores(sample, *ranks), number, rng)
        order = np.roll(np.arange(sample.x_dim + sample.y_dim), -sample.x_dim)
        x_first = Mixture.of(found.weights_, found.means_, found.covariances_)
        turned = found.covariances_[:, order][:, :, order]
        y_first = Mixture.of(found.weights_, found.means_[:, order], turned)
        return MixtureModel(*ranks, x_first, y_first)


def _doublings(most: int) -> list[int]:
    return [2**power for power in range(max(most, 0).bit_length())]


def _scores(sample: PairedSample, x_ranks: RankTransform, y_ranks: RankTransform) -> Matrix:
    levels = np.hstack([x_ranks.levels(sample.x), y_ranks.levels(sample.y)])
    return np.asarray(special.ndtri(levels))


def _fit_components(scores: Matrix, number: int, rng: np.random.Generator) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    seed = int(rng.integers(2**31))
    mixture = GaussianMixture(number, reg_covar=_RIDGE, max_iter=300, random_state=seed)
    with warnings.catch_warnings():
        # An unfinished climb is a law like any other; held-out pairs judge it.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return mixture.fit(scores)


def _stacked(parts: list[Residuals]) -> Residuals:
    names = "x", "y", "x_given_y", "y_given_x"
    return Residuals(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
