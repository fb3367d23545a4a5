"""I, its density, d, h_d and C from one velocity field; the fields are any callables."""

from jscgc_theory.mutual_information.velocity.estimated_meta_converse import (
    estimated_meta_converse as estimated_meta_converse,
)
from jscgc_theory.mutual_information.velocity.field import VelocityField as VelocityField
from jscgc_theory.mutual_information.velocity.from_arrays import (
    velocity_gap_from_arrays as velocity_gap_from_arrays,
)
from jscgc_theory.mutual_information.velocity.information_densities import (
    InformationDensities as InformationDensities,
)
from jscgc_theory.mutual_information.velocity.information_densities import (
    information_densities as information_densities,
)
from jscgc_theory.mutual_information.velocity.likelihood_weighting import (
    WeightedTimes as WeightedTimes,
)
from jscgc_theory.mutual_information.velocity.likelihood_weighting import (
    draw_likelihood_times as draw_likelihood_times,
)
from jscgc_theory.mutual_information.velocity.likelihood_weighting import (
    likelihood_weight as likelihood_weight,
)
from jscgc_theory.mutual_information.velocity.likelihood_weighting import (
    likelihood_weight_per_log_odds as likelihood_weight_per_log_odds,
)
from jscgc_theory.mutual_information.velocity.manifold_law import ManifoldLaw as ManifoldLaw
from jscgc_theory.mutual_information.velocity.manifold_law import manifold_law as manifold_law
from jscgc_theory.mutual_information.velocity.torch_field import (
    torch_velocity_field as torch_velocity_field,
)
from jscgc_theory.mutual_information.velocity.velocity_gap import velocity_gap as velocity_gap
from jscgc_theory.mutual_information.velocity.velocity_information import (
    IntegrandCurve as IntegrandCurve,
)
from jscgc_theory.mutual_information.velocity.velocity_information import (
    VelocityInformation as VelocityInformation,
)
