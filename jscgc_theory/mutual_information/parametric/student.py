"""The mutual information of pairs that follow a joint Student t law."""

import numpy as np

from jscgc_theory.mutual_information.estimator import bits_estimate
from jscgc_theory.mutual_information.paired_sample import PairedSample
from jscgc_theory.mutual_information.parametric.gaussian_model import GaussianModel
from jscgc_theory.mutual_information.parametric.misfit import misfit_bits, misfit_notices
from jscgc_theory.mutual_information.parametric.model import ParametricMI, Vector
from jscgc_theory.mutual_information.parametric.student_fit import (
    fit_student,
    log_radial_density,
)
from jscgc_theory.mutual_information.parametric.student_model import (
    StudentModel,
    radius_information_nats,
    scatter_inflation,
)
from jscgc_theory.mutual_information.parametric.wishart import (
    information_bias_nats,
    null_variance,
)
from jscgc_theory.records import Estimate
from jscgc_theory.units import nats_to_bits

_STEP = 1e-4
"""Relative step of nu in numerical derivatives."""


class StudentMI(ParametricMI):
    r"""I of a multivariate t fitted by maximum likelihood to the joint sample.

    I is the Gaussian expression in the scatter plus what the common radius of X and Y tells,
    0.43 nats in 2 + 2 dimensions at one degree of freedom even without correlation. It needs no
    moment of the data to exist.

    References:
        Arellano-Valle, Contreras-Reyes, Genton. Shannon entropy and mutual information for
        multivariate skew-elliptical distributions. 2013.
    """

    model_: StudentModel

    def fit_model(self, sample: PairedSample) -> StudentModel:
        """Fit the t law.

        Args:
            sample: Distinct pairs, more than the dimensions they fill.

        Returns:
            The fitted law.

        Raises:
            InputError: If there are too few pairs, or x and y hold an exact linear relation.
        """
        start = GaussianModel.of(sample)
        plain = start.residuals(sample)
        dof, weights = fit_student(np.hstack([plain.x, plain.y_given_x]))
        return StudentModel(GaussianModel.of(sample, weights), dof)

    def estimate(self, sample: PairedSample) -> Estimate:
        """Estimate the mutual information under a joint t law, and test the law.

        Args:
            sample: Distinct pairs.

        Returns:
            The estimate in bits.

        Raises:
            InputError: If there are too few pairs, or x and y hold an exact linear relation.
        """
        model = self.model_ = self.fit_model(sample)
        value, standard_error, bias = _information_bits(model, sample)
        misfit = misfit_bits(model.residuals(sample), value)
        return bits_estimate(
            value,
            standard_error=standard_error,
            method="multivariate Student t by maximum likelihood, bias of the scatter removed",
            n_points_used=sample.n_pairs,
            notices=misfit_notices(
                "not_student",
                "a joint Student t law",
                misfit,
                "Use GaussianCopulaMI for monotone distortions of the coordinates, MixtureMI or "
                "a nearest-neighbour estimator otherwise.",
            ),
            degrees_of_freedom=model.dof,
            bias_removed_bits=bias,
        )


def _information_bits(model: StudentModel, sample: PairedSample) -> tuple[float, float, float]:
    """Return the corrected information, its standard error and the bias removed, in bits.

    Pairs influence I through the shape of the scatter, which is orthogonal to scale and nu for
    elliptical laws, and through nu.
    """
    x_dim, y_dim = model.dims
    dim, nu, degrees = x_dim + y_dim, model.dof, sample.n_pairs - 1
    inflation = scatter_inflation(nu, dim)
    weights = (nu + dim) / (nu + model.squared_radii(sample))
    gaussian = model.scatter.log_ratio_nats(sample) - model.scatter.information_nats
    slope = radius_information_nats(nu * (1.0 + _STEP), x_dim, y_dim)
    slope = (slope - radius_information_nats(nu * (1.0 - _STEP), x_dim, y_dim)) / (2 * _STEP * nu)
    score = _score_of_dof(model, sample)
    influence = inflation * weights * gaussian + slope * score / np.square(score).mean()
    variance = float(np.var(influence)) / (degrees - dim)
    variance += inflation**2 * null_variance(x_dim, y_dim, degrees)
    bias = inflation * information_bias_nats(x_dim, y_dim, degrees)
    value = nats_to_bits(model.information_nats - bias)
    return value, nats_to_bits(float(np.sqrt(variance))), nats_to_bits(bias)


def _score_of_dof(model: StudentModel, sample: PairedSample) -> Vector:
    """Return nu's score less the part that the score of the scale explains."""
    dim, nu = sum(model.dims), model.dof
    joint = model.squared_radii(sample)
    step = _STEP * nu
    heights = [log_radial_density(joint, dim, nu + shift) for shift in (-step, step)]
    score = (heights[1] - heights[0]) / (2.0 * step)
    scale_score = 0.5 * ((nu + dim) / (nu + joint) * joint - dim)
    explained = (score @ scale_score) / (scale_score @ scale_score)
    efficient = score - scale_score * explained
    return np.asarray(efficient - efficient.mean())
