"""The inconsistency of a system as measured: distances, radius at an outage, outage curve."""

from jscgc_theory.inconsistency.distances import pair_distances as pair_distances
from jscgc_theory.inconsistency.outage import OutageCurve as OutageCurve
from jscgc_theory.inconsistency.outage import outage_curve as outage_curve
from jscgc_theory.inconsistency.radius import empirical_radius as empirical_radius
