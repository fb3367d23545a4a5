"""Exact nearest neighbours and close pairs: the passes over a cloud that all estimates share."""

from jscgc_theory.neighbours.centring import centred_matrix as centred_matrix
from jscgc_theory.neighbours.duplicates import distinct_rows as distinct_rows
from jscgc_theory.neighbours.duplicates import duplicates_notice as duplicates_notice
from jscgc_theory.neighbours.duplicates import settle_duplicates as settle_duplicates
from jscgc_theory.neighbours.neighbour_table import Neighbours as Neighbours
from jscgc_theory.neighbours.neighbour_table import nearest_neighbours as nearest_neighbours
from jscgc_theory.neighbours.neighbour_table import (
    neighbours_from_distances as neighbours_from_distances,
)
from jscgc_theory.neighbours.pair_histogram import PairHistogram as PairHistogram
from jscgc_theory.neighbours.pair_scan import PairScan as PairScan
from jscgc_theory.neighbours.pair_scan import cross_scan as cross_scan
from jscgc_theory.neighbours.pair_scan import pair_scan as pair_scan
from jscgc_theory.neighbours.resolution import (
    coarse_resolution_notice as coarse_resolution_notice,
)
from jscgc_theory.neighbours.threads import in_threads as in_threads
