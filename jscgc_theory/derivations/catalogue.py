"""Everything derived here by name: the paper's equations by number, and the proofs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import sympy as sp

from jscgc_theory.derivations import (
    bandwidth_ratio,
    binary_divergence,
    diffusion_divergence,
    evidence_bound,
    fano,
    finite_outage_fano,
    flow_divergence,
    forward_diffusion,
    gaussian_path,
    gaussian_posterior,
    gibbs_inequality,
    loss_gradient,
    manifold_covering,
    meta_converse,
    outage,
    posterior_sampling,
    radius_bound,
    sampling_flow,
    straight_path,
    transport_bound,
    velocity_information,
    velocity_loss,
)
from jscgc_theory.derivations.step import Proof

_EQUATIONS: dict[int, Callable[[], sp.Basic]] = {
    3: velocity_loss.velocity_loss,
    4: evidence_bound.evidence_bound,
    5: straight_path.previous_point,
    6: gaussian_posterior.smoothed_posterior,
    7: gaussian_posterior.divergence_of_posteriors,
    8: straight_path.posterior_mean,
    9: velocity_loss.learned_posterior_mean,
    10: velocity_loss.velocity_loss,
    11: loss_gradient.encoder_gradient,
    12: sampling_flow.flow,
    13: sampling_flow.data_from_flow,
    14: sampling_flow.sampler,
    15: manifold_covering.lemma_1,
    16: outage.outage_probability,
    17: outage.least_radius_of_vanishing_outage,
    18: radius_bound.theorem_1,
    19: fano.fano_inequality,
    20: fano.relaxed_fano,
    21: radius_bound.most_cells,
    22: radius_bound.least_radius,
}

_FURTHER_STATEMENTS: dict[str, Callable[[], sp.Basic]] = {
    "R1": finite_outage_fano.finite_outage_fano,
    "R2": binary_divergence.small_ball_converse,
    "R3": binary_divergence.perception_converse,
    "R4": meta_converse.meta_converse,
    "R5, mean square": posterior_sampling.sampler_mean_square,
    "R5, radius": posterior_sampling.sampler_radius,
    "Proposition 2": gaussian_path.best_velocity,
    "Proposition 3": diffusion_divergence.diffusion_bound,
    "Proposition 4": flow_divergence.flow_bound,
    "Proposition 5": transport_bound.transport_bound,
}

_PROOFS: dict[str, Callable[[], Proof]] = {
    "Gibbs' inequality": gibbs_inequality.proof_of_gibbs_inequality,
    "log-sum inequality": gibbs_inequality.proof_of_log_sum_inequality,
    "(3), (9), (10) velocity loss": velocity_loss.proof_of_velocity_loss,
    "(3) best field": velocity_loss.proof_of_best_field,
    "(4) evidence bound": evidence_bound.proof_of_evidence_bound,
    "(5) previous point": straight_path.proof_of_previous_point,
    "(7) divergence of posteriors": gaussian_posterior.proof_of_divergence,
    "(6) in the journal": gaussian_posterior.proof_of_markov_variance,
    "(8) posterior mean": straight_path.proof_of_posterior_mean,
    "(11) gradient": loss_gradient.proof_of_encoder_gradient,
    "(12), (13) flow": sampling_flow.proof_of_flow,
    "(14) Euler's steps": sampling_flow.proof_of_euler_steps,
    "(15) Lemma 1": manifold_covering.proof_of_lemma_1,
    "(18), (21), (22) Theorem 1": radius_bound.proof_of_theorem_1,
    "(19) Fano": fano.proof_of_fano,
    "(19) as a divergence": fano.proof_of_divergence_form,
    "(20) relaxed Fano": fano.proof_of_relaxation,
    "R1 finite-outage Fano": finite_outage_fano.proof_of_finite_outage_fano,
    "R1 in the limit": finite_outage_fano.proof_of_limits,
    "R2, R3 binary divergence": binary_divergence.proof_of_binary_converse,
    "R3 above R1": binary_divergence.proof_of_strength_over_fano,
    "R4 meta-converse": meta_converse.proof_of_neyman_pearson,
    "R4 attained": meta_converse.proof_of_attainment,
    "R4 above R3": meta_converse.proof_of_strength,
    "R5 mean square": posterior_sampling.proof_of_mean_square,
    "R5 radius": posterior_sampling.proof_of_radius,
    "R5 radius on a Gaussian plane": posterior_sampling.proof_of_radius_on_gaussian_plane,
    "R5 Shannon's lower bound": posterior_sampling.proof_of_mean_square_floor,
    "Proposition 2": gaussian_path.proof_of_best_velocity,
    "Proposition 2 on Gaussian data": gaussian_path.proof_of_gaussian_field,
    "(14) on Gaussian data": gaussian_path.proof_of_gaussian_flow,
    "forward and reversed diffusion": forward_diffusion.proof_of_diffusion,
    "Proposition 3 on Gaussian data": diffusion_divergence.proof_of_diffusion_bound,
    "Proposition 4 on Gaussian data": flow_divergence.proof_of_flow_bound,
    "Proposition 4 with a biased field": flow_divergence.proof_of_biased_field,
    "Proposition 5": transport_bound.proof_of_transport_bound,
    "Proposition 5 on Gaussian data": transport_bound.proof_of_gaussian_transport,
    "Proposition 5 with a biased field": transport_bound.proof_of_biased_transport,
    "Proposition 5's bound with a biased field": transport_bound.proof_of_biased_bound,
    "information from losses": velocity_information.proof_of_loss_gap,
    "information from fields": velocity_information.proof_of_velocity_gap,
    "dimension and entropy from losses": velocity_information.proof_of_dimension_and_entropy,
}

_ERRATA: dict[str, Callable[[], Proof]] = {
    "(6): smoothing is not free": gaussian_posterior.erratum_of_smoothing,
    "(8): the velocity": straight_path.erratum_of_velocity,
    "(15): the limit is not the power law": manifold_covering.erratum_of_power_law,
    "Lemma 1: no cover by disjoint balls": manifold_covering.erratum_of_disjoint_cover,
    "(17): a limit of what": outage.erratum_of_definition_3,
    "(16), (19): two events": outage.erratum_of_cell_error,
    "(18): vanishing outage only": outage.erratum_of_finite_outage,
    "(18): loose by 2^(1/d)": radius_bound.erratum_of_looseness,
    "(19), (20): uniform source only": fano.erratum_of_uniform_source,
    "Corollary 1: a lower bound": radius_bound.erratum_of_corollary_1,
    "CBR: l/(3HW)": bandwidth_ratio.erratum_of_bandwidth_ratio,
}


def equations() -> Mapping[int, Callable[[], sp.Basic]]:
    """Return the equations of the JSCGC paper by number; each function returns a relation.

    >>> equations()[21]()
    K <= 2**(I + 1)
    """
    return MappingProxyType(_EQUATIONS)


def further_statements() -> Mapping[str, Callable[[], sp.Basic]]:
    """Return R1 to R5 and the journal's Propositions 2 to 5 as relations.

    >>> sorted(further_statements())[0]
    'Proposition 2'
    """
    return MappingProxyType(_FURTHER_STATEMENTS)


def proofs() -> Mapping[str, Callable[[], Proof]]:
    """Return the derivations by what they prove.

    >>> all(step.holds() for step in proofs()["(18), (21), (22) Theorem 1"]())
    True
    """
    return MappingProxyType(_PROOFS)


def errata() -> Mapping[str, Callable[[], Proof]]:
    """Return the proofs that something must be read otherwise than printed.

    >>> all(step.holds() for step in errata()["(8): the velocity"]())
    True
    """
    return MappingProxyType(_ERRATA)
