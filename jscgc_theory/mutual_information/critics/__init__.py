"""Variational values of I from neural critics, trained in torch."""

from jscgc_theory.mutual_information.critics.donsker_varadhan import (
    DonskerVaradhan as DonskerVaradhan,
)
from jscgc_theory.mutual_information.critics.info_nce import InfoNCE as InfoNCE
from jscgc_theory.mutual_information.critics.nwj import NWJ as NWJ
from jscgc_theory.mutual_information.critics.score_bounds import (
    dv_lower_bound_bits as dv_lower_bound_bits,
)
from jscgc_theory.mutual_information.critics.smile import SMILE as SMILE
