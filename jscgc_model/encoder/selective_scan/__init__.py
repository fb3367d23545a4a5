"""Selective scans: one definition, several ways to compute it, one entry for each decay."""

from jscgc_model.encoder.selective_scan.dispatch import s6_scan as s6_scan
from jscgc_model.encoder.selective_scan.dispatch import ssd_scan as ssd_scan
