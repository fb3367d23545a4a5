"""Nearest neighbours on the few directions of feature space that carry the dependence."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import stats

from jscgc_theory.mutual_information.estimator import MIEstimator, bits_estimate
from jscgc_theory.mutual_information.latent.features import Features
from jscgc_theory.mutual_information.nearest_neighbour import KSG
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric.gaussian_model import GaussianModel
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.validation import as_generator, check_count

_LEVEL = 1e-3


class LatentMI(MIEstimator):
    r"""I(f(X); g(Y)) <= I(X; Y), with few-dimensional f and g that carry the dependence.

    Canonical correlation of bounded features (normal scores, polynomials of ranks and of the
    radius) on one half of the pairs gives directions; those that Bartlett's test finds
    dependent are kept, and the nearest-neighbour information of the other half in them is taken.
    Both halves play both parts. The directions know nothing of the pairs they are judged on, so
    data processing makes the answer a lower bound; what the directions leave out is not seen,
    which is why it claims no more.

    Args:
        max_dim: Most directions kept on each side; nearest neighbours fail in many.
        n_neighbours: Neighbours of the estimator in the latent space.
        rng: Generator or seed: halves the pairs.
    """

    def __init__(
        self,
        *,
        max_dim: int = 3,
        n_neighbours: int = 5,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.max_dim = max_dim
        self.n_neighbours = n_neighbours
        self.rng = rng

    def estimate(self, sample: PairedSample) -> Estimate:
        """Bound the mutual information from below.

        Args:
            sample: Distinct pairs.

        Returns:
            The mean over both halves, in bits, side ``lower_bound``.

        Raises:
            InputError: If a setting is out of range or there are too few pairs.
        """
        most = check_count(self.max_dim, name="max_dim")
        rng = as_generator(self.rng)
        first, second = sample.split(0.5, rng)
        halves = []
        for learnt_on, judged_on in ((first, second), (second, first)):
            directions = Directions.of(learnt_on, most)
            found = self._information(directions(judged_on), rng)
            halves.append((directions.n_kept, found))
        # The textbook value: smoothing only lowers it, and nothing is extrapolated.
        values = [found.details["ksg_bits"] for _, found in halves]
        errors = [found.details["sampling_error_bits"] for _, found in halves]
        carried = {notice.code: notice for _, found in halves for notice in found.notices}
        return bits_estimate(
            float(np.mean(values)),
            standard_error=float(np.hypot(*errors)) / 2.0,
            method="nearest neighbours on canonical directions of features learnt on other pairs",
            n_points_used=sample.n_pairs,
            side="lower_bound",
            notices=tuple(carried.values()),
            n_directions=[kept for kept, _ in halves],
        )

    def _information(self, latent: PairedSample, rng: np.random.Generator) -> Estimate:
        if not latent.x_dim:
            message = "No direction carries a dependence that the pairs can show."
            notice = Notice(code="no_dependence_found", message=message)
            return bits_estimate(
                0.0,
                standard_error=0.0,
                method="none",
                n_points_used=0,
                notices=(notice,),
                ksg_bits=0.0,
                sampling_error_bits=0.0,
            )
        return KSG(n_neighbours=self.n_neighbours, rng=rng).estimate(latent)


@dataclass(frozen=True)
class Directions:
    """Canonical directions of features that depend on each other."""

    x_features: Features
    y_features: Features
    model: GaussianModel
    n_kept: int

    @classmethod
    def of(cls, sample: PairedSample, most: int) -> Self:
        """Learn features and directions.

        Args:
            sample: Distinct pairs.
            most: Most directions to keep.

        Returns:
            The directions, strongest first.

        Raises:
            InputError: If there are too few pairs or an exact relation.
        """
        x_features, y_features = Features.of(sample.x), Features.of(sample.y)
        model = GaussianModel.of(PairedSample(x_features(sample.x), y_features(sample.y)))
        return cls(x_features, y_features, model, min(most, _n_dependent(model, sample.n_pairs)))

    def __call__(self, sample: PairedSample) -> PairedSample:
        """Return the pairs in the kept directions."""
        u = self.model.to_u(self.x_features(sample.x))
        v = self.model.to_v(self.y_features(sample.y))
        return PairedSample(u[:, : self.n_kept], v[:, : self.n_kept])


def _n_dependent(model: GaussianModel, n_pairs: int) -> int:
    r"""Count the directions dependent by Bartlett's test.

    After k directions -(n - 1 - (p + q + 1)/2) sum_{i > k} log(1 - rho_i^2) is chi-squared with
    (p - k)(q - k) degrees of freedom if the rest are independent (Bartlett 1941).
    """
    p, q = model.to_u.rank, model.to_v.rank
    scale = n_pairs - 1 - 0.5 * (p + q + 1)
    left = -2.0 * scale * np.cumsum(np.log(model.sines[::-1]))[::-1]
    k = np.arange(len(left))
    p_values = stats.chi2.sf(left, (p - k) * (q - k))
    return int(np.argmax(np.append(p_values > _LEVEL, True)))
