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
        x_dim, y_dim = model.dims
        # Of the scatter's shape, relative to a sample covariance of a Gaussian (Tyler 1982).
        inflation = 1.0 + 2.0 / (model.dof + x_dim + y_dim)
        degrees = sample.n_pairs - 1
        bias = inflation * information_bias_nats(x_dim, y_dim, degrees)
        first_order = float(np.var(_influence(model, sample))) / (degrees - x_dim - y_dim)
        variance = first_order + inflation**2 * null_variance(x_dim, y_dim, degrees)
        value = nats_to_bits(model.information_nats - bias)
        misfit = misfit_bits(model.residuals(sample), value)
        return bits_estimate(
            value,
            standard_error=nats_to_bits(float(np.sqrt(variance))),
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
            bias_removed_bits=nats_to_bits(bias),
        )


def _influence(model: StudentModel, sample: PairedSample) -> Vector:
    """Return the influence of each pair on I: through the scatter's shape and through nu.

    The shape is orthogonal to scale and nu for elliptical laws; nu's efficient score is its
    score less the part explained by the score of the scale.
    """
    x_dim, y_dim = model.dims
    dim, nu = x_dim + y_dim, model.dof
    joint = model.squared_radii(sample)
    weights = (nu + dim) / (nu + joint)
    gaussian = model.scatter.log_ratio_nats(sample) - model.scatter.information_nats
    through_shape = (1.0 + 2.0 / (nu + dim)) * weights * gaussian
    step = _STEP * nu
    heights = [log_radial_density(joint, dim, nu + shift) for shift in (-step, step)]
    score = (heights[1] - heights[0]) / (2.0 * step)
    scale_score = 0.5 * (weights * joint - dim)
    score = score - scale_score * (score @ scale_score) / (scale_score @ scale_score)
    score = score - score.mean()
    slope = radius_information_nats(nu + step, x_dim, y_dim)
    slope = (slope - radius_information_nats(nu - step, x_dim, y_dim)) / (2.0 * step)
    return np.asarray(through_shape + slope * score / np.square(score).mean())
