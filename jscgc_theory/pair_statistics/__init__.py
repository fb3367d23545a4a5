"""Laws of distances at small scale, and the variance of statistics that share points."""

from jscgc_theory.pair_statistics.dyadic_variance import EdgeStatistic as EdgeStatistic
from jscgc_theory.pair_statistics.dyadic_variance import dyadic_covariance as dyadic_covariance
from jscgc_theory.pair_statistics.neighbourhood_variance import (
    neighbourhood_variance as neighbourhood_variance,
)
from jscgc_theory.pair_statistics.radial_law import RadialLaw as RadialLaw
from jscgc_theory.pair_statistics.radial_law import curvature_given_dim as curvature_given_dim
from jscgc_theory.pair_statistics.radial_law import fit_radial_law as fit_radial_law
from jscgc_theory.pair_statistics.takens import takens_dimension as takens_dimension
