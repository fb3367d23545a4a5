"""Covering, packing and coincidence: how many balls of a radius a data set holds."""

from jscgc_theory.covering_numbers.certificate import CoveringCertificate as CoveringCertificate
from jscgc_theory.covering_numbers.certificate import (
    covering_certificates as covering_certificates,
)
from jscgc_theory.covering_numbers.coincidence import CoincidenceLaw as CoincidenceLaw
from jscgc_theory.covering_numbers.coincidence_fit import fit_coincidence as fit_coincidence
from jscgc_theory.covering_numbers.greedy_net import GreedyNet as GreedyNet
from jscgc_theory.covering_numbers.greedy_net import greedy_net as greedy_net
from jscgc_theory.covering_numbers.power_law import PowerLaw as PowerLaw
from jscgc_theory.covering_numbers.small_ball import SmallBall as SmallBall
from jscgc_theory.covering_numbers.small_ball import fit_small_ball as fit_small_ball
