"""The radius bounds of the theory: scalars in, scalars out.

In rising strength R1 (Fano at finite outage), R3 (perception) and R4 (meta-converse); R2 (small
ball) needs no output law; (18) is the paper's bound for vanishing outage.
"""

from jscgc_theory.bounds.ceilings import awgn_capacity_bits as awgn_capacity_bits
from jscgc_theory.bounds.ceilings import gaussian_logdet_bits as gaussian_logdet_bits
from jscgc_theory.bounds.ceilings import gaussian_logdet_real_bits as gaussian_logdet_real_bits
from jscgc_theory.bounds.ceilings import rayleigh_capacity_bits as rayleigh_capacity_bits
from jscgc_theory.bounds.delta_star import delta_star_bound as delta_star_bound
from jscgc_theory.bounds.delta_star import log2_delta_star_bound as log2_delta_star_bound
from jscgc_theory.bounds.delta_star import log2_most_cells as log2_most_cells
from jscgc_theory.bounds.delta_star import mi_bits_needed as mi_bits_needed
from jscgc_theory.bounds.delta_star import most_cells as most_cells
from jscgc_theory.bounds.divergence import binary_divergence_bits as binary_divergence_bits
from jscgc_theory.bounds.divergence import binary_entropy_bits as binary_entropy_bits
from jscgc_theory.bounds.divergence import log2_least_coincidence as log2_least_coincidence
from jscgc_theory.bounds.fano import fano_outage_floor as fano_outage_floor
from jscgc_theory.bounds.fano import finite_outage_fano_bound as finite_outage_fano_bound
from jscgc_theory.bounds.fano import (
    finite_outage_log2_probability as finite_outage_log2_probability,
)
from jscgc_theory.bounds.fano import outage_floor as outage_floor
from jscgc_theory.bounds.fano import relaxed_outage_floor as relaxed_outage_floor
from jscgc_theory.bounds.meta_converse import meta_converse_bound as meta_converse_bound
from jscgc_theory.bounds.meta_converse import meta_converse_log2_beta as meta_converse_log2_beta
from jscgc_theory.bounds.meta_converse import neyman_pearson_log2_beta as neyman_pearson_log2_beta
from jscgc_theory.bounds.perception import perception_bound as perception_bound
from jscgc_theory.bounds.posterior_sampling import best_radius_floor as best_radius_floor
from jscgc_theory.bounds.posterior_sampling import mean_square_floor as mean_square_floor
from jscgc_theory.bounds.posterior_sampling import (
    posterior_sampling_mean_square as posterior_sampling_mean_square,
)
from jscgc_theory.bounds.posterior_sampling import sampler_outage as sampler_outage
from jscgc_theory.bounds.posterior_sampling import sampler_radius_ceiling as sampler_radius_ceiling
from jscgc_theory.bounds.power_law import log2_power_law_radius as log2_power_law_radius
from jscgc_theory.bounds.power_law import power_law_radius as power_law_radius
from jscgc_theory.bounds.radius_inverse import RadiusAtLog2Probability as RadiusAtLog2Probability
from jscgc_theory.bounds.sensitivity import Sensitivities as Sensitivities
from jscgc_theory.bounds.sensitivity import delta_star_sensitivities as delta_star_sensitivities
from jscgc_theory.bounds.sensitivity import log_radius_standard_error as log_radius_standard_error
from jscgc_theory.bounds.sensitivity import power_law_sensitivities as power_law_sensitivities
from jscgc_theory.bounds.small_ball import small_ball_bound as small_ball_bound
from jscgc_theory.bounds.vacuity import octaves_beyond_sample as octaves_beyond_sample
from jscgc_theory.bounds.vacuity import resolvable_mi_bits as resolvable_mi_bits
from jscgc_theory.bounds.vacuity import vacuity as vacuity
