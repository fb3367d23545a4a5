"""The mutual information of coordinate-wise monotone maps of pairs with a joint t law."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray
from scipy import linalg, optimize, stats

from jscgc_theory.mutual_information.estimator import Z_95, bits_estimate
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric.gaussian_model import GaussianModel
from jscgc_theory.mutual_information.parametric.misfit import misfit_bits, misfit_notices
from jscgc_theory.mutual_information.parametric.model import (
    JointModel,
    Matrix,
    ParametricMI,
    Vector,
)
from jscgc_theory.mutual_information.parametric.normal_scores import RankTransform
from jscgc_theory.mutual_information.parametric.student_fit import fit_student, log_radial_density
from jscgc_theory.mutual_information.parametric.student_model import (
    StudentModel,
    scatter_inflation,
)
from jscgc_theory.mutual_information.parametric.wishart import information_bias_nats
from jscgc_theory.records import Estimate
from jscgc_theory.units import nats_to_bits

_DOF_RANGE = (0.3, 1e4)
"""Below, quantiles of the scores overflow; above, the copula is Gaussian to within a sample."""
_TOLERANCE = 1e-2
"""Of log nu."""
_SEARCH_TOLERANCE = 1e-6
"""Of the mean log-likelihood, on the way to nu."""
_NEAR = 1.0
"""How far log nu may lie from that of almost the same pairs."""
_GROUPS = 10
_STUDENT_95 = 2.262
"""97.5 % quantile of the t law with 9 degrees of freedom, those of the jackknife's error."""


@dataclass(frozen=True)
class StudentCopulaModel(JointModel):
    """A joint t law of the t scores of the coordinates."""

    x_ranks: RankTransform
    y_ranks: RankTransform
    student: StudentModel

    def scores(self, sample: PairedSample) -> PairedSample:
        """Return the t scores of pairs."""
        x, y = self.x_ranks.levels(sample.x), self.y_ranks.levels(sample.y)
        return PairedSample(_quantiles(x, self.student.dof), _quantiles(y, self.student.dof))

    def log_ratio_nats(self, sample: PairedSample) -> Vector:
        """Return the log density ratio of each pair, that of its scores."""
        return self.student.log_ratio_nats(self.scores(sample))

    def all_pairs_log_ratio_nats(self, sample: PairedSample) -> Matrix:
        """Return the log density ratio of each x with each y."""
        return self.student.all_pairs_log_ratio_nats(self.scores(sample))


class StudentCopulaMI(ParametricMI):
    r"""I of pairs with a Student t copula, by maximum pseudo-likelihood.

    Ranks give every coordinate a t law with nu degrees of freedom; nu maximises the likelihood
    of the copula of these scores (Genest, Ghoudi and Rivest 1995), their scatter is fitted as
    for a joint t law. Exact for every coordinate-wise monotone map of such a law.

    References:
        Genest, Ghoudi, Rivest. A semiparametric estimation procedure of dependence parameters
        in multivariate families of distributions. 1995.
    """

    model_: StudentCopulaModel

    def fit_model(self, sample: PairedSample) -> StudentCopulaModel:
        """Fit the copula.

        Args:
            sample: Distinct pairs, more than the dimensions they fill.

        Returns:
            The fitted law.

        Raises:
            InputError: If there are too few pairs, or the scores hold an exact linear relation.
        """
        return self._fit(sample)[0]

    def estimate(self, sample: PairedSample) -> Estimate:
        """Estimate the mutual information under a t copula, and test the copula.

        Args:
            sample: Distinct pairs.

        Returns:
            The estimate in bits.

        Raises:
            InputError: If there are too few pairs, or the scores hold an exact linear relation.
        """
        model, weights = self._fit(sample)
        self.model_ = model
        scores = model.scores(sample)
        value = _corrected_bits(model, sample.n_pairs)
        notices = misfit_notices(
            "not_student_copula",
            "a joint Student t law even with every coordinate given its margin",
            misfit_bits(model.student.residuals(scores), value),
            "Use MixtureMI, LatentMI or a nearest-neighbour estimator.",
        )
        # Ten more fits for the error of a law that does not fit would be wasted.
        error = None if notices else self._jackknife_error(sample, model.student.dof, weights)
        return bits_estimate(
            value,
            standard_error=error,
            method="Student t copula by maximum pseudo-likelihood",
            n_points_used=sample.n_pairs,
            notices=notices,
            degrees_of_freedom=model.student.dof,
        )

    def _fit(
        self, sample: PairedSample, dof: float | None = None, weights: Vector | None = None
    ) -> tuple[StudentCopulaModel, Vector]:
        """Fit the copula and return the weights of its pairs; start from a fit of almost these."""
        ranks = RankTransform.of(sample.x), RankTransform.of(sample.y)
        x_levels, y_levels = ranks[0].levels(sample.x), ranks[1].levels(sample.y)
        # Refuses what has no copula density before anything is fitted.
        GaussianModel.of(PairedSample(stats.norm.ppf(x_levels), stats.norm.ppf(y_levels)))
        dof, start = _likeliest_copula(np.hstack([x_levels, y_levels]), dof, weights)
        scores = PairedSample(_quantiles(x_levels, dof), _quantiles(y_levels, dof))
        _, weights = fit_student(np.hstack([scores.x, scores.y]), dof, start)
        student = StudentModel(GaussianModel.of(scores, weights), dof)
        return StudentCopulaModel(*ranks, student), weights

    def _jackknife_error(self, sample: PairedSample, dof: float, weights: Vector) -> float:
        """Return the delete-a-group jackknife's error: ranks tie all pairs together.

        It is widened so that a normal interval covers as the t interval of few groups does.
        """
        rows = np.arange(sample.n_pairs)
        values = []
        for group in range(_GROUPS):
            kept = rows[rows % _GROUPS != group]
            model, _ = self._fit(sample.take(kept), dof, weights[kept])
            values.append(_corrected_bits(model, len(kept)))
        return float(np.std(values) * np.sqrt(_GROUPS - 1.0)) * _STUDENT_95 / Z_95


def _corrected_bits(model: StudentCopulaModel, n_pairs: int) -> float:
    x_dim, y_dim = model.student.dims
    inflation = scatter_inflation(model.student.dof, x_dim + y_dim)
    bias = inflation * information_bias_nats(x_dim, y_dim, n_pairs - 1)
    return nats_to_bits(model.student.information_nats - bias)


def _quantiles(
    levels: Float[NDArray[np.float64], "n_points dim"], dof: float
) -> Float[NDArray[np.float64], "n_points dim"]:
    """Return t quantiles; the columns share most of their levels, so each is found once."""
    distinct, places = np.unique(levels, return_inverse=True)
    return np.asarray(stats.t.ppf(distinct, dof)[places.reshape(levels.shape)])


def _likeliest_copula(
    levels: Float[NDArray[np.float64], "n_points dim"],
    dof: float | None,
    weights: Float[NDArray[np.float64], " n_points"] | None,
) -> tuple[float, Float[NDArray[np.float64], " n_points"] | None]:
    """Return the degrees of freedom, near some if they are known, and weights to start from."""
    low, high = np.log(_DOF_RANGE)
    if dof is not None:
        low, high = max(low, np.log(dof) - _NEAR), min(high, np.log(dof) + _NEAR)

    def loss(log_dof: float) -> float:
        nonlocal weights
        # Neighbouring nu have neighbouring weights: each fit starts where the last one ended.
        log_density, weights = _log_copula(levels, float(np.exp(log_dof)), weights)
        return -float(log_density.mean())

    found = optimize.minimize_scalar(
        loss, bounds=(low, high), method="bounded", options={"xatol": _TOLERANCE}
    )
    return float(np.exp(found.x)), weights


def _log_copula(
    levels: Float[NDArray[np.float64], "n_points dim"],
    dof: float,
    weights: Float[NDArray[np.float64], " n_points"] | None = None,
) -> tuple[Float[NDArray[np.float64], " n_points"], Float[NDArray[np.float64], " n_points"]]:
    """Return the log copula density of each point, its scatter fitted at this nu, and weights."""
    scores = _quantiles(levels, dof)
    _, weights = fit_student(scores, dof, weights, tolerance=_SEARCH_TOLERANCE)
    scatter = (scores * weights[:, None]).T @ scores / len(scores)
    spread = np.sqrt(np.diagonal(scatter))
    factor = np.linalg.cholesky(scatter / np.outer(spread, spread))
    points = linalg.solve_triangular(factor, scores.T, lower=True).T
    joint = log_radial_density(np.square(points).sum(axis=1), scores.shape[1], dof)
    margins = log_radial_density(np.square(scores), 1, dof).sum(axis=1)
    return np.asarray(joint - np.log(np.diagonal(factor)).sum() - margins), weights
