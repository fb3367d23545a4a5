"""Mutual information of a few functions of X and Y that carry their dependence."""

from jscgc_theory.mutual_information.latent.latent_mi import LatentMI as LatentMI
