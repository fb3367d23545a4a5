"""Mutual information through an explicit model of the joint law."""

from jscgc_theory.mutual_information.parametric.gaussian import GaussianMI as GaussianMI
from jscgc_theory.mutual_information.parametric.gaussian_copula import (
    GaussianCopulaMI as GaussianCopulaMI,
)
from jscgc_theory.mutual_information.parametric.student import StudentMI as StudentMI
