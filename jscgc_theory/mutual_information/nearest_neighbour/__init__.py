"""Mutual information from nearest neighbours: Kraskov, Stoegbauer and Grassberger's estimator."""

from jscgc_theory.mutual_information.nearest_neighbour.ksg import KSG as KSG
