"""Trained functions of X and Y that are as correlated as can be, and the information in them."""

from jscgc_theory.mutual_information.deep_correlation.deep_cca import DeepCCA as DeepCCA
