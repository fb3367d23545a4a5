"""Mutual information through an explicit model of the joint law."""

from jscgc_theory.mutual_information.parametric.gaussian import GaussianMI as GaussianMI
from jscgc_theory.mutual_information.parametric.gaussian_copula import (
    GaussianCopulaMI as GaussianCopulaMI,
)
from jscgc_theory.mutual_information.parametric.held_out_bound import cross_check as cross_check
from jscgc_theory.mutual_information.parametric.held_out_bound import (
    cross_fitted_lower_bound as cross_fitted_lower_bound,
)
from jscgc_theory.mutual_information.parametric.held_out_bound import (
    held_out_lower_bound as held_out_lower_bound,
)
from jscgc_theory.mutual_information.parametric.mixture import MixtureMI as MixtureMI
from jscgc_theory.mutual_information.parametric.model import JointModel as JointModel
from jscgc_theory.mutual_information.parametric.model import ParametricMI as ParametricMI
from jscgc_theory.mutual_information.parametric.student import StudentMI as StudentMI
from jscgc_theory.mutual_information.parametric.student_copula import (
    StudentCopulaMI as StudentCopulaMI,
)
