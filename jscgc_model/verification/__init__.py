"""A trained system held against the theory: draws, information, radii, bounds."""

from jscgc_model.verification.factor_recovery import FactorRecovery as FactorRecovery
from jscgc_model.verification.factor_recovery import recover_factors as recover_factors
from jscgc_model.verification.snr_sweep import SystemSweep as SystemSweep
from jscgc_model.verification.snr_sweep import sweep as sweep
from jscgc_model.verification.system_information import SystemInformation as SystemInformation
from jscgc_model.verification.system_information import system_field as system_field
from jscgc_model.verification.system_information import system_information as system_information
